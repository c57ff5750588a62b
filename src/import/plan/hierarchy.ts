/** A hierarchy from another file than the names. */
import { badFlag } from '../errors.ts'
import type { Journal } from '../journal.ts'
import { openFile } from '../source/files.ts'
import { parseTable } from '../tables/parse-table.ts'
import type { RegionTable, TableReading, TableRow } from '../types.ts'

/** The tree of a file with parents; what has the same label (else the same name) takes the table's name and colour. */
export async function readHierarchy(path: string): Promise<RegionTable> {
  const source = await openFile(path, '--hierarchy')
  const table = await parseTable(await source.read(), source.file)
  if (!table?.isTree) {
    throw badFlag(
      '--hierarchy',
      `${path} is no hierarchy: structures.json, Allen's ontology, or a table with a column of parents is needed`,
    )
  }
  return table
}

export function withHierarchy(
  table: RegionTable,
  reading: TableReading,
  hierarchy: RegionTable,
  journal: Journal,
): RegionTable {
  const nodes = hierarchy.readings[0].rows
  const byLabel = new Map(reading.rows.map((row) => [row.label, row]))
  const byName = new Map(reading.rows.map((row) => [row.name, row]))
  const used = new Set<TableRow>()
  const rows = nodes.map((node): TableRow => {
    const row = (node.label !== null && byLabel.get(node.label)) || byName.get(node.name)
    if (!row || used.has(row)) return { ...node, label: null }
    used.add(row)
    return {
      ...node,
      ...row,
      acronym: row.acronym ?? node.acronym,
      rgb: row.rgb ?? node.rgb,
      key: node.key,
      parent: node.parent,
    }
  })
  if (used.size === 0)
    throw badFlag('--hierarchy', `${hierarchy.file} has none of the regions of ${table.file}, by label or name`)
  const others = reading.rows.filter((row) => !used.has(row))
  if (others.length > 0)
    journal.notes.push(`${others.length} regions of ${table.file} are not in ${hierarchy.file}: they stand at the top`)
  journal.taken.push(`the hierarchy from ${hierarchy.file} (${hierarchy.format})`)
  return { ...table, isTree: true, readings: [{ ...reading, rows: [...rows, ...others] }] }
}
