/** How well two maps agree; `first` is the input (a point's surroundings), `second` the map in siibra's compare_maps. */
export interface MapScores {
  intersectionOverUnion: number
  intersectionOverFirst: number
  intersectionOverSecond: number
  /** Pearson's r. */
  correlation: number
  weightedMeanOfFirst: number
  weightedMeanOfSecond: number
}

/** Sums over the voxels that are above 0 in at least one of two images, from which all scores follow. */
export interface MapSums {
  /** Voxels above 0 in both, in either one, in the first, in the second. */
  both: number
  either: number
  first: number
  second: number
  sumFirst: number
  sumSecond: number
  sumSquaresFirst: number
  sumSquaresSecond: number
  sumProducts: number
}

/**
 * siibra's compare_maps: means are taken over all voxels of each image (`sizeFirst`, `sizeSecond`), the sums of the
 * correlation only over the voxels of the union. Undefined where nothing is shared.
 */
export function scoreMaps(sums: MapSums, sizeFirst: number, sizeSecond: number): MapScores | undefined {
  if (sums.both === 0) return undefined
  const n = sums.either
  const [meanFirst, meanSecond] = [sums.sumFirst / sizeFirst, sums.sumSecond / sizeSecond]
  const varianceFirst = sums.sumSquaresFirst - 2 * meanFirst * sums.sumFirst + n * meanFirst * meanFirst
  const varianceSecond = sums.sumSquaresSecond - 2 * meanSecond * sums.sumSecond + n * meanSecond * meanSecond
  const covariance =
    sums.sumProducts - meanFirst * sums.sumSecond - meanSecond * sums.sumFirst + n * meanFirst * meanSecond
  const norm = Math.sqrt(varianceFirst * varianceSecond)
  return {
    intersectionOverUnion: sums.both / sums.either,
    intersectionOverFirst: sums.both / sums.first,
    intersectionOverSecond: sums.both / sums.second,
    correlation: norm > 0 ? covariance / norm : 0,
    weightedMeanOfFirst: sums.sumProducts / sums.sumSecond,
    weightedMeanOfSecond: sums.sumProducts / sums.sumFirst,
  }
}
