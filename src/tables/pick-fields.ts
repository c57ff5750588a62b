/**
 * Keeps only some members of a JSON value. A path is names with dots between; a name that holds dots itself
 * (`schema.org/shortName`) is found, too. Lists on the way are gone into. Of a page (`items` beside `total`) the items are meant.
 */
export function pickFields(value: unknown, paths: readonly string[]): unknown {
  if (isPage(value)) return { ...value, items: value.items.map((item) => pick(item, paths)) }
  return pick(value, paths)
}

function isPage(value: unknown): value is { items: unknown[] } {
  return isObject(value) && Array.isArray(value.items) && typeof value.total === 'number'
}

function pick(value: unknown, paths: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => pick(item, paths))
  if (!isObject(value)) return value
  const kept: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(value)) {
    if (paths.includes(name)) {
      kept[name] = member
      continue
    }
    const within = paths.flatMap((path) => (path.startsWith(`${name}.`) ? [path.slice(name.length + 1)] : []))
    if (within.length > 0) kept[name] = pick(member, within)
  }
  return kept
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
