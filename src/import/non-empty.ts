/** Lists that hold something: their first needs no check. */

export type NonEmpty<T> = readonly [T, ...T[]]

export const isNonEmpty = <T>(list: readonly T[]): list is NonEmpty<T> => list.length > 0

export function mapNonEmpty<T, U>([first, ...others]: NonEmpty<T>, of: (item: T) => U): [U, ...U[]] {
  return [of(first), ...others.map((item) => of(item))]
}

/** Items with the same key together; groups, and what is in them, stay in the order of the list. */
export function groupBy<T>(
  [first, ...others]: NonEmpty<T>,
  keyOf: (item: T) => string,
): [[T, ...T[]], ...[T, ...T[]][]] {
  const start: [T, ...T[]] = [first]
  const groups: [[T, ...T[]], ...[T, ...T[]][]] = [start]
  const byKey = new Map([[keyOf(first), start]])
  for (const item of others) {
    const key = keyOf(item)
    const group = byKey.get(key)
    if (group) {
      group.push(item)
      continue
    }
    const made: [T, ...T[]] = [item]
    byKey.set(key, made)
    groups.push(made)
  }
  return groups
}
