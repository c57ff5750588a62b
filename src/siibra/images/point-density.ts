import { type Grid, nearestVoxel, voxelIndex } from '../maps/grids/grid.ts'
import type { Slices } from '../slices.ts'
import { applyAffine, invertAffine, perAxis, type Triple, voxelSizesOf } from '../volumes/affine.ts'
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
export async function densityOfPoints(
  pointsMm: readonly Triple[],
  grid: Grid,
  sigmaMm: number,
  slices: Slices,
): Promise<PointDensity> {
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
  const smoothed = await gaussianFilter(counts, shape, [sigmaMm / i, sigmaMm / j, sigmaMm / k], slices)
  return {
    image: { data: Float32Array.from(smoothed), dtype: 'float32', shape, voxelToWorldMm: grid.voxelToWorldMm },
    outside,
  }
}

/**
 * The grid of another one's field of view with voxels of `resolutionMm` along the same axes, from the same corner; it may reach a part of a
 * voxel further.
 */
export function gridOfResolution({ shape, voxelToWorldMm }: Grid, resolutionMm: number): Grid {
  const scales = voxelSizesOf(voxelToWorldMm).map((size) => resolutionMm / size)
  const affine = Float64Array.from(voxelToWorldMm)
  for (let row = 0; row < 3; row++)
    for (let column = 0; column < 3; column++) affine[4 * row + column]! *= scales[column]!
  // the first centre is half a new voxel from the corner, which is half an old one from the old centre
  const first = perAxis((axis) => (scales[axis]! - 1) / 2)
  const [x, y, z] = applyAffine(voxelToWorldMm, first)
  affine[3] = x
  affine[7] = y
  affine[11] = z
  const sizes = scales.map((scale, axis) => Math.max(1, Math.ceil(shape[axis]! / scale - ROUNDING_VOX)))
  return { shape: sizes, voxelToWorldMm: affine }
}

/** What rounding may add to a number of voxels. */
const ROUNDING_VOX = 1e-6
