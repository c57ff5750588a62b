/**
 * Likeness of two texts, 0..1, as Python's `difflib.SequenceMatcher(None, a, b).ratio()`: twice the characters in the
 * matching blocks over the sum of the lengths. In `b` of 200 characters or more, those that make up over one percent
 * do not start a block (difflib's `autojunk`).
 */
export function createSimilarity(b: string): (a: string) => number {
  const text = indexText(b)
  return (a) => {
    const aChars = Array.from(a)
    const length = aChars.length + text.chars.length
    return length === 0 ? 1 : (2 * countMatches(aChars, text)) / length
  }
}

/** The second text, with scratch space for the search. */
interface IndexedText {
  chars: string[]
  /** Where each character that may start a block stands, ascending. */
  places: Map<string, number[]>
  /** Length of the block that ends before a place, valid where `rows` has the row before. */
  lengths: Int32Array
  rows: Int32Array
  row: number
}

function indexText(text: string): IndexedText {
  const chars = Array.from(text)
  const places = new Map<string, number[]>()
  chars.forEach((char, j) => {
    const list = places.get(char)
    if (list) list.push(j)
    else places.set(char, [j])
  })
  if (chars.length >= 200) {
    const popularFrom = Math.floor(chars.length / 100) + 1
    for (const [char, list] of places) if (list.length > popularFrom) places.delete(char)
  }
  return { chars, places, lengths: new Int32Array(chars.length + 1), rows: new Int32Array(chars.length + 1), row: 0 }
}

function countMatches(a: string[], text: IndexedText): number {
  let matches = 0
  const parts: Part[] = [[0, a.length, 0, text.chars.length]]
  for (let part = parts.pop(); part; part = parts.pop()) {
    const [aFrom, aTo, bFrom, bTo] = part
    if (aFrom === aTo || bFrom === bTo) continue
    const [i, j, size] = findLongestMatch(a, text, part)
    if (size === 0) continue
    matches += size
    parts.push([aFrom, i, bFrom, j], [i + size, aTo, j + size, bTo])
  }
  return matches
}

type Part = [aFrom: number, aTo: number, bFrom: number, bTo: number]

/** The longest block that both have within the bounds, the earliest in `a`, then in `b`, of equally long ones. */
function findLongestMatch(a: string[], text: IndexedText, part: Part): [i: number, j: number, size: number] {
  const { chars: b, places, lengths, rows } = text
  const [aFrom, aTo, bFrom, bTo] = part
  let bestI = aFrom
  let bestJ = bFrom
  let bestSize = 0
  let bestRow = 0
  text.row += 2 // one row is left out, so that nothing continues from the search before
  for (let i = aFrom; i < aTo; i++) {
    const row = text.row++
    const list = places.get(a[i]!)
    if (!list) continue
    // Backwards, so that the length at j is still that of the row before.
    for (let at = list.length - 1; at >= 0; at--) {
      const j = list[at]!
      if (j >= bTo) continue
      if (j < bFrom) break
      const size = rows[j] === row - 1 ? lengths[j]! + 1 : 1
      lengths[j + 1] = size
      rows[j + 1] = row
      if (size > bestSize || (size === bestSize && row === bestRow)) {
        bestI = i - size + 1
        bestJ = j - size + 1
        bestSize = size
        bestRow = row
      }
    }
  }
  // Characters that may not start a block may still lengthen one.
  while (bestI > aFrom && bestJ > bFrom && a[bestI - 1] === b[bestJ - 1]) {
    bestI--
    bestJ--
    bestSize++
  }
  while (bestI + bestSize < aTo && bestJ + bestSize < bTo && a[bestI + bestSize] === b[bestJ + bestSize]) bestSize++
  return [bestI, bestJ, bestSize]
}

const MIN_SIMILARITY = 0.7

/** The candidate that is most like a word, case and all; undefined where none is like it. */
export function nearestOf(candidates: Iterable<string>, word: string): string | undefined {
  const similarity = createSimilarity(word)
  let nearest: string | undefined
  let best = 0
  for (const candidate of candidates) {
    if (candidate === word) return candidate
    // Words of very different length cannot be alike.
    const bound = (2 * Math.min(candidate.length, word.length)) / (candidate.length + word.length)
    if (bound < MIN_SIMILARITY || bound <= best) continue
    const score = similarity(candidate)
    if (score < MIN_SIMILARITY || score <= best) continue
    nearest = candidate
    best = score
  }
  return nearest
}

/** The most similar names first; stable, and each is measured once. */
export function sortBySimilarity<T extends { name: string }>(items: readonly T[], spec: string): T[] {
  if (items.length < 2) return [...items]
  const similarity = createSimilarity(spec)
  return items
    .map((item) => ({ item, score: similarity(item.name) }))
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item)
}
