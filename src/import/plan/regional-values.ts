/** Tables with a column of regions and columns of numbers: what was measured in each region. */

import { parseSide } from '../tables/rows.ts'
import { findDelimiter, splitByDelimiter } from '../tables/split.ts'
import type { PlannedParcellation, PlannedRegion, Side } from '../types.ts'

/** Columns of numbers by the regions of a parcellation. */
export interface RegionalValues {
  measures: string[]
  /** In the order of the table; a region may have several. */
  rows: { region: string; values: number[] }[]
  /** What names no region. */
  unknown: string[]
}

/** How a parcellation's regions may be written. */
export interface KnownRegions {
  /** undefined where there is none, or several. */
  find(name: string, side: Side | undefined): string | undefined
  labelsOf(region: string): ReadonlySet<number>
  ofLabel(label: number): string | undefined
}

const squeeze = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
const NOT_A_NUMBER = /^(?:|nan|na|n\/a|null|none|-)$/i
const PLACES = ['x', 'y', 'z']
const COLOURS = ['r', 'g', 'b', 'red', 'green', 'blue']
/** Whole numbers below such headings say which, not how much. */
const CODE =
  /(?:^|[\s_.-])(?:id|ids|idx|index|code|key|label|parent|order|level|nr|no|number|network)$|^(?:\w*Id|roi|hemisphere)$/i

export function knowRegions({ regions, maps }: PlannedParcellation): KnownRegions {
  const names = new Set<string>()
  const loose = new Map<string, Set<string>>()
  const labels = new Map<string, Set<number>>()
  const add = (key: string, name: string) => {
    if (key !== '') loose.set(key, (loose.get(key) ?? new Set()).add(name))
  }
  const collect = (all: readonly PlannedRegion[]) => {
    for (const { name, acronym, children } of all) {
      names.add(name)
      add(squeeze(name), name)
      if (acronym) add(squeeze(acronym), name)
      collect(children)
    }
  }
  collect(regions)
  for (const [name, indices] of maps.flatMap((map) => map.indices)) {
    const known = labels.get(name) ?? new Set()
    for (const { label } of indices) if (label !== undefined) known.add(label)
    labels.set(name, known)
  }
  const only = (key: string) => {
    const found = loose.get(key)
    return found?.size === 1 ? [...found][0] : undefined
  }
  return {
    find(name, side) {
      const key = squeeze(name)
      const marks = side === undefined ? [] : [side, side.charAt(0), `${side.charAt(0)}h`]
      const sided = marks.flatMap((mark) => [key + mark, mark + key]).map(only)
      return sided.find((one) => one !== undefined) ?? (names.has(name) ? name : only(key))
    },
    labelsOf: (region) => labels.get(region) ?? new Set(),
    ofLabel: (label) => [...labels].find(([, own]) => own.has(label))?.[0],
  }
}

/**
 * @param onlyFractions  for the table of the atlas itself, whose whole numbers are codes of all kinds
 * @returns undefined where the text has no heading, no column of regions or no numbers beside
 */
export function parseRegionalValues(
  text: string,
  known: KnownRegions,
  onlyFractions: boolean,
): RegionalValues | undefined {
  const delimiter = findDelimiter(text)
  if (delimiter === undefined) return undefined
  const [heading, ...body] = splitByDelimiter(text, delimiter).map(({ cells }) => cells.map((cell) => cell.trim()))
  if (!heading || body.length === 0 || heading.some((cell) => cell !== '' && Number.isFinite(Number(cell)))) {
    return undefined
  }
  // where fields end at semicolons, numbers may have a comma
  const toNumber = (cell = '') => {
    if (NOT_A_NUMBER.test(cell)) return Number.NaN
    const value = Number(delimiter === ',' ? cell : cell.replace(/^(-?\d+),(\d+)$/, '$1.$2'))
    return Number.isFinite(value) ? value : undefined
  }
  const numbersOf = (column: number): number[] | undefined => {
    const values = body.map((cells) => toNumber(cells[column]))
    const areNumbers = values.every((value) => value !== undefined)
    return areNumbers && values.some((value) => !Number.isNaN(value)) ? values : undefined
  }
  const columns = heading.map((title, at) => ({ title, at, numbers: numbersOf(at) }))
  const texts = columns.flatMap(({ at, numbers }) => (numbers ? [] : [at]))
  const sideColumn = texts.find((column) => body.every((cells) => parseSide(cells[column] ?? '') !== undefined))
  const sideOf = (cells: readonly string[]) =>
    sideColumn === undefined ? undefined : parseSide(cells[sideColumn] ?? '')
  const candidates = texts
    .filter((column) => column !== sideColumn)
    .map((column) => ({ regions: body.map((cells) => known.find(cells[column] ?? '', sideOf(cells))), column }))
  const countOf = (regions: readonly unknown[]) => regions.filter((region) => region !== undefined).length
  // without names, a column of labels says which region it is
  const indexColumn = texts.length > 0 || onlyFractions ? -1 : heading.findIndex((cell) => CODE.test(cell))
  if (indexColumn >= 0) {
    const labelled = body.map((cells) => known.ofLabel(toNumber(cells[indexColumn]) ?? Number.NaN))
    candidates.push({ regions: labelled, column: indexColumn })
  }
  const [best] = candidates.sort((a, b) => countOf(b.regions) - countOf(a.regions))
  if (!best || countOf(best.regions) === 0) return undefined
  const { regions, column: regionColumn } = best
  const words = heading.map((cell) => cell.toLowerCase())
  const isPart = (group: readonly string[], word: string) =>
    group.includes(word) && group.filter((one) => words.includes(one)).length >= 3
  const measured = columns.flatMap(({ title, at, numbers: values }) => {
    const word = title.toLowerCase()
    if (!values || isPart(PLACES, word) || isPart(COLOURS, word)) return []
    const areWhole = values.every((value) => Number.isNaN(value) || Number.isInteger(value))
    if (areWhole && (onlyFractions || CODE.test(title))) return []
    // a column of labels is no measurement, nor is one that counts the rows
    const isLabel = values.every((value, i) => regions[i] === undefined || known.labelsOf(regions[i]).has(value))
    const isCount = title === '' && values.every((value, i) => value - i === values[0])
    return isLabel || isCount ? [] : [{ title: title || `column ${at + 1}`, values }]
  })
  if (measured.length === 0) return undefined
  const titles = measured.map(({ title }) => title)
  return {
    measures: titles.map((title, i) => (titles.indexOf(title) === i ? title : `${title} (${i + 1})`)),
    rows: regions.flatMap((region, i) =>
      region === undefined ? [] : [{ region, values: measured.map(({ values }) => values[i] ?? Number.NaN) }],
    ),
    unknown: body.flatMap((cells, i) => (regions[i] === undefined ? [cells[regionColumn] ?? ''] : [])),
  }
}
