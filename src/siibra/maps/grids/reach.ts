/**
 * Which part of each plane of a volume can matter where values near 0 are rounded away: weights are never negative and sum up to 1, so that what is
 * made of such values alone is as near to 0. Of a template that is less than half of all voxels.
 */
import type { Steps } from '../../slices.ts'
import type { AxisTaps } from './taps.ts'

/** First and last (included) sample along i and j that counts; empty where the first is behind the last. */
export interface Extent {
  i: readonly [number, number]
  j: readonly [number, number]
}

/** From (included) and to (excluded). */
export type Stretch = readonly [from: number, end: number]

/**
 * For each plane along k: the extent of the samples that are not nearer to 0 than `least` in it and in those that it is added up with, which
 * are less than `taps` planes apart. What is no number counts.
 */
export function* findExtents(
  samples: ArrayLike<number>,
  [nx, ny, nz]: readonly number[],
  least: number,
  taps: number,
): Steps<Extent[]> {
  const own: Extent[] = []
  for (let k = 0; k < nz!; k++) {
    let [i0, i1, j0, j1] = [nx!, -1, ny!, -1]
    for (let j = 0; j < ny!; j++) {
      const row = (k * ny! + j) * nx!
      let [first, last] = [0, nx! - 1]
      while (first <= last && Math.abs(samples[row + first]!) < least) first++
      if (first > last) continue
      while (Math.abs(samples[row + last]!) < least) last--
      ;[i0, i1] = [Math.min(i0, first), Math.max(i1, last)]
      ;[j0, j1] = [Math.min(j0, j), j]
    }
    own.push({ i: [i0, i1], j: [j0, j1] })
    yield
  }
  return own.map((_, k) => union(own.slice(Math.max(0, k - taps + 1), k + taps)))
}

function union(extents: readonly Extent[]): Extent {
  const along = (axis: 'i' | 'j'): [number, number] => [
    Math.min(...extents.map((extent) => extent[axis][0])),
    Math.max(...extents.map((extent) => extent[axis][1])),
  ]
  return { i: along('i'), j: along('j') }
}

/** The target indices, in one stretch, for which some sample from `first` to `last` (included) counts. */
export function reachedBy({ index, taps }: AxisTaps, [first, last]: readonly [number, number]): Stretch {
  let [from, end] = [Number.POSITIVE_INFINITY, 0]
  for (let at = 0; at < index.length; at++) {
    // of a position outside only the first tap is set
    if (index[at - (at % taps)] === -1 || index[at]! < first || index[at]! > last) continue
    const target = Math.floor(at / taps)
    from = Math.min(from, target)
    end = target + 1
  }
  return [Math.min(from, end), end]
}

/** The samples that targets of a stretch are made of. */
export function samplesOf({ index, taps }: AxisTaps, [from, end]: Stretch): Stretch {
  let [first, last] = [Number.POSITIVE_INFINITY, -1]
  for (let target = from; target < end; target++) {
    if (index[target * taps] === -1) continue
    for (let at = target * taps; at < (target + 1) * taps; at++) {
      first = Math.min(first, index[at]!)
      last = Math.max(last, index[at]!)
    }
  }
  return last < 0 ? [0, 0] : [first, last + 1]
}
