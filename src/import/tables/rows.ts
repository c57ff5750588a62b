/** Numbers, colours and sides, as tables write them. */

import { badSource, some } from '../errors.ts'
import type { Side, TableReading, TableRow } from '../types.ts'

/** A whole number, `12` or `12.0`; undefined for anything else. */
export function parseWhole(text: string): number | undefined {
  const trimmed = text.trim()
  return /^[+-]?\d{1,16}(?:\.0*)?$/.test(trimmed) ? Number(trimmed) : undefined
}

/** `#rrggbb` of three numbers from 0 to 255, or from 0 to 1 where `isFraction`. */
export function toHex(red: number, green: number, blue: number, isFraction = false): string | undefined {
  const channels = [red, green, blue].map((value) => Math.round(isFraction ? value * 255 : value))
  if (!channels.every((value) => value >= 0 && value <= 255)) return undefined
  return `#${channels.map((value) => value.toString(16).padStart(2, '0')).join('')}`
}

/** `#rrggbb`, `rrggbb`, `#rgb`, `r g b`, `[r, g, b]`. */
export function parseColour(text: string): string | undefined {
  const trimmed = text.trim()
  const [, hex] = /^#?([0-9a-f]{6})(?:[0-9a-f]{2})?$/i.exec(trimmed) ?? []
  if (hex !== undefined) return `#${hex.toLowerCase()}`
  if (/^#[0-9a-f]{3}$/i.test(trimmed)) return trimmed.toLowerCase().replace(/[0-9a-f]/g, '$&$&')
  const [red, green, blue, ...further] = (trimmed.match(/\d+(?:\.\d+)?/g) ?? []).map(Number)
  // a fourth is the opacity
  if (red === undefined || green === undefined || blue === undefined || further.length > 1) return undefined
  return toHex(red, green, blue, trimmed.includes('.') && Math.max(red, green, blue) <= 1)
}

/** What stands in a column of sides. */
export function parseSide(text: string): Side | undefined {
  const word = text.trim().toLowerCase()
  if (/^(?:l|lh|left|left hemisphere|hemisphere_l|1_l)$/.test(word)) return 'left'
  if (/^(?:r|rh|right|right hemisphere|hemisphere_r)$/.test(word)) return 'right'
  return undefined
}

/** Whether a cell can be one of a column of sides: also of regions that have both, or none. */
export function isSideWord(text: string): boolean {
  return parseSide(text) !== undefined || /^(?:b|bh|both|bilateral|m|mid|midline|none|n\/?a)$/i.test(text.trim())
}

/** A reading of a table, checked (`checkRows`), with the row of label 0 apart. */
export function toReading(column: string, rows: readonly TableRow[], file: string): TableReading {
  return { column, rows: checkRows(rows, file), zero: rows.find(({ label }) => label === 0) }
}

/**
 * Rows that can be used: no background, no label twice. A label that stands for two names is an error; the same line twice is not.
 */
function checkRows(rows: readonly TableRow[], file: string): TableRow[] {
  const byLabel = new Map<number, TableRow>()
  const kept: TableRow[] = []
  for (const row of rows) {
    if (row.label === 0) continue
    if (row.label !== null) {
      const earlier = byLabel.get(row.label)
      if (earlier) {
        if (earlier.name === row.name && earlier.side === row.side) continue
        const where = earlier.line === null ? '' : ` (line ${earlier.line})`
        throw badSource(
          file,
          `label ${row.label} is '${row.name}' here, but '${earlier.name}' before${where}`,
          'A label stands for one region: correct the table.',
          row.line,
        )
      }
      byLabel.set(row.label, row)
    }
    kept.push(row)
  }
  return kept
}

/** Parents that are named, not numbered: rows of that name, else groups of their own above the rows. */
export function withParents(rows: readonly TableRow[]): TableRow[] {
  const keys = new Set(rows.map(({ key }) => key))
  const byName = new Map(rows.map(({ name, key }) => [name.trim(), key]))
  const groups = new Map<string, TableRow>()
  const placed = rows.map((row): TableRow => {
    const { parent } = row
    if (parent === undefined || keys.has(parent) || parseWhole(parent) !== undefined) return row
    if (/^(?:n\/?a|none|null|-)$/i.test(parent)) return { ...row, parent: undefined }
    const known = byName.get(parent)
    if (known !== undefined) return { ...row, parent: known }
    const key = `group ${parent}`
    if (!groups.has(parent)) groups.set(parent, { label: null, name: parent, line: null, key })
    return { ...row, parent: key }
  })
  return [...groups.values(), ...placed]
}

/** Parents that are there, and no circles. */
export function checkTree(rows: readonly TableRow[], file: string): void {
  const byKey = new Map<string, TableRow>()
  for (const row of rows) {
    if (row.key === undefined) continue
    if (byKey.has(row.key)) throw badSource(file, `two structures have the id ${row.key}`, undefined, row.line)
    byKey.set(row.key, row)
  }
  const [first, ...others] = rows.filter(({ parent }) => parent !== undefined && !byKey.has(parent))
  if (first) {
    throw badSource(
      file,
      `'${first.name}' is a part of ${first.parent}, which the table does not have` +
        (others.length > 0
          ? ` (and ${others.length} more: ${some(
              others.map(({ name }) => name),
              5,
            )})`
          : ''),
      'Add the missing structures, or leave their parents empty.',
      first.line,
    )
  }
  const state = new Map<TableRow, 'open' | 'done'>()
  for (const row of rows) {
    const path: TableRow[] = []
    let at: TableRow | undefined = row
    while (at && !state.has(at)) {
      state.set(at, 'open')
      path.push(at)
      at = at.parent === undefined ? undefined : byKey.get(at.parent)
    }
    if (at && state.get(at) === 'open') {
      throw badSource(file, `'${at.name}' is a part of itself, by its parents`, 'Correct the hierarchy.', at.line)
    }
    for (const one of path) state.set(one, 'done')
  }
}
