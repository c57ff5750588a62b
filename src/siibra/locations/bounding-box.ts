import { applyAffine, perAxis, type Triple } from '../volumes/affine.ts'
import type { Affine } from '../volumes/image.ts'

/** An axis-aligned box, mm, RAS. The space that it lies in is the caller's to know. */
export interface BoundingBox {
  minMm: [number, number, number]
  maxMm: [number, number, number]
}

type Corner = [number, number, number]

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

export function unionBoxes(a: BoundingBox, b: BoundingBox): BoundingBox {
  return {
    minMm: perAxis((n) => Math.min(a.minMm[n], b.minMm[n])),
    maxMm: perAxis((n) => Math.max(a.maxMm[n], b.maxMm[n])),
  }
}

/** The box between the two extreme corners after an affine, as siibra does (not around all eight of them). */
export const transformBox = ({ minMm, maxMm }: BoundingBox, affine: Affine): BoundingBox =>
  boxBetween(applyAffine(affine, minMm), applyAffine(affine, maxMm))
