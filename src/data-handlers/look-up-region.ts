import {
  didYouMean,
  lookUpRegion,
  type Match,
  type Parcellation,
  type Region,
  SiibraError,
  suggestRegions,
} from '../siibra/index.ts'

/** The region that a request means; where there is none, the message names those that may have been meant. */
export function lookUpRequestedRegion(parcellation: Parcellation, spec: string): Match<Region> {
  try {
    return lookUpRegion(parcellation, spec)
  } catch (thrown) {
    if (!(thrown instanceof SiibraError) || thrown.code !== 'NOT_FOUND') throw thrown
    const similar = suggestRegions(parcellation, spec).map(({ name }) => name)
    const hint = similar.length > 0 ? `.${didYouMean(similar)}` : ''
    throw new SiibraError(thrown.code, thrown.message + hint, { ...thrown.details, parameter: 'region_id', similar })
  }
}
