/**
 * Likeness of two texts, 0..1, as Python's `difflib.SequenceMatcher(None, a, b).ratio()`: twice the characters in the
 * matching blocks over the sum of the lengths. In `b` of 200 characters or more, those that make up over one percent
 * do not start a block (difflib's `autojunk`).
 */
export function createSimilarity(b: string): (a: string) => number {
  const bChars = Array.from(b)
  const places = new Map<string, number[]>()
  bChars.forEach((char, j) => {
    const list = places.get(char)
    if (list) list.push(j)
    else places.set(char, [j])
  })
  if (bChars.length >= 200) {
    const popularFrom = Math.floor(bChars.length / 100) + 1
    for (const [char, list] of places) if (list.length > popularFrom) places.delete(char)
  }
  return (a) => {
    const aChars = Array.from(a)
    const length = aChars.length + bChars.length
    return length === 0 ? 1 : (2 * countMatches(aChars, bChars, places)) / length
  }
}

function countMatches(a: string[], b: string[], places: Map<string, number[]>): number {
  let matches = 0
  const parts: [aFrom: number, aTo: number, bFrom: number, bTo: number][] = [[0, a.length, 0, b.length]]
  for (let part = parts.pop(); part; part = parts.pop()) {
    const [aFrom, aTo, bFrom, bTo] = part
    const [i, j, size] = findLongestMatch(a, b, places, aFrom, aTo, bFrom, bTo)
    if (size === 0) continue
    matches += size
    if (aFrom < i && bFrom < j) parts.push([aFrom, i, bFrom, j])
    if (i + size < aTo && j + size < bTo) parts.push([i + size, aTo, j + size, bTo])
  }
  return matches
}

/** The longest block that both have within the bounds, the earliest in `a`, then in `b`, of equally long ones. */
function findLongestMatch(
  a: string[],
  b: string[],
  places: Map<string, number[]>,
  aFrom: number,
  aTo: number,
  bFrom: number,
  bTo: number,
): [i: number, j: number, size: number] {
  let bestI = aFrom
  let bestJ = bFrom
  let bestSize = 0
  let lengths = new Map<number, number>()
  for (let i = aFrom; i < aTo; i++) {
    const nextLengths = new Map<number, number>()
    for (const j of places.get(a[i]!) ?? []) {
      if (j < bFrom) continue
      if (j >= bTo) break
      const size = (lengths.get(j - 1) ?? 0) + 1
      nextLengths.set(j, size)
      if (size > bestSize) {
        bestI = i - size + 1
        bestJ = j - size + 1
        bestSize = size
      }
    }
    lengths = nextLengths
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
