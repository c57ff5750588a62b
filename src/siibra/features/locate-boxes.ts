import { boxAround } from '../locations/bounding-box.ts'
import { applyAffine } from '../volumes/affine.ts'
import type { BoxLocation, PointMm } from './location.ts'
import type { RegionVoxels } from './region-voxels.ts'

type Box = Pick<BoxLocation, 'minMm' | 'maxMm'>

/** The voxels of a mask for comparing boxes with it. */
export interface MaskShape {
  /** Around all voxels, from the first coordinate to one voxel beyond the last. */
  around: Box
  /** x, y, z of the voxel centres, mm. */
  centresMm: Float64Array
  /** Half the size of a voxel along x, y, z, mm. */
  halfVoxelMm: PointMm
}

/** `undefined` where the mask is empty. */
export function createMaskShape({ mask, shape, voxelToWorldMm }: RegionVoxels): MaskShape | undefined {
  const [nx, ny] = shape
  const centres: number[] = []
  const low = [Infinity, Infinity, Infinity]
  const high = [-Infinity, -Infinity, -Infinity]
  for (let at = mask.indexOf(1); at >= 0; at = mask.indexOf(1, at + 1)) {
    const voxel = [at % nx, Math.trunc(at / nx) % ny, Math.trunc(at / (nx * ny))] as const
    centres.push(...applyAffine(voxelToWorldMm, voxel))
    voxel.forEach((value, axis) => {
      if (value < low[axis]!) low[axis] = value
      if (value > high[axis]!) high[axis] = value
    })
  }
  if (centres.length === 0) return undefined
  const corner = (voxel: number[], extra: number) =>
    applyAffine(voxelToWorldMm, [voxel[0]! + extra, voxel[1]! + extra, voxel[2]! + extra])
  const origin = applyAffine(voxelToWorldMm, [0, 0, 0])
  const halfVoxelMm = applyAffine(voxelToWorldMm, [1, 1, 1]).map((value, i) => (value - origin[i]!) / 2)
  return {
    around: boxAround([corner(low, 0), corner(high, 1)])!,
    centresMm: Float64Array.from(centres),
    halfVoxelMm: halfVoxelMm as unknown as PointMm,
  }
}

/** siibra's comparison of corners: beyond along all axes, or the same. */
const isBeyond = (a: PointMm, b: PointMm): boolean =>
  a.every((value, i) => value > b[i]!) || a.every((value, i) => value === b[i]!)

const isWithin = (inner: Box, outer: Box): boolean =>
  isBeyond(inner.minMm, outer.minMm) && isBeyond(outer.maxMm, inner.maxMm)

/** Whether a box lies in the box around a mask, holds it, or touches one of its voxels. */
export function isBoxInMask(box: Box, mask: MaskShape): boolean {
  return isWithin(box, mask.around) || isWithin(mask.around, box) || touchesVoxel(box, mask)
}

function touchesVoxel({ minMm, maxMm }: Box, { centresMm, halfVoxelMm: half }: MaskShape): boolean {
  if (minMm.some((value, i) => value === maxMm[i])) return false
  const [x0, y0, z0] = minMm.map((value, i) => value - half[i]!) as [number, number, number]
  const [x1, y1, z1] = maxMm.map((value, i) => value + half[i]!) as [number, number, number]
  for (let at = 0; at < centresMm.length; at += 3) {
    const x = centresMm[at]!
    const y = centresMm[at + 1]!
    const z = centresMm[at + 2]!
    if (x >= x0 && x <= x1 && y >= y0 && y <= y1 && z >= z0 && z <= z1) return true
  }
  return false
}
