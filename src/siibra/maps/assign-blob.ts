import type { Triple } from '../volumes/affine.ts'
import type { Affine, Image } from '../volumes/image.ts'
import { type MapScores, type MapSums, scoreMaps } from './compare.ts'
import { type Blob, type GaussianKernel, placeKernel } from './gaussian.ts'
import { gridOf } from './grid.ts'
import type { LabelImage } from './label-image.ts'
import { firstRunAfter } from './label-runs.ts'

/** A Gaussian around a voxel of some grid. */
export interface PlacedKernel {
  kernel: GaussianKernel
  home: Affine
  centreVox: Triple
}

export interface BlobScores extends MapScores {
  mapValue: number | null
}

/**
 * The cube of a Gaussian against each label of a map. Only where the Gaussian is above 0 counts here, not how much (siibra
 * passes the mask of the component on, not its weights), so everything follows from numbers of voxels.
 */
export function assignBlobToLabels(image: LabelImage, at: PlacedKernel, labels: ReadonlySet<number>): BlobScores[] {
  const blob = placeKernel(at.kernel, at.home, at.centreVox, image)
  if (!blob) return []
  const shared = countShared(blob, image)
  const first = blob.weights.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0)
  const size = image.shape.reduce((product, length) => product * length, 1)
  return [...labels].flatMap((label) => {
    const sums = ofMasks(shared.get(label) ?? 0, first, image.runs.sizeVox.get(label) ?? 0)
    const scores = scoreMaps(sums, size, size)
    return scores ? [{ ...scores, mapValue: label }] : []
  })
}

/** How many voxels of each label lie where the blob is above 0: row by row, by the runs of each. */
function countShared({ lowVox, sizeVox, weights }: Blob, { runs, shape }: LabelImage): Map<number, number> {
  const shared = new Map<number, number>()
  const [nx, ny] = [shape[0]!, shape[1]!]
  for (let k = 0, row = 0; k < sizeVox[2]; k++) {
    for (let j = 0; j < sizeVox[1]; j++, row += sizeVox[0]) {
      const begin = ((lowVox[2] + k) * ny + lowVox[1] + j) * nx + lowVox[0]
      const end = begin + sizeVox[0]
      for (let run = firstRunAfter(runs, begin); run < runs.startVox.length && runs.startVox[run]! < end; run++) {
        const from = Math.max(runs.startVox[run]!, begin)
        const to = Math.min(runs.startVox[run]! + runs.lengthVox[run]!, end)
        let count = 0
        for (let at = from; at < to; at++) if (weights[row + at - begin]! > 0) count++
        const label = runs.label[run]!
        shared.set(label, (shared.get(label) ?? 0) + count)
      }
    }
  }
  return shared
}

function ofMasks(both: number, first: number, second: number): MapSums {
  return {
    both,
    either: first + second - both,
    first,
    second,
    sumFirst: first,
    sumSecond: second,
    sumSquaresFirst: first,
    sumSquaresSecond: second,
    sumProducts: both,
  }
}

/** The cube of a Gaussian against a map of values (one region). */
export function assignBlobToValues(image: Image, at: PlacedKernel): BlobScores[] {
  const blob = placeKernel(at.kernel, at.home, at.centreVox, gridOf(image))
  if (!blob) return []
  const whole = sumPositive(image)
  const sums = ofMasks(0, 0, 0)
  sums.second = whole.count
  sums.sumSecond = whole.sum
  sums.sumSquaresSecond = whole.sumSquares
  visit(blob, image, (value, weight) => {
    if (weight <= 0) return
    sums.first++
    sums.sumProducts += value
    if (value > 0) sums.both++
    else {
      // Not among the positive ones, but in the union, since the cube is here.
      sums.sumSecond += value
      sums.sumSquaresSecond += value * value
    }
  })
  sums.sumFirst = sums.first
  sums.sumSquaresFirst = sums.first
  sums.either = sums.first + sums.second - sums.both
  const scores = scoreMaps(sums, image.data.length, image.data.length)
  return scores ? [{ ...scores, mapValue: null }] : []
}

const positive = new WeakMap<Image['data'], { count: number; sum: number; sumSquares: number }>()

function sumPositive({ data }: Image) {
  const known = positive.get(data)
  if (known) return known
  const sums = { count: 0, sum: 0, sumSquares: 0 }
  for (let at = 0; at < data.length; at++) {
    const value = data[at]!
    if (!(value > 0)) continue
    sums.count++
    sums.sum += value
    sums.sumSquares += value * value
  }
  positive.set(data, sums)
  return sums
}

/** Calls `see` with the value of each voxel of the box and the weight there. */
function visit(
  { lowVox, sizeVox, weights }: Blob,
  { data, shape }: Image,
  see: (value: number, weight: number) => void,
) {
  const [nx, ny] = [shape[0]!, shape[1]!]
  for (let k = 0, n = 0; k < sizeVox[2]; k++) {
    for (let j = 0; j < sizeVox[1]; j++) {
      const row = ((lowVox[2] + k) * ny + lowVox[1] + j) * nx + lowVox[0]
      for (let i = 0; i < sizeVox[0]; i++) see(data[row + i]!, weights[n++]!)
    }
  }
}
