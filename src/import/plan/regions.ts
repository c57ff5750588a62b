/** From the rows of a table, and what stands in the volume, to the tree of regions. */
import { sideOfName } from '../../siibra/index.ts'
import { badSource, some } from '../errors.ts'
import type { Journal } from '../journal.ts'
import type { PlannedRegion, RegionTable, TableReading, TableRow } from '../types.ts'
import type { LabelCount } from '../volumes/census.ts'
import { checkSides, sideOf } from './sides.ts'

export interface PlannedRegions {
  regions: PlannedRegion[]
  /** Names of the regions that are drawn, and their labels. */
  drawn: { name: string; label: number }[]
}

interface Reconciling {
  table: RegionTable
  reading: TableReading
  counts: ReadonlyMap<number, LabelCount>
  volumeFile: string
  journal: Journal
  /** Where left and right meet, mm along x. */
  middleMm: number
}

/** How well a table names a volume: shares of the labels that have a name, and of the names that have a label. */
export function coverage(rows: readonly TableRow[], labels: ReadonlySet<number>): { named: number; drawn: number } {
  const known = rows.flatMap(({ label }) => label ?? [])
  const found = known.filter((label) => labels.has(label)).length
  return { named: labels.size === 0 ? 0 : found / labels.size, drawn: known.length === 0 ? 0 : found / known.length }
}

/** The reading of a table that names most of the labels; of equal ones the first. */
export function bestReading(table: RegionTable, labels: ReadonlySet<number>): TableReading {
  const scored = table.readings.map((reading) => ({ reading, score: coverage(reading.rows, labels).named }))
  return scored.reduce((best, one) => (one.score > best.score ? one : best)).reading
}

/**
 * Regions of a labelled volume. Throws where the table names none of its labels. Labels without names and names without labels are
 * listed, and are no regions (but for trees, whose nodes may group others).
 */
export function planRegions(options: Reconciling): PlannedRegions {
  const { table, reading, counts, volumeFile, journal } = options
  const byLabel = new Map(reading.rows.flatMap((row) => (row.label === null ? [] : [[row.label, row] as const])))
  const nameless = [...counts.values()].filter(({ label }) => !byLabel.has(label))
  const drawnRows = reading.rows.filter(({ label }) => label !== null && counts.has(label))
  if (drawnRows.length === 0) {
    throw badSource(
      table.file,
      `it names none of the labels of ${volumeFile}: the volume has ${some([...counts.keys()], 8)}, ` +
        `the table ${some(
          [...byLabel.keys()].sort((a, b) => a - b),
          8,
        )}`,
      'Is it the table of this volume? Another one is given with --table.',
    )
  }
  reportDifferences(options, nameless, drawnRows)
  checkSides(drawnRows, counts, volumeFile, journal, options.middleMm)
  const rows = withUniqueNames(table.isTree ? reading.rows : drawnRows, counts, journal, options.middleMm)
  return {
    regions: table.isTree ? toTree(rows) : toFlat(rows),
    drawn: rows.flatMap(({ name, label }) => (label !== null && counts.has(label) ? [{ name, label }] : [])),
  }
}

/** Regions of rows that are all drawn, and their names in the order of the rows. */
export function namedRegions(
  rows: readonly TableRow[],
  journal: Journal,
): { regions: PlannedRegion[]; names: string[] } {
  const unique = withUniqueNames(rows, new Map(), journal, 0)
  return { regions: toFlat(unique), names: unique.map(({ name }) => name) }
}

function reportDifferences(
  { table, reading, counts, volumeFile, journal }: Reconciling,
  nameless: readonly LabelCount[],
  drawn: TableRow[],
): void {
  const labels = nameless.map(({ label }) => label)
  if (nameless.length > 0) {
    const voxels = nameless.reduce((sum, count) => sum + count.voxels, 0)
    journal.notes.push(
      `Labels of ${volumeFile} without a name in ${table.file} (they are no regions): ${some(labels, 40)}; ${voxels} voxels`,
    )
    if (nameless.length >= drawn.length) {
      journal.warnings.push(
        `${table.file} names only ${drawn.length} of the ${counts.size} labels of ${volumeFile}: is it its table?`,
      )
    }
  }
  const undrawn = reading.rows.filter(({ label }) => label !== null && !counts.has(label))
  if (undrawn.length > 0 && !table.isShared && !table.isTree) {
    journal.notes.push(
      `Names of ${table.file} without a voxel in ${volumeFile} (they are left out): ` +
        some(
          undrawn.map(({ label, name }) => `${label} ${name}`),
          40,
        ),
    )
  }
  if (
    reading.zero &&
    !/^(?:unknown|background|clear label|\?\?\?|unclassified|none|empty|outside|null|unlabell?ed|0|bg|.*background.*)$/i.test(
      reading.zero.name.trim(),
    )
  ) {
    journal.warnings.push(
      `${table.file} calls label 0 '${reading.zero.name}'; it is background all the same. If the names are shifted by one, correct the table.`,
    )
    const last = Math.max(...counts.keys())
    if (labels.length === 1 && labels[0] === last) {
      journal.warnings.push(
        `${table.file} seems to count from 0 where ${volumeFile} counts from 1: each name would be that of the region before.`,
      )
    }
  }
}

/**
 * One name stands for one region. The same name for both sides gets the side appended, which the table says, or (with a word) the place;
 * any other the label.
 */
function withUniqueNames(
  rows: readonly TableRow[],
  counts: ReadonlyMap<number, LabelCount>,
  journal: Journal,
  middleMm: number,
): TableRow[] {
  const byName = new Map<string, TableRow[]>()
  for (const row of rows) byName.set(row.name, [...(byName.get(row.name) ?? []), row])
  const renamed = new Map<TableRow, TableRow>()
  for (const [name, same] of byName) {
    if (same.length === 1) continue
    const bySide = same.map((row) => row.side ?? sideOfPlace(row, counts, middleMm))
    const isSided = same.length === 2 && bySide[0] && bySide[1] && bySide[0] !== bySide[1]
    if (isSided && same.some(({ side }) => side === undefined)) {
      journal.notes.push(
        `'${name}' stands for two labels, ${same.map(({ label }) => label).join(' and ')}: told apart by where they lie`,
      )
    }
    if (!isSided) journal.notes.push(`'${name}' stands for ${same.length} labels: the label is appended to each`)
    same.forEach((row, i) => {
      const suffix = isSided ? bySide[i] : (row.label ?? row.key)
      renamed.set(row, { ...row, name: `${name} ${suffix}`, side: isSided ? bySide[i] : row.side })
    })
  }
  const result = rows.map((row) => renamed.get(row) ?? row)
  const taken = new Set<string>()
  return result.map((row) => {
    let name = row.name
    while (taken.has(name)) name = `${name} ${row.label ?? row.key ?? '2'}`
    taken.add(name)
    return name === row.name ? row : { ...row, name }
  })
}

function sideOfPlace({ label }: TableRow, counts: ReadonlyMap<number, LabelCount>, middleMm: number) {
  const x = label === null ? undefined : counts.get(label)?.centroidMm[0]
  return x === undefined || x === middleMm ? undefined : x < middleMm ? ('left' as const) : ('right' as const)
}

const toRegion = (row: TableRow): PlannedRegion => ({
  name: row.name,
  acronym: row.acronym,
  rgb: row.rgb,
  side: sideOf(row),
  description: row.description,
  children: [],
})

function toTree(rows: readonly TableRow[]): PlannedRegion[] {
  const byKey = new Map<string, PlannedRegion>()
  const regions = rows.map((row) => {
    const region = toRegion(row)
    if (row.key !== undefined) byKey.set(row.key, region)
    return { region, parent: row.parent }
  })
  return regions.flatMap(({ region, parent }) => {
    const above = parent === undefined ? undefined : byKey.get(parent)
    above?.children.push(region)
    return above ? [] : [region]
  })
}

/** Regions in the order of the table; the left and the right half of a region stand below one that has the rest of their names. */
function toFlat(rows: readonly TableRow[]): PlannedRegion[] {
  const names = new Set(rows.map(({ name }) => name))
  const stems = rows.map((row) => stemOf(row))
  const bySide = new Map<string, Set<string>>()
  stems.forEach((half) => {
    if (half) bySide.set(half.stem, (bySide.get(half.stem) ?? new Set()).add(half.side))
  })
  const parents = new Map<string, PlannedRegion>()
  const top: PlannedRegion[] = []
  rows.forEach((row, i) => {
    const half = stems[i]
    if (!half || bySide.get(half.stem)?.size !== 2 || names.has(half.stem)) {
      top.push(toRegion(row))
      return
    }
    let parent = parents.get(half.stem)
    if (!parent) {
      parent = { name: half.stem, children: [] }
      parents.set(half.stem, parent)
      top.push(parent)
    }
    parent.children.push(toRegion(row))
  })
  return top
}

function stemOf(row: TableRow) {
  const named = sideOfName(row.name)
  if (named) return named
  if (!row.side) return undefined
  const stem = row.name.replace(/ (?:left|right)$/, '')
  return stem === row.name ? undefined : { side: row.side, stem }
}
