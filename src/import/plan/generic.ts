/** Volumes with tables: which belongs to which, by XML, by the names of BIDS, by equal names, else by what stands in them. */
import { dirname, join } from 'node:path/posix'
import type { Affine } from '../../siibra/index.ts'
import { voxelSizesOf } from '../../siibra/index.ts'
import { badSource, some } from '../errors.ts'
import type { Journal } from '../journal.ts'
import { inheritedTable, parseBidsName } from '../source/bids.ts'
import { isVolume, type Source, type SourceFile, stemOf } from '../source/files.ts'
import type { FoundTable, FoundTables } from '../source/tables.ts'
import { parseMricronColours } from '../tables/parse-table.ts'
import type { PlannedParcellation, ReadVolume, RegionTable } from '../types.ts'
import { countLabels, evenness, toWholeLabels } from '../volumes/census.ts'
import { readVolume } from '../volumes/read-volume.ts'
import { slugOf } from '../write/slug.ts'
import { placeAllenVolume } from './allen.ts'
import type { PlannedSource } from './brainglobe/brainglobe.ts'
import { withHierarchy } from './hierarchy.ts'
import { planLabelled } from './labelled.ts'
import { planProbabilities } from './probabilities.ts'
import { bestReading, coverage } from './regions.ts'
import { joinProbabilities, separateProbabilities, tableOfMembers } from './separate-probabilities.ts'

export interface GenericOptions {
  source: Source
  found: FoundTables
  name: string | undefined
  slug: (name: string) => string
  affine: Affine | undefined
  hierarchy: RegionTable | undefined
  journal: Journal
}

/** A volume and its table. */
interface Pair {
  file: SourceFile
  volume: ReadVolume
  table: RegionTable
  tableFile: SourceFile | undefined
  /** BIDS probseg: the order of the rows counts. */
  byRow: boolean
  /** Parts of one parcellation (a 4D file and its summary) have the same. */
  group: string
  name: string
  /** Further files that it consists of. */
  others?: readonly SourceFile[]
}

export async function planGeneric(options: GenericOptions): Promise<PlannedSource> {
  const { source, found } = options
  const reader = createVolumes(options)
  const named = await pairXml(options, reader)
  const pairs = named.length > 0 ? named : await pairVolumes(options, reader)
  if (pairs.length === 0) throw nothingFound(source, found)
  const parcellations: PlannedParcellation[] = []
  const used: SourceFile[] = []
  for (const group of new Set(pairs.map((pair) => pair.group))) {
    const parts = pairs.filter((pair) => pair.group === group)
    parcellations.push(await planParcellation(parts, options, pairs.length === parts.length))
    for (const { file, tableFile, others = [] } of parts) used.push(file, ...others, ...(tableFile ? [tableFile] : []))
  }
  const [first] = pairs
  const description = first?.table.atlas?.description
  return {
    name: options.name ?? parcellations[0]!.name,
    species: first?.table.atlas?.species,
    description,
    parcellations,
    used,
    extentMm: extentOf(first!.volume),
  }
}

async function planParcellation(
  parts: readonly Pair[],
  options: GenericOptions,
  isOnly: boolean,
): Promise<PlannedParcellation> {
  const { found, hierarchy, journal, slug, source } = options
  const planned: PlannedParcellation[] = []
  for (const { volume, table, byRow, name: ownName, file } of parts) {
    const name = isOnly ? (options.name ?? ownName) : ownName
    if (volume.image.shape.length === 4) {
      planned.push(await planProbabilities({ name, slug: slug(name), volume, table, byRow }, journal))
      continue
    }
    const colourFile = source.files.find((one) => one.kind === 'colours' && stemOf(one.file) === stemOf(file.file))
    const colours = colourFile && parseMricronColours(await colourFile.read())
    if (colourFile) journal.taken.push(`colours from ${colourFile.file}`)
    const companions = found.tables.map((one) => one.table).filter((one) => one !== table)
    const inTree = hierarchy
      ? withHierarchy(table, bestReading(table, new Set(countLabels(volume.image).keys())), hierarchy, journal)
      : table
    planned.push(planLabelled({ name, slug: slug(name), volume, table: inTree, companions, colours }, journal))
  }
  // the maps of probabilities have all regions; what the summary image draws is among them
  const [first, ...others] = planned as [PlannedParcellation, ...PlannedParcellation[]]
  return { ...first, maps: [...first.maps, ...others.flatMap(({ maps }) => maps)] }
}

interface Volumes {
  read(file: SourceFile): Promise<ReadVolume>
}

/** Each volume is read once. */
function createVolumes({ affine, journal }: GenericOptions): Volumes {
  const known = new Map<SourceFile, Promise<ReadVolume>>()
  const read = async (file: SourceFile) => {
    const volume = await readVolume(file)
    if (!affine) return volume
    journal.notes.push(`${file.file}: the affine is that of --affine`)
    return { ...volume, hasPlace: true, original: undefined, image: { ...volume.image, voxelToWorldMm: affine } }
  }
  return {
    read(file) {
      let volume = known.get(file)
      if (!volume) {
        volume = read(file)
        known.set(file, volume)
      }
      return volume
    },
  }
}

/** Throws where nothing says where the volume lies. */
async function placed(volume: ReadVolume, table: RegionTable, journal: Journal): Promise<ReadVolume> {
  const allen = await placeAllenVolume(volume, table, journal)
  if (allen) return allen
  if (volume.hasPlace) {
    const [a, b, c, , d, e, f, , g, h, i] = volume.image.voxelToWorldMm as unknown as number[]
    const determinant = a! * (e! * i! - f! * h!) - b! * (d! * i! - f! * g!) + c! * (d! * h! - e! * g!)
    if (determinant !== 0 && Number.isFinite(determinant)) return volume
    throw badSource(
      volume.file,
      'its affine is singular: it places all voxels in a plane',
      'Give the right one with --affine.',
    )
  }
  const what = {
    nifti: 'neither qform nor sform',
    nrrd: 'no space, or no space directions',
    mgh: 'no valid RAS (goodRASFlag is 0)',
    tiff: 'no affine: TIFF has none',
    'ome-zarr': 'no affine',
  }[volume.format]
  throw badSource(
    volume.file,
    `its header has ${what}: it has no place in any space`,
    'Say where it lies with --affine "a b c d  e f g h  i j k l" (rows of voxel to mm), or --affine other.nii.gz for that of another volume.',
  )
}

/** Atlases in XML name their images. */
async function pairXml(options: GenericOptions, reader: Volumes): Promise<Pair[]> {
  const { source, found, journal } = options
  const withImages = found.tables.filter(({ table }) => table.images && table.images.length > 0)
  const chosen =
    source.main && withImages.some((one) => one.source === source.main)
      ? withImages.filter((one) => one.source === source.main)
      : withImages
  const pairs: Pair[] = []
  for (const { source: tableFile, table, isGiven } of chosen) {
    const images = table.images!.flatMap(({ file, isSummary }) => {
      const image = findImage(source, isGiven ? '' : tableFile.file, file)
      return image ? [{ image, isSummary }] : []
    })
    if (images.length === 0) {
      // one of the volumes may be meant all the same
      if (source.files.some(isVolume)) continue
      throw badSource(
        table.file,
        `none of its images is there: ${some(table.images!.map(({ file }) => file))}`,
        'Put them where it says, relative to the XML file.',
      )
    }
    const byFile = [...new Map(images.map((one) => [one.image, one])).values()]
    const read = await Promise.all(
      byFile.map(async ({ image, isSummary }) => ({ file: image, volume: await reader.read(image), isSummary })),
    )
    const common = { table, tableFile, byRow: false, group: table.file, name: table.atlas?.name ?? stemOf(table.file) }
    const full = finest(read.filter(({ volume }) => volume.image.shape.length === 4))
    const flat = read.filter(({ volume }) => volume.image.shape.length === 3)
    const summary = finest(full ? flat.filter(({ volume }) => isSameSize(volume, full.volume)) : flat) ?? finest(flat)
    for (const one of full ? [full, summary] : [summary]) {
      if (one) pairs.push({ file: one.file, volume: await placed(one.volume, table, journal), ...common })
    }
    for (const { file } of read.filter((one) => one !== full && one !== summary)) {
      journal.leftOut.push({ file: file.file, why: `a coarser image of ${table.file}` })
    }
    if (!full && table.positions) {
      journal.notes.push(
        `The 4D file of ${table.file} is not there: its summary image was taken, whose value is the index + 1`,
      )
    }
  }
  return pairs
}

/** `/JHU/JHU-ICBM-labels-2mm` is relative to the folder of the XML file, and has no extension. */
function findImage({ files }: Source, xml: string, image: string): SourceFile | undefined {
  const base = join(dirname(xml), image.replace(/^\/+/, ''))
  const volumes = files.filter(isVolume)
  return (
    volumes.find(({ file }) => file === base) ??
    volumes.find(({ file }) => file === `${base}.nii.gz` || file === `${base}.nii`) ??
    // the XML file may have been moved beside the image
    volumes.find(({ file }) => stemOf(file) === stemOf(image))
  )
}

/** The finest of several; of equally fine ones the first. */
function finest<T extends { volume: ReadVolume }>(candidates: readonly T[]): T | undefined {
  const size = ({ volume }: T) => voxelSizesOf(volume.image.voxelToWorldMm).reduce((product, one) => product * one, 1)
  return candidates.reduce<T | undefined>(
    (best, one) => (best && size(best) <= size(one) * 1.001 ? best : one),
    undefined,
  )
}

const isSameSize = (a: ReadVolume, b: ReadVolume) =>
  a.image.shape.slice(0, 3).join() === b.image.shape.slice(0, 3).join()

async function pairVolumes(options: GenericOptions, reader: Volumes): Promise<Pair[]> {
  const { source, found, journal } = options
  const candidates = source.main && isVolume(source.main) ? [source.main] : source.files.filter(isVolume)
  const isOnly = candidates.length === 1
  const pairs: Pair[] = await pairSeparate(candidates, found.tables, reader)
  const separate = new Set(pairs.flatMap(({ file, others = [] }) => [file, ...others]))
  const tried: { file: SourceFile; why: string; error?: unknown }[] = []
  for (const file of candidates) {
    if (separate.has(file) || (isBidsOther(file.file) && !isOnly)) continue
    let volume: ReadVolume
    try {
      volume = await reader.read(file)
    } catch (thrown) {
      tried.push({ file, why: (thrown as Error).message, error: thrown })
      continue
    }
    const match = matchTable(file, volume, found.tables, options, isOnly)
    if (match === undefined) {
      tried.push({ file, why: 'no table names what is in it' })
      continue
    }
    const { table, tableFile, byRow } = match
    const bids = parseBidsName(file.file)
    const entities = ['atlas', 'seg', 'desc', 'scale'].flatMap((key) => bids?.entities.get(key) ?? [])
    const name = table.atlas?.name ?? (entities.join(' ') || stemOf(file.file))
    pairs.push({ file, volume, table, tableFile, byRow, group: file.file, name })
  }
  if (pairs.length === 0) {
    const failed = tried.find(({ error }) => error !== undefined)
    if (failed) throw failed.error
    return []
  }
  const chosen = withNamesApart(await onePerAtlas(pairs, journal))
  const result: Pair[] = []
  for (const pair of chosen) result.push({ ...pair, volume: await placed(pair.volume, pair.table, journal) })
  return result
}

/** BIDS `label-X_probseg` files, one for each region, as the volumes of one. */
async function pairSeparate(files: readonly SourceFile[], tables: readonly FoundTable[], reader: Volumes) {
  const pairs: Pair[] = []
  for (const { name, members } of separateProbabilities(files)) {
    const volume = await joinProbabilities(members, (file) => reader.read(file))
    const first = members[0]!.file
    const inherited = inheritedTable(
      first.file,
      tables.map((one) => ({ ...one, file: one.source.file })),
    )
    const table = tableOfMembers(members, inherited?.table)
    const others = members.slice(1).map(({ file }) => file)
    pairs.push({
      file: first,
      others,
      volume,
      table,
      tableFile: inherited?.source,
      byRow: false,
      group: first.file,
      name,
    })
  }
  return pairs
}

/** Several atlases in one folder may be called the same: the names of their files tell them apart. */
function withNamesApart(pairs: readonly Pair[]): Pair[] {
  const slugs = pairs.map(({ name }) => slugOf(name))
  return pairs.map((pair, i) => {
    const isTwice = slugs.some((slug, other) => other !== i && slug === slugs[i])
    return isTwice ? { ...pair, name: `${pair.name} ${stemOf(pair.file.file)}` } : pair
  })
}

/** By its BIDS name neither labels nor probabilities. */
function isBidsOther(file: string): boolean {
  const name = parseBidsName(file)
  return (
    name !== undefined &&
    name.entities.size > 0 &&
    /^(?:T1w|T2w|T2star|PD|FLAIR|mask|boldref|T1map|T2map|bold|res|template)$/i.test(name.suffix)
  )
}

function matchTable(
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
      const rows = reading!.rows.length + (reading!.zero ? 1 : 0)
      return rows === count || reading!.rows.length === count
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

/** Of the same atlas at several resolutions the finest; of several volumes with one table and the same size, a guess. */
async function onePerAtlas(pairs: readonly Pair[], journal: Journal): Promise<Pair[]> {
  const groups = new Map<string, Pair[]>()
  for (const pair of pairs) {
    const bids = parseBidsName(pair.file.file)
    const entities = bids && [...bids.entities].filter(([key]) => key !== 'res').map((entry) => entry.join('-'))
    const dimension = pair.volume.image.shape.length
    const key =
      entities && entities.length > 0
        ? `${entities.join('_')}_${bids!.suffix}`
        : `${pair.tableFile?.file ?? pair.file.file} ${dimension}`
    groups.set(key, [...(groups.get(key) ?? []), pair])
  }
  const chosen: Pair[] = []
  for (const group of groups.values()) {
    const best = finest(group)!
    const size = (pair: Pair) =>
      voxelSizesOf(pair.volume.image.voxelToWorldMm).reduce((product, one) => product * one, 1)
    const equal = group.filter((pair) => Math.abs(size(pair) - size(best)) < 1e-6 * size(best))
    if (equal.length > 1) {
      await journal.guess(
        '<source>',
        `${equal.map(({ file }) => file.file).join(' and ')} fit ${best.table.file} alike. Which one is it?`,
        best.file.file,
      )
    }
    for (const { file } of group.filter((pair) => pair !== best)) {
      journal.leftOut.push({ file: file.file, why: `${best.file.file} of the same atlas was taken` })
    }
    chosen.push(best)
  }
  return chosen
}

function nothingFound({ given, files }: Source, { tables, broken }: FoundTables): Error {
  if (broken.length > 0) return broken[0]!.error
  const volumes = files.filter(isVolume)
  const cifti = files.find(({ kind }) => kind === 'cifti')
  if (cifti)
    return badSource(
      cifti.file,
      'it is CIFTI, which needs the surfaces of its vertices and is not imported',
      'Export labels as GIFTI or FreeSurfer .annot.',
    )
  if (volumes.length === 0)
    return badSource(
      given,
      'there is no volume in it that can be imported',
      'NIfTI, NRRD, MGH/MGZ, BrainGlobe atlases, FreeSurfer annotations and GIFTI labels can be.',
    )
  const found =
    tables.length === 0
      ? 'no table of regions'
      : `tables (${some(
          tables.map(({ source }) => source.file),
          4,
        )}), but none that names its labels`
  return badSource(
    volumes[0]!.file,
    `there is ${found} for it`,
    'Give one with --table: a column of whole numbers and one of names is enough.',
  )
}

/** The longest side of a volume, mm. */
function extentOf({ image: { shape, voxelToWorldMm } }: ReadVolume): number {
  return Math.max(...voxelSizesOf(voxelToWorldMm).map((size, axis) => size * shape[axis]!))
}
