/** A name that fits what was typed, and which of its signs do. */
export interface Hit<T> {
  item: T
  score: number
}

/**
 * How well a name fits: all signs of the query must come in it in their order; signs that begin words or follow each other count more, and short
 * names before long ones. Undefined where it does not fit.
 */
export function fuzzyScore(query: string, name: string): number | undefined {
  const wanted = fold(query).replaceAll(/\s+/g, '')
  const text = fold(name)
  if (wanted === '') return 0
  const whole = text.indexOf(fold(query).trim())
  if (whole >= 0) return 1000 - whole - text.length / 100 + (whole === 0 || !isWord(text[whole - 1]) ? 200 : 0)
  let score = 0
  let from = 0
  let before = -2
  for (const sign of wanted) {
    const at = text.indexOf(sign, from)
    if (at < 0) return undefined
    score += at === before + 1 ? 8 : isWord(text[at - 1]) ? 1 : 6
    before = at
    from = at + 1
  }
  return score - text.length / 100
}

const fold = (text: string) => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
const isWord = (sign: string | undefined) => sign !== undefined && /[\p{L}\p{N}]/u.test(sign)

/** Those of `items` whose name fits, the best first. */
export function fuzzyFind<T>(query: string, items: readonly T[], nameOf: (item: T) => string, limit = 50): Hit<T>[] {
  const hits = items.flatMap((item) => {
    const score = fuzzyScore(query, nameOf(item))
    return score === undefined ? [] : [{ item, score }]
  })
  return hits.sort((a, b) => b.score - a.score).slice(0, limit)
}
