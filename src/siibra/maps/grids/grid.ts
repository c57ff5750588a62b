import { SiibraError } from '../../errors.ts'
import { applyAffine, type Triple, voxelSizesOf } from '../../volumes/affine.ts'
import type { Affine, Image } from '../../volumes/image.ts'

/** A voxel grid: its size along i, j, k and where it lies. */
export interface Grid {
  shape: readonly number[]
  voxelToWorldMm: Affine
}

/** The grid of an image; BAD_DATA where it has no three axes. */
export function gridOf(image: Image): Grid {
  if (image.shape.length < 3)
    throw new SiibraError('BAD_DATA', `An image with ${image.shape.length} axes is no volume.`)
  return { shape: image.shape.slice(0, 3), voxelToWorldMm: image.voxelToWorldMm }
}

/**
 * The voxel that holds a point: the nearest centre, halves upwards. It may lie outside of the grid: siibra cuts the fraction off after
 * adding a half, by which points up to one voxel outside of the low faces would belong to the voxels at the edge.
 */
export function nearestVoxel(worldToVoxel: Affine, pointMm: Triple): [number, number, number] {
  const [i, j, k] = applyAffine(worldToVoxel, pointMm)
  return [Math.floor(i + 0.5), Math.floor(j + 0.5), Math.floor(k + 0.5)]
}

/** The index of a voxel in the data of an image of that shape; -1 where it lies outside. */
export function voxelIndex([i, j, k]: Triple, shape: readonly number[]): number {
  const [nx, ny, nz] = [shape[0]!, shape[1]!, shape[2]!]
  if (!(i >= 0 && j >= 0 && k >= 0 && i < nx && j < ny && k < nz)) return -1
  return (k * ny + j) * nx + i
}

/** The voxel of that index in the data of an image of that shape. */
export function voxelAt(index: number, shape: readonly number[]): [number, number, number] {
  const [nx, ny] = [shape[0]!, shape[1]!]
  const row = Math.floor(index / nx)
  return [index - row * nx, row % ny, Math.floor(row / ny)]
}

/** siibra's volume of a voxel in mm^3: the product of the lengths of its edges. */
export function voxelVolumeMm3(voxelToWorldMm: Affine): number {
  const [i, j, k] = voxelSizesOf(voxelToWorldMm)
  return i * j * k
}

/** siibra's scale from mm to voxels for an uncertainty: the mean length of a voxel's edges in mm. */
export function meanVoxelSizeMm(voxelToWorldMm: Affine): number {
  const [i, j, k] = voxelSizesOf(voxelToWorldMm)
  return (i + j + k) / 3
}

/** Corners of two grids that lie closer than this, in parts of a voxel, are the same: rounding of affines to float32 makes 1e-4 at most. */
const SAME_CORNER_VOX = 1e-3

/** Whether two grids are one: as many voxels, at the same places up to a thousandth of a voxel. */
export const sameGrid = (a: Grid, b: Grid): boolean => describeGridDifference(a, b) === undefined

/** What tells two grids apart, for an error's text; undefined where they are one. */
export function describeGridDifference(a: Grid, b: Grid): string | undefined {
  const [ofA, ofB] = [a.shape.slice(0, 3), b.shape.slice(0, 3)]
  if (ofA.some((size, axis) => size !== ofB[axis])) return `${ofA.join(' x ')} and ${ofB.join(' x ')} voxels`
  const distanceMm = cornerDistanceMm(a, b, ofA)
  const voxelMm = Math.min(...voxelSizesOf(a.voxelToWorldMm))
  if (distanceMm <= SAME_CORNER_VOX * voxelMm) return undefined
  return `corners ${Number(distanceMm.toPrecision(3))} mm apart, with voxels of ${Number(voxelMm.toPrecision(3))} mm`
}

/** The largest distance between corresponding corners. An affine is linear, so that no other voxel is further off. */
function cornerDistanceMm(a: Grid, b: Grid, shape: readonly number[]): number {
  const difference = a.voxelToWorldMm.map((value, at) => value - b.voxelToWorldMm[at]!)
  const [i = 1, j = 1, k = 1] = shape.map((size) => size - 1)
  const corners = [0, i].flatMap((x) => [0, j].flatMap((y) => [0, k].map((z) => applyAffine(difference, [x, y, z]))))
  return Math.max(...corners.map((corner) => Math.hypot(...corner)))
}
