import { applyAffine, type Triple } from '../volumes/affine.ts'
import type { Affine, Image } from '../volumes/image.ts'

/** An axis-aligned box, mm, RAS. The space that it lies in is the caller's to know. */
export interface BoundingBox {
  minMm: [number, number, number]
  maxMm: [number, number, number]
}

type Corner = [number, number, number]
/** One number for each axis, e.g. a corner or the sizes of a box. */
export const perAxis = (of: (axis: 0 | 1 | 2) => number): Corner => [of(0), of(1), of(2)]

/** The box between two opposite corners, in any order. */
export function boxBetween(a: Triple, b: Triple): BoundingBox {
  return { minMm: perAxis((n) => Math.min(a[n], b[n])), maxMm: perAxis((n) => Math.max(a[n], b[n])) }
}

/** The box around points; undefined where there are none. */
export function boxAround(pointsMm: readonly Triple[]): BoundingBox | undefined {
  if (pointsMm.length === 0) return undefined
  return pointsMm.map((point) => boxBetween(point, point)).reduce(unionBoxes)
}

/** Lengths of its edges. */
export const boxSizeMm = ({ minMm, maxMm }: BoundingBox): Corner => perAxis((n) => maxMm[n] - minMm[n])

export const boxVolumeMm3 = (box: BoundingBox): number => boxSizeMm(box).reduce((product, size) => product * size, 1)

export function unionBoxes(a: BoundingBox, b: BoundingBox): BoundingBox {
  return {
    minMm: perAxis((n) => Math.min(a.minMm[n], b.minMm[n])),
    maxMm: perAxis((n) => Math.max(a.maxMm[n], b.maxMm[n])),
  }
}

/** What two boxes share; undefined where that has no volume. */
export function intersectBoxes(a: BoundingBox, b: BoundingBox): BoundingBox | undefined {
  const shared = {
    minMm: perAxis((n) => Math.max(a.minMm[n], b.minMm[n])),
    maxMm: perAxis((n) => Math.min(a.maxMm[n], b.maxMm[n])),
  }
  return boxSizeMm(shared).every((size) => size > 0) ? shared : undefined
}

/** Whether a point lies in the box or on its surface. */
export const boxContains = ({ minMm, maxMm }: BoundingBox, point: Triple): boolean =>
  point.every((value, n) => value >= minMm[n]! && value <= maxMm[n]!)

/** The box between the two extreme corners after an affine, as siibra does (not around all eight of them). */
export const transformBox = ({ minMm, maxMm }: BoundingBox, affine: Affine): BoundingBox =>
  boxBetween(applyAffine(affine, minMm), applyAffine(affine, maxMm))

/**
 * The box of the voxels above `threshold`, from the lower corner voxel's coordinate to one voxel beyond the upper one, as
 * siibra's BoundingBox.from_image; undefined where there are none.
 */
export function boxOfImage({ data, shape, voxelToWorldMm }: Image, threshold = 0): BoundingBox | undefined {
  const [nx, ny, nz] = [shape[0]!, shape[1]!, shape[2]!]
  const low = [nx, ny, nz]
  const high = [-1, -1, -1]
  for (let k = 0, row = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++, row += nx) {
      let first = 0
      while (first < nx && !(data[row + first]! > threshold)) first++
      if (first === nx) continue
      let last = nx - 1
      while (!(data[row + last]! > threshold)) last--
      if (first < low[0]!) low[0] = first
      if (last > high[0]!) high[0] = last
      if (j < low[1]!) low[1] = j
      if (j > high[1]!) high[1] = j
      if (k < low[2]!) low[2] = k
      high[2] = k
    }
  }
  if (high[0] === -1) return undefined
  const corner = (voxel: number[], extra: number) =>
    applyAffine(voxelToWorldMm, [voxel[0]! + extra, voxel[1]! + extra, voxel[2]! + extra])
  return boxBetween(corner(low, 0), corner(high, 1))
}
