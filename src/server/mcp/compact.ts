/** Answers in as few words as they can be read in: whoever reads them pays for each, and has only so much room. */

/** About 6,000 tokens. */
const MAX_TEXT = 20_000
const MAX_ROWS = 60
const MAX_STRING = 2_000
const MAX_LIST = 60

export interface Compact {
  text: string
  /** Whether something was left out, which the whole answer has. */
  isCut: boolean
}

/** JSON without contexts and without what is empty; long lists, texts and pages end where there is no more room, and say so. */
export function compactJson(text: string): Compact {
  const cut = { count: 0 }
  const value = shorten(JSON.parse(text), cut)
  let short = JSON.stringify(value)
  if (isRecord(value) && Array.isArray(value.items))
    while (value.items.length > 1 && short.length > MAX_TEXT) {
      value.items.splice(Math.max(1, Math.floor((value.items.length * MAX_TEXT) / short.length)))
      short = JSON.stringify(value)
      cut.count++
    }
  if (short.length <= MAX_TEXT) return { text: short, isCut: cut.count > 0 }
  return { text: `${short.slice(0, MAX_TEXT)}…`, isCut: true }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function shorten(value: unknown, cut: { count: number }): unknown {
  if (typeof value === 'string' && value.length > MAX_STRING) {
    cut.count++
    return `${value.slice(0, MAX_STRING)}…`
  }
  if (Array.isArray(value)) {
    const kept = value.slice(0, MAX_LIST).map((item) => shorten(item, cut))
    if (value.length <= MAX_LIST) return kept
    cut.count++
    return [...kept, `… and ${value.length - MAX_LIST} more`]
  }
  if (!isRecord(value)) return value
  const members = Object.entries(value)
    .filter(([name]) => name !== '@context')
    .map(([name, inner]) => [name, shorten(inner, cut)] as const)
  return Object.fromEntries(members.filter(([, inner]) => !isEmpty(inner)))
}

const isEmpty = (value: unknown): boolean =>
  value === null || (typeof value === 'object' && Object.keys(value as object).length === 0)

/** The first rows of a table as CSV, without the column of pandas' row numbers. */
export function compactCsv(text: string): Compact {
  const lines = text.split('\n').filter((line) => line !== '')
  const isNumbered = lines[0]?.startsWith(',') === true
  const rows = isNumbered ? lines.map((line) => line.slice(line.indexOf(',') + 1)) : lines
  const kept: string[] = []
  let length = 0
  for (const row of rows.slice(0, MAX_ROWS + 1)) {
    length += row.length
    if (length > MAX_TEXT && kept.length > 1) break
    kept.push(row)
  }
  const more = rows.length - kept.length
  return { text: more > 0 ? `${kept.join('\n')}\n… and ${more} more rows` : kept.join('\n'), isCut: more > 0 }
}
