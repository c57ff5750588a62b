import { foldCase, splitRegionWords } from '../names.ts'
import { createSimilarity, nearestOf } from './similarity.ts'

/** Something that may have been meant, with the texts by which it is known (name, key, short name ...). */
export interface Candidate {
  name: string
  texts: readonly string[]
}

const MAX_SUGGESTIONS = 3
/** Longer specifications are no misspelt names, and comparing them would cost more than it tells. */
const MAX_SPEC_CHARS = 100
const MIN_SIMILARITY = 0.6

/**
 * Up to three names that may have been meant by a specification that matches none, best first: those that have all of its
 * words once misspelt ones are replaced by the known words most like them, else those that are like it as a whole.
 */
export function suggestNames(candidates: readonly Candidate[], spec: string): string[] {
  const wanted = foldCase(spec).trim()
  if (wanted === '' || spec.length > MAX_SPEC_CHARS) return []
  const known = candidates.map(({ name, texts }) => {
    const folded = texts.map(foldCase)
    return { name, texts: folded, words: new Set(folded.flatMap(splitRegionWords)) }
  })
  const vocabulary = new Set(known.flatMap(({ words }) => [...words]))
  const asked = splitRegionWords(wanted)
  const corrected = asked.flatMap((word) => nearestOf(vocabulary, word) ?? [])
  const isMeant = corrected.length * 2 > asked.length
  const byWords = isMeant ? known.filter(({ words }) => corrected.every((word) => words.has(word))) : []
  const similarity = createSimilarity(wanted)
  const scored = (byWords.length > 0 ? byWords : known).map(({ name, texts }) => {
    return { name, score: Math.max(...texts.map(similarity)) }
  })
  const found = byWords.length > 0 ? scored : scored.filter(({ score }) => score >= MIN_SIMILARITY)
  const names = found.sort((a, b) => b.score - a.score).map(({ name }) => name)
  return [...new Set(names)].slice(0, MAX_SUGGESTIONS)
}

/** ` Did you mean 'a' or 'b'?`, to stand behind a message; empty where there is nothing to suggest. */
export const didYouMean = (names: readonly string[]): string =>
  names.length === 0 ? '' : ` Did you mean ${names.map((name) => `'${name}'`).join(' or ')}?`
