import { boxAround } from '../../locations/bounding-box.ts'
import { applyAffine, perAxis } from '../../volumes/affine.ts'
import type { BoxLocation, PointMm } from '../location.ts'
import { hasCentreWithin } from './centres-within.ts'
import type { RegionVoxels } from './region-voxels.ts'

type Box = Pick<BoxLocation, 'minMm' | 'maxMm'>

/** The voxels of a mask for comparing boxes with it. */
export interface MaskShape {
  /** Around all voxels, from the first coordinate to one voxel beyond the last. */
  around: Box
  /** Around the centres of all voxels. */
  aroundCentres: Box
  /** Whether the centre of one of its voxels lies between two corners. */
  hasCentreWithin: (lowMm: PointMm, highMm: PointMm) => boolean
  /** Half the size of a voxel along x, y, z, mm. */
  halfVoxelMm: PointMm
}

/** `undefined` where the mask is empty. */
export function createMaskShape(voxels: RegionVoxels): MaskShape | undefined {
  const { runs, voxelToWorldMm } = voxels
  if (runs.startVox.length === 0) return undefined
  const { low, high } = voxelBounds(voxels)
  const at = (x: number, y: number, z: number) => applyAffine(voxelToWorldMm, [x, y, z])
  const origin = at(0, 0, 0)
  const next = at(1, 1, 1)
  const [x0, y0, z0] = low
  const [x1, y1, z1] = high
  const corners = [x0, x1].flatMap((x) => [y0, y1].flatMap((y) => [z0, z1].map((z) => at(x, y, z))))
  return {
    around: boxAround([at(x0, y0, z0), at(x1 + 1, y1 + 1, z1 + 1)])!,
    aroundCentres: boxAround(corners)!,
    hasCentreWithin: (lowMm, highMm) => hasCentreWithin(voxels, lowMm, highMm),
    halfVoxelMm: perAxis((i) => (next[i] - origin[i]) / 2),
  }
}

type Voxel = [number, number, number]

function voxelBounds({ runs, shape: [nx, ny] }: RegionVoxels): { low: Voxel; high: Voxel } {
  const low: Voxel = [Infinity, Infinity, Infinity]
  const high: Voxel = [-Infinity, -Infinity, -Infinity]
  const widen = (voxel: Voxel) => {
    for (const axis of [0, 1, 2] as const) {
      low[axis] = Math.min(low[axis], voxel[axis])
      high[axis] = Math.max(high[axis], voxel[axis])
    }
  }
  for (let run = 0; run < runs.startVox.length; run++) {
    const start = runs.startVox[run]!
    const row = Math.floor(start / nx)
    const k = Math.floor(row / ny)
    const i = start - row * nx
    widen([i, row - k * ny, k])
    widen([i + runs.lengthVox[run]! - 1, row - k * ny, k])
  }
  return { low, high }
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

function touchesVoxel(
  { minMm, maxMm }: Box,
  { aroundCentres, hasCentreWithin, halfVoxelMm: half }: MaskShape,
): boolean {
  if (minMm.some((value, i) => value === maxMm[i])) return false
  const [x0, y0, z0] = minMm.map((value, i) => value - half[i]!) as Voxel
  const [x1, y1, z1] = maxMm.map((value, i) => value + half[i]!) as Voxel
  const { minMm: first, maxMm: last } = aroundCentres
  if (x1 < first[0] || y1 < first[1] || z1 < first[2] || x0 > last[0] || y0 > last[1] || z0 > last[2]) return false
  return hasCentreWithin([x0, y0, z0], [x1, y1, z1])
}
