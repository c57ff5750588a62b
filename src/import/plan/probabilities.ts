/** A 4D file of probabilities, one volume for each region, as a statistical map. */

import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Image } from '../../siibra/index.ts'
import { encodeNifti } from '../../siibra/index.ts'
import { badSource, some } from '../errors.ts'
import type { Journal } from '../journal.ts'
import type { PlannedParcellation, PlannedVolume, ReadVolume, RegionTable, TableRow } from '../types.ts'
import { namedRegions } from './regions.ts'

const gzipAsync = promisify(gzip)
/** From so many volumes on, points are assigned with an index instead of reading each. */
const SPARSE_FROM = 16

export interface ProbabilitiesSource {
  name: string
  slug: string
  volume: ReadVolume
  table: RegionTable
  /** BIDS: the order of the rows counts, not their index. */
  byRow: boolean
}

export async function planProbabilities(source: ProbabilitiesSource, journal: Journal): Promise<PlannedParcellation> {
  const { volume, table, name, slug } = source
  const { image, file } = volume
  const [, , , count = 1] = image.shape
  const divisor = scaleOf(image, file)
  const placed = await positionsOf(source, count, journal)
  const nameless = Array.from({ length: count }, (_, position) => position).filter(
    (position) => !placed.some((one) => one.position === position),
  )
  if (nameless.length > 0)
    journal.notes.push(`Volumes of ${file} without a name (left out; counted from 0): ${some(nameless, 40)}`)
  const { regions, names } = namedRegions(
    placed.map(({ row }) => row),
    journal,
  )
  for (const note of [...volume.notes, ...table.notes]) journal.notes.push(note)
  journal.taken.push(
    `${placed.length} maps of probabilities from ${file} (${count} volumes of ${image.shape.slice(0, 3).join(' x ')}` +
      `${divisor === 1 ? '' : `, stored as 0 to ${divisor}, served as 0 to 1`}), names from ${table.file} (${table.format})`,
  )
  return {
    name,
    regions,
    maps: [
      {
        kind: 'statistical',
        isSparse: placed.length >= SPARSE_FROM,
        volumes: placed.map(({ position }) =>
          plannedPart(`${slug}-probability-${String(position + 1).padStart(3, '0')}`, image, position, divisor),
        ),
        indices: names.map((region, i) => [region, [{ volume: i }]]),
      },
    ],
  }
}

/** What the values are divided by to be 0 to 1. Throws where they are no probabilities. */
function scaleOf({ data }: Image, file: string): 1 | 100 | 255 {
  let largest = 0
  let smallest = 0
  for (let at = 0; at < data.length; at++) {
    const value = data[at]!
    if (value > largest) largest = value
    else if (value < smallest) smallest = value
  }
  if (smallest < -1e-6 || largest > 255 || !Number.isFinite(largest)) {
    throw badSource(
      file,
      `its values go from ${smallest} to ${largest}: no probabilities`,
      'They are stored as 0 to 1, 0 to 100 or 0 to 255.',
    )
  }
  if (largest === 0) throw badSource(file, 'all of its values are 0')
  return largest <= 1.001 ? 1 : largest <= 100.1 ? 100 : 255
}

interface Placed {
  row: TableRow
  /** Which volume of the file, from 0. */
  position: number
}

/** Which row of the table is which volume: BIDS counts rows; else the index counts from 0 or from 1, as its range tells. */
async function positionsOf(
  { table, byRow, volume: { file } }: ProbabilitiesSource,
  count: number,
  journal: Journal,
): Promise<Placed[]> {
  const [reading] = table.readings
  const rows = [...(reading.zero ? [reading.zero] : []), ...reading.rows]
  const inOrder = () => rows.map((row, position) => ({ row, position }))
  const tooMany = (what: string) =>
    badSource(table.file, `${what}, but ${file} has ${count} volumes`, 'Is it the table of this file?')
  if (byRow) {
    if (rows.length > count) throw tooMany(`it has ${rows.length} rows`)
    journal.notes.push(`BIDS: row n of ${table.file} is volume n - 1 of ${file}`)
    return inOrder()
  }
  // what only groups other rows is in no volume
  const indexed = rows.flatMap((row) => (row.label === null ? [] : [{ row, label: row.label }]))
  const largest = Math.max(...indexed.map(({ label }) => label))
  const isZeroBackground = reading.zero !== undefined && /^(?:background|unknown|none|empty)$/i.test(reading.zero.name)
  const first =
    table.positions?.firstIndex ?? (reading.zero === undefined || (largest === count && isZeroBackground) ? 1 : 0)
  const used = first === 1 ? indexed.filter(({ label }) => label !== 0) : indexed
  if (largest - first < count) {
    journal.notes.push(`The index of ${table.file} counts the volumes of ${file} from ${first}`)
    return used
      .filter(({ row }) => !(row === reading.zero && isZeroBackground))
      .map(({ row, label }) => ({ row, position: label - first }))
  }
  if (rows.length !== count) throw tooMany(`its index goes to ${largest} in ${rows.length} rows`)
  await journal.guess(
    '--table',
    `The index of ${table.file} goes to ${largest}, ${file} has ${count} volumes. Are its rows in the order of the volumes?`,
    'yes',
  )
  return inOrder()
}

function plannedPart(name: string, image: Image, position: number, divisor: number): PlannedVolume {
  const path = `volumes/${name}.nii.gz`
  const shape = image.shape.slice(0, 3)
  const size = shape.reduce((product, length) => product * length, 1)
  return {
    providers: { nii: path },
    files: [
      {
        path,
        bytes: () => {
          const stored = image.data.subarray(position * size, (position + 1) * size)
          // a loop: `Float32Array.from` asks an iterator for each voxel, which takes ten times as long
          const data = new Float32Array(stored.length)
          for (let at = 0; at < data.length; at++) data[at] = stored[at]! > 0 ? stored[at]! / divisor : 0
          return gzipAsync(encodeNifti({ data, dtype: 'float32', shape, voxelToWorldMm: image.voxelToWorldMm }), {
            level: 1,
          })
        },
      },
    ],
  }
}
