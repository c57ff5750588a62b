import { firstRunAfter } from '../../maps/labels/label-runs.ts'
import { applyAffine } from '../../volumes/affine.ts'
import type { PointMm } from '../location.ts'
import type { RegionVoxels } from './region-voxels.ts'

/** The inverse of an affine rounds; voxels this far outside are looked at, too. */
const MARGIN_VOX = 1e-3

/**
 * Whether the centre of a voxel of a mask lies in a box (its sides included). Only rows of voxels that the box can reach are looked at, by
 * the runs of the mask: nothing is made of its voxels, of which a brain at 25 um has 20 million.
 */
export function hasCentreWithin(voxels: RegionVoxels, lowMm: PointMm, highMm: PointMm): boolean {
  const { runs, shape, voxelToWorldMm } = voxels
  const [nx, ny] = shape
  const range = voxelRange(voxels, lowMm, highMm)
  if (!range) return false
  const [[i0, i1], [j0, j1], [k0, k1]] = range
  const isWithin = (i: number, j: number, k: number) => {
    const [x, y, z] = applyAffine(voxelToWorldMm, [i, j, k])
    const [[x0, y0, z0], [x1, y1, z1]] = [lowMm, highMm]
    return x >= x0 && x <= x1 && y >= y0 && y <= y1 && z >= z0 && z <= z1
  }
  for (let run = firstRunAfter(runs, (k0 * ny + j0) * nx + i0); run < runs.startVox.length; ) {
    const start = runs.startVox[run]!
    const row = Math.floor(start / nx)
    const k = Math.floor(row / ny)
    const j = row - k * ny
    if (k > k1) return false
    if (j < j0) run = firstRunAfter(runs, (k * ny + j0) * nx)
    else if (j > j1) run = firstRunAfter(runs, ((k + 1) * ny + j0) * nx)
    else {
      const first = start - row * nx
      const last = Math.min(i1, first + runs.lengthVox[run]! - 1)
      for (let i = Math.max(i0, first); i <= last; i++) if (isWithin(i, j, k)) return true
      run++
    }
  }
  return false
}

type Range = [first: number, last: number]

/** Voxels that a box can reach along i, j, k; undefined where there are none. */
function voxelRange({ shape, worldToVoxel }: RegionVoxels, lowMm: PointMm, highMm: PointMm) {
  const corners = Array.from({ length: 8 }, (_, corner) =>
    applyAffine(worldToVoxel, [
      (corner & 1 ? highMm : lowMm)[0],
      (corner & 2 ? highMm : lowMm)[1],
      (corner & 4 ? highMm : lowMm)[2],
    ]),
  )
  const ranges = [0, 1, 2].map((axis): Range => {
    const along = corners.map((corner) => corner[axis]!)
    const first = Math.ceil(Math.min(...along) - MARGIN_VOX)
    const last = Math.floor(Math.max(...along) + MARGIN_VOX)
    return [Math.max(0, first), Math.min(shape[axis]! - 1, last)]
  })
  return ranges.every(([first, last]) => first <= last) ? (ranges as [Range, Range, Range]) : undefined
}
