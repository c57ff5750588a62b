/**
 * Sorts as Python's `sorted(items, reverse=True)` does, for an order that need not be transitive: parcellations are
 * compared by version where both have one, else by name, so which one comes first depends on the algorithm. This is the
 * part of timsort that runs on fewer than 64 items: one run is counted, then the rest inserted by binary search.
 */
export function sortDescending<T>(items: readonly T[], isLess: (a: T, b: T) => boolean): T[] {
  const sorted = [...items].reverse()
  let runLength = Math.min(1, sorted.length)
  if (sorted.length > 1) {
    runLength = 2
    if (isLess(sorted[1]!, sorted[0]!)) {
      while (runLength < sorted.length && isLess(sorted[runLength]!, sorted[runLength - 1]!)) runLength++
      sorted.splice(0, runLength, ...sorted.slice(0, runLength).reverse())
    } else {
      while (runLength < sorted.length && !isLess(sorted[runLength]!, sorted[runLength - 1]!)) runLength++
    }
  }
  for (let next = runLength; next < sorted.length; next++) {
    const item = sorted[next]!
    let low = 0
    let high = next
    while (low < high) {
      const middle = (low + high) >> 1
      if (isLess(item, sorted[middle]!)) high = middle
      else low = middle + 1
    }
    sorted.copyWithin(low + 1, low, next)
    sorted[low] = item
  }
  return sorted.reverse()
}
