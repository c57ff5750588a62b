import { boxOfImage } from '../locations/bounding-box.ts'
import { applyAffine } from '../volumes/affine.ts'
import type { BoxLocation, PointMm } from './location.ts'
import type { RegionVoxels } from './region-voxels.ts'

type Box = Pick<BoxLocation, 'minMm' | 'maxMm'>

/** siibra's comparison of corners: beyond along all axes, or the same. */
const isBeyond = (a: PointMm, b: PointMm): boolean =>
  a.every((value, i) => value > b[i]!) || a.every((value, i) => value === b[i]!)

const isWithin = (inner: Box, outer: Box): boolean =>
  isBeyond(inner.minMm, outer.minMm) && isBeyond(outer.maxMm, inner.maxMm)

/** Whether a box lies in the box around a mask, holds it, or touches one of its voxels. */
export function isBoxInVoxels(box: Box, voxels: RegionVoxels): boolean {
  const { mask, shape, voxelToWorldMm } = voxels
  const around = boxOfImage({ data: mask, dtype: 'uint8', shape: [...shape], voxelToWorldMm })
  if (!around) return false
  return isWithin(box, around) || isWithin(around, box) || touchesVoxel(box, voxels)
}

function touchesVoxel({ minMm, maxMm }: Box, { mask, shape, voxelToWorldMm }: RegionVoxels): boolean {
  if (minMm.some((value, i) => value === maxMm[i])) return false
  const origin = applyAffine(voxelToWorldMm, [0, 0, 0])
  const half = applyAffine(voxelToWorldMm, [1, 1, 1]).map((value, i) => (value - origin[i]!) / 2)
  const [nx, ny, nz] = shape
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (mask[at] === 0) continue
        const centre = applyAffine(voxelToWorldMm, [i, j, k])
        if (centre.every((value, axis) => value >= minMm[axis]! - half[axis]! && value <= maxMm[axis]! + half[axis]!)) {
          return true
        }
      }
    }
  }
  return false
}
