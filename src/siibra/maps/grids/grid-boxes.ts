import { applyAffine, invertAffine, multiplyAffines } from '../../volumes/affine.ts'
import type { Affine } from '../../volumes/image.ts'
import type { Grid } from './grid.ts'

/** Smallest and largest coordinates, mm. */
export interface BoxMm {
  minMm: [number, number, number]
  maxMm: [number, number, number]
}

/** The box along the axes of space that holds all voxels of a grid, up to their faces. */
export function boxOfGrid({ shape, voxelToWorldMm }: Grid): BoxMm {
  return boxOfCorners(shape, voxelToWorldMm)
}

/** Whether two grids, which may be turned against each other, may have a place in common: false where some axis of one of them keeps them apart. */
export function doGridsMeet(a: Grid, b: Grid): boolean {
  return reaches(a, b) && reaches(b, a)
}

/** Whether the first grid lies within the faces of the other somewhere, looked at along the other's axes. */
function reaches(grid: Grid, other: Grid): boolean {
  const toOther = multiplyAffines(invertAffine(other.voxelToWorldMm), grid.voxelToWorldMm)
  const { minMm: low, maxMm: high } = boxOfCorners(grid.shape, toOther)
  return [0, 1, 2].every((axis) => high[axis]! > -0.5 && low[axis]! < other.shape[axis]! - 0.5)
}

function boxOfCorners(shape: readonly number[], affine: Affine): BoxMm {
  const minMm: [number, number, number] = [Infinity, Infinity, Infinity]
  const maxMm: [number, number, number] = [-Infinity, -Infinity, -Infinity]
  for (let corner = 0; corner < 8; corner++) {
    const voxel = [0, 1, 2].map((axis) => (corner & (1 << axis) ? shape[axis]! - 0.5 : -0.5)) as [
      number,
      number,
      number,
    ]
    for (const [axis, value] of applyAffine(affine, voxel).entries()) {
      minMm[axis] = Math.min(minMm[axis]!, value)
      maxMm[axis] = Math.max(maxMm[axis]!, value)
    }
  }
  return { minMm, maxMm }
}
