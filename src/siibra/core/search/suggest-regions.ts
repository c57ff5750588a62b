import type { Parcellation, Region } from '../types.ts'
import { regionEntries } from './region-index.ts'
import { findRegions, specWords } from './region-search.ts'
import { nearestOf } from './similarity.ts'

const MAX_SUGGESTIONS = 3
const MAX_SPEC_CHARS = 100

/**
 * Up to three regions that may have been meant by a specification that matches none: those that match when every
 * misspelt word is replaced by the word of the parcellation's regions that is most like it.
 */
export function suggestRegions(parcellation: Parcellation, spec: string): Region[] {
  if (spec.length > MAX_SPEC_CHARS) return []
  const vocabulary = new Set(
    regionEntries(parcellation).flatMap(({ region, words }) => (region.parent ? [...words] : [])),
  )
  const words = specWords(spec).flatMap((word) => nearestOf(vocabulary, word) ?? [])
  if (words.length === 0) return []
  return findRegions(parcellation, words.join(' '))
    .filter((region) => region !== parcellation)
    .slice(0, MAX_SUGGESTIONS)
}
