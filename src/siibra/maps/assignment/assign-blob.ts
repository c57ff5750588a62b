import { oncePer } from '../../retrieval/cache/once-per.ts'
import type { Triple } from '../../volumes/affine.ts'
import type { Affine, Image } from '../../volumes/image.ts'
import { gridOf } from '../grids/grid.ts'
import type { LabelImage } from '../labels/label-image.ts'
import { firstRunAfter } from '../labels/label-runs.ts'
import { type MapScores, type MapSums, scoreMaps } from './compare.ts'
import { type Blob, type GaussianKernel, placeKernel, visitRows } from './gaussian.ts'

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
 * passes the mask of the component on, not its weights), so everything follows from numbers of voxels. By ascending label, as there.
 */
export function assignBlobToLabels(image: LabelImage, at: PlacedKernel, labels: ReadonlySet<number>): BlobScores[] {
  const blob = placeKernel(at.kernel, at.home, at.centreVox, image)
  if (!blob) return []
  const { first, shared } = countShared(blob, image)
  const size = image.shape.reduce((product, length) => product * length, 1)
  const ascending = [...labels].sort((a, b) => a - b)
  return ascending.flatMap((label) => {
    const sums = ofMasks(shared.get(label) ?? 0, first, image.runs.sizeVox.get(label) ?? 0)
    const scores = scoreMaps(sums, size, size)
    return scores ? [{ ...scores, mapValue: label }] : []
  })
}

/** How many voxels the blob has, and how many of each label lie there: row by row, by the runs of each. */
function countShared(blob: Blob, { runs, shape }: LabelImage) {
  const shared = new Map<number, number>()
  let first = 0
  visitRows(blob, shape, (begin, weights) => {
    first += countPositive(weights, 0, weights.length)
    const end = begin + weights.length
    for (let run = firstRunAfter(runs, begin); run < runs.startVox.length && runs.startVox[run]! < end; run++) {
      const from = Math.max(runs.startVox[run]!, begin)
      const to = Math.min(runs.startVox[run]! + runs.lengthVox[run]!, end)
      const label = runs.label[run]!
      shared.set(label, (shared.get(label) ?? 0) + countPositive(weights, from - begin, to - begin))
    }
  })
  return { first, shared }
}

function countPositive(weights: Float64Array, from: number, to: number): number {
  let count = 0
  for (let at = from; at < to; at++) if (weights[at]! > 0) count++
  return count
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
  const whole = oncePer(image.data, sumPositive)
  const sums = ofMasks(0, 0, 0)
  sums.second = whole.count
  sums.sumSecond = whole.sum
  sums.sumSquaresSecond = whole.sumSquares
  visitRows(blob, image.shape, (begin, weights) => {
    for (let n = 0; n < weights.length; n++) {
      if (!(weights[n]! > 0)) continue
      const value = image.data[begin + n]!
      sums.first++
      sums.sumProducts += value
      if (value > 0) sums.both++
      else {
        // Not among the positive ones, but in the union, since the cube is here.
        sums.sumSecond += value
        sums.sumSquaresSecond += value * value
      }
    }
  })
  sums.sumFirst = sums.first
  sums.sumSquaresFirst = sums.first
  sums.either = sums.first + sums.second - sums.both
  const scores = scoreMaps(sums, image.data.length, image.data.length)
  return scores ? [{ ...scores, mapValue: null }] : []
}

/** Count, sum and sum of squares of what lies above 0. */
function sumPositive(data: Image['data']) {
  const sums = { count: 0, sum: 0, sumSquares: 0 }
  for (let at = 0; at < data.length; at++) {
    const value = data[at]!
    if (!(value > 0)) continue
    sums.count++
    sums.sum += value
    sums.sumSquares += value * value
  }
  return sums
}
