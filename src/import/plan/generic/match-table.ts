/** The table of a volume. */
import { dirname } from 'node:path/posix'
import { inheritedTable, parseBidsName } from '../../source/bids.ts'
import { type SourceFile, stemOf } from '../../source/files.ts'
import type { FoundTable } from '../../source/tables.ts'
import type { ReadVolume } from '../../types.ts'
import { countLabels, evenness, toWholeLabels } from '../../volumes/census.ts'
import { bestReading, coverage } from '../regions.ts'
import type { GenericOptions, Pair } from './pair.ts'

export function matchTable(
  file: SourceFile,
  volume: ReadVolume,
  tables: readonly FoundTable[],
  { source }: GenericOptions,
  isOnly: boolean,
): Pick<Pair, 'table' | 'tableFile' | 'byRow'> | undefined {
  const given = tables.find(({ isGiven }) => isGiven)
  const suffix = parseBidsName(file.file)?.suffix
  const is4d = volume.image.shape.length === 4
  const byRow = suffix === 'probseg' && is4d
  const looksLabelled = is4d || isOnly || evenness(volume.image) >= 0.5
  if (given) return looksLabelled ? { table: given.table, tableFile: given.source, byRow } : undefined
  if (volume.table) return { table: volume.table, tableFile: undefined, byRow: false }
  const inherited = inheritedTable(
    file.file,
    tables.map((one) => ({ ...one, file: one.source.file })),
  )
  if (inherited) return { table: inherited.table, tableFile: inherited.source, byRow }
  // where the tables are BIDS's own, a volume that inherits none has none
  const hasOwnTables = tables.some((one) => /^(?:dseg|probseg)$/.test(parseBidsName(one.source.file)?.suffix ?? ''))
  if (suffix === 'dseg' || suffix === 'probseg') {
    if (hasOwnTables || (suffix === 'probseg' && !is4d && !isOnly)) return undefined
  }
  const twins = tables.filter(
    (one) => stemOf(one.source.file) === stemOf(file.file) && dirname(one.source.file) === dirname(file.file),
  )
  const [twin] =
    twins.length === 1
      ? twins
      : source.main && tables.some((one) => one.source === source.main)
        ? tables.filter((one) => one.source === source.main)
        : []
  if (twin) return { table: twin.table, tableFile: twin.source, byRow }
  if (!looksLabelled) return undefined
  const best = bestTable(volume, tables)
  return best && { table: best.table, tableFile: best.source, byRow }
}

/** The table that names most labels and whose names are drawn most; of a 4D file the one with as many rows as volumes. */
function bestTable(volume: ReadVolume, tables: readonly FoundTable[]): FoundTable | undefined {
  const [, , , count] = volume.image.shape
  if (count !== undefined) {
    const fits = ({ table }: FoundTable) => {
      const [reading] = table.readings
      const rows = reading.rows.length + (reading.zero ? 1 : 0)
      return rows === count || reading.rows.length === count
    }
    return tables.find(fits) ?? (tables.length === 1 ? tables[0] : undefined)
  }
  let labels: Set<number>
  try {
    labels = new Set(countLabels(toWholeLabels(volume).image).keys())
  } catch {
    // says what is wrong with its values, if a table is meant for it
    return tables.length === 1 ? tables[0] : undefined
  }
  const scored = tables
    .map((one) => ({ one, ...coverage(bestReading(one.table, labels).rows, labels) }))
    .filter(({ named }) => named > 0)
    .sort((a, b) => b.named + 0.5 * b.drawn - (a.named + 0.5 * a.drawn))
  return scored[0]?.one ?? (tables.length === 1 ? tables[0] : undefined)
}
