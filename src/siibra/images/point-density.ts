import { type Grid, nearestVoxel, voxelIndex } from '../maps/grids/grid.ts'
import { invertAffine, type Triple, voxelSizesOf } from '../volumes/affine.ts'
import type { Image } from '../volumes/image.ts'
import { gaussianFilter } from './gaussian-filter.ts'

/** A density image, and how many points it holds. */
export interface PointDensity {
  image: Image
  /** Points that lie outside of the grid, which the image leaves out. */
  outside: number
}

/**
 * How densely points lie: each counts 1 at its nearest voxel, smoothed by a Gaussian (scipy.ndimage.gaussian_filter), so that values are
 * points per voxel. float32, on `grid`.
 * @param pointsMm In the coordinates of the grid.
 * @param sigmaMm Standard deviation of the Gaussian; 0 leaves the counts.
 */
export function densityOfPoints(pointsMm: readonly Triple[], grid: Grid, sigmaMm: number): PointDensity {
  const shape = [...grid.shape.slice(0, 3)]
  const worldToVoxel = invertAffine(grid.voxelToWorldMm)
  const counts = new Float64Array(shape.reduce((product, size) => product * size, 1))
  let outside = 0
  for (const pointMm of pointsMm) {
    const at = voxelIndex(nearestVoxel(worldToVoxel, pointMm), shape)
    if (at < 0) outside++
    else counts[at]!++
  }
  const [i, j, k] = voxelSizesOf(grid.voxelToWorldMm)
  const smoothed = gaussianFilter(counts, shape, [sigmaMm / i, sigmaMm / j, sigmaMm / k])
  return {
    image: { data: Float32Array.from(smoothed), dtype: 'float32', shape, voxelToWorldMm: grid.voxelToWorldMm },
    outside,
  }
}
