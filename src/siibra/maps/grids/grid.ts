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
 * The voxel that holds a point: siibra adds a half to the voxel coordinates and cuts the fraction off (towards zero, so that
 * everything between -1.5 and 0.5 is voxel 0).
 */
export function nearestVoxel(worldToVoxel: Affine, pointMm: Triple): [number, number, number] {
  const [i, j, k] = applyAffine(worldToVoxel, pointMm)
  return [Math.trunc(i + 0.5), Math.trunc(j + 0.5), Math.trunc(k + 0.5)]
}

/** The index of a voxel in the data of an image of that shape; -1 where it lies outside. */
export function voxelIndex([i, j, k]: Triple, shape: readonly number[]): number {
  const [nx, ny, nz] = [shape[0]!, shape[1]!, shape[2]!]
  if (!(i >= 0 && j >= 0 && k >= 0 && i < nx && j < ny && k < nz)) return -1
  return (k * ny + j) * nx + i
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

export const affinesEqual = (a: Affine, b: Affine): boolean => a.every((value, index) => value === b[index])

/** numpy's `allclose(a, b)` with its default tolerances. */
export const affinesClose = (a: Affine, b: Affine): boolean =>
  a.every((value, index) => Math.abs(value - b[index]!) <= 1e-8 + 1e-5 * Math.abs(b[index]!))

/** Frobenius norm of the difference. */
export const affineDistance = (a: Affine, b: Affine): number =>
  Math.sqrt(a.reduce((sum, value, index) => sum + (value - b[index]!) ** 2, 0))

export const shapesEqual = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis])
