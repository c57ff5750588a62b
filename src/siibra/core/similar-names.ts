import { createSimilarity } from './similarity.ts'

const MAX_SUGGESTIONS = 3
const MIN_SIMILARITY = 0.6
const MAX_SPEC_CHARS = 100

/** Up to three names that are most like what was asked for, in any case: for messages about what was not found. */
export function similarNames(names: Iterable<string>, spec: string): string[] {
  if (spec.length > MAX_SPEC_CHARS) return []
  const similarity = createSimilarity(spec.toLowerCase())
  const scores = new Map<string, number>()
  for (const name of names) {
    // Names of very different length cannot be alike.
    const bound = (2 * Math.min(name.length, spec.length)) / (name.length + spec.length)
    if (bound < MIN_SIMILARITY || scores.has(name)) continue
    const score = similarity(name.toLowerCase())
    if (score >= MIN_SIMILARITY) scores.set(name, score)
  }
  const ordered = [...scores].sort(([, a], [, b]) => b - a)
  return ordered.slice(0, MAX_SUGGESTIONS).map(([name]) => name)
}
