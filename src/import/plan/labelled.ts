/** A volume of labels with its table, as a parcellation. */
import { midlineOf } from '../../siibra/index.ts'
import { badSource } from '../errors.ts'
import type { Journal } from '../journal.ts'
import type { PlannedMap, PlannedParcellation, PlannedVolume, ReadVolume, RegionTable, TableRow } from '../types.ts'
import { countLabels, toWholeLabels } from '../volumes/census.ts'
import { bestReading, planRegions } from './regions.ts'
import { plannedVolume } from './volumes.ts'

export interface LabelledSource {
  name: string
  /** Name of the file to write, without extension. */
  slug: string
  volume: ReadVolume
  table: RegionTable
  /** Further tables, which may give colours to the same names. */
  companions?: readonly RegionTable[]
  /** Colours by label (MRIcron's `.lut`). */
  colours?: ReadonlyMap<number, string> | undefined
}

/** One map, of one volume. */
export interface LabelledParcellation extends PlannedParcellation {
  maps: [PlannedMap & { volumes: [PlannedVolume] }]
}

/** Throws where voxels are no labels, or none of them has a name. */
export function planLabelled(source: LabelledSource, journal: Journal): LabelledParcellation {
  const { volume, table, name, slug } = source
  const { image, isRewritten, notes } = toWholeLabels(volume)
  for (const note of [...volume.notes, ...notes]) journal.notes.push(`${volume.file}: ${note}`)
  for (const note of table.notes) journal.notes.push(`${table.file}: ${note}`)
  const counts = countLabels(image)
  if (counts.size === 0)
    throw badSource(volume.file, 'there is nothing but background in it', 'Is it the volume of labels?')
  const labels = new Set(counts.keys())
  const reading = bestReading(table, labels)
  const rows = withColours(reading.rows, source, labels, journal)
  const { regions, drawn } = planRegions({
    table,
    reading: { ...reading, rows },
    counts,
    volumeFile: volume.file,
    journal,
    middleMm: midlineOf(image.shape, image.voxelToWorldMm),
  })
  journal.taken.push(
    `${drawn.length} regions of ${counts.size} labels: voxels from ${volume.file} (${volume.format}, ${image.shape.join(' x ')}), ` +
      `names from ${table.file} (${table.format}, ${reading.column})`,
  )
  return {
    name,
    regions,
    maps: [
      {
        kind: 'labelled',
        volumes: [plannedVolume(`${slug}-labels`, { ...volume, image }, isRewritten)],
        indices: drawn.map(({ name: region, label }) => [region, [{ volume: 0, label }]]),
      },
    ],
  }
}

/** Where the table has no colours, those that a companion gives to the same label and name, or a list of colours to the label. */
function withColours(
  rows: readonly TableRow[],
  { companions = [], colours }: LabelledSource,
  labels: ReadonlySet<number>,
  journal: Journal,
): TableRow[] {
  const given = new Map<string, { rgb: string; file: string }>()
  for (const companion of companions) {
    for (const { label, name, rgb } of bestReading(companion, labels).rows) {
      if (rgb && label !== null && labels.has(label)) given.set(`${label} ${name}`, { rgb, file: companion.file })
    }
  }
  const used = new Set<string>()
  const coloured = rows.map((row) => {
    if (row.rgb) return row
    const other = given.get(`${row.label} ${row.name}`)
    if (other) used.add(other.file)
    const rgb = other?.rgb ?? (row.label === null ? undefined : colours?.get(row.label))
    return rgb ? { ...row, rgb } : row
  })
  for (const file of used) journal.taken.push(`colours from ${file}, for the same labels and names`)
  return coloured
}
