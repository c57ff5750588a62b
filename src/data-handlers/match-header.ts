import type { Match } from '../siibra/index.ts'

/** Tells clients where an id was guessed from a fuzzy specification. */
export const MATCH_HEADER = 'x-siibra-match'

export function matchHeaders(...matches: readonly (Match<unknown> | undefined)[]): Record<string, string> {
  return matches.some((match) => match && !match.exact) ? { [MATCH_HEADER]: 'loose' } : {}
}
