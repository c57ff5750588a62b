/** Volumes with tables become parcellations. */
import { voxelSizesOf } from '../../../siibra/index.ts'
import { badSource, some } from '../../errors.ts'
import { groupBy, isNonEmpty, type NonEmpty } from '../../non-empty.ts'
import { isVolume, type Source, stemOf } from '../../source/files.ts'
import type { FoundTables } from '../../source/tables.ts'
import { parseMricronColours } from '../../tables/parse-table.ts'
import type { PlannedParcellation, ReadVolume } from '../../types.ts'
import { countLabels } from '../../volumes/census.ts'
import type { PlannedSource } from '../brainglobe/brainglobe.ts'
import { withHierarchy } from '../hierarchy.ts'
import { planLabelled } from '../labelled.ts'
import { planProbabilities } from '../probabilities.ts'
import { bestReading } from '../regions.ts'
import type { GenericOptions, Pair } from './pair.ts'
import { pairVolumes } from './pair-volumes.ts'
import { pairXml } from './pair-xml.ts'
import { createVolumes } from './volumes.ts'

export async function planGeneric(options: GenericOptions): Promise<PlannedSource> {
  const { source, found } = options
  const reader = createVolumes(options)
  const named = await pairXml(options, reader)
  const pairs = named.length > 0 ? named : await pairVolumes(options, reader)
  if (!isNonEmpty(pairs)) throw nothingFound(source, found)
  const groups = groupBy(pairs, ({ group }) => group)
  const [start, ...others] = groups
  const first = await planParcellation(start, options, others.length === 0)
  const parcellations: [PlannedParcellation, ...PlannedParcellation[]] = [first]
  for (const parts of others) parcellations.push(await planParcellation(parts, options, false))
  const [{ table, volume }] = pairs
  return {
    name: options.name ?? first.name,
    species: table.atlas?.species,
    description: table.atlas?.description,
    parcellations,
    used: groups.flat().flatMap(filesOf),
    extentMm: extentOf(volume),
  }
}

const filesOf = ({ file, tableFile, others = [] }: Pair) => [file, ...others, ...(tableFile ? [tableFile] : [])]

/** The maps of probabilities have all regions; what the summary image draws is among them. */
async function planParcellation(
  [start, ...others]: NonEmpty<Pair>,
  options: GenericOptions,
  isOnly: boolean,
): Promise<PlannedParcellation> {
  const first = await planPart(start, options, isOnly)
  const maps = [...first.maps]
  for (const part of others) maps.push(...(await planPart(part, options, isOnly)).maps)
  return { ...first, maps }
}

async function planPart(
  { volume, table, byRow, name: ownName, file }: Pair,
  options: GenericOptions,
  isOnly: boolean,
): Promise<PlannedParcellation> {
  const { found, hierarchy, journal, slug, source } = options
  const name = isOnly ? (options.name ?? ownName) : ownName
  if (volume.image.shape.length === 4)
    return planProbabilities({ name, slug: slug(name), volume, table, byRow }, journal)
  const colourFile = source.files.find((one) => one.kind === 'colours' && stemOf(one.file) === stemOf(file.file))
  const colours = colourFile && parseMricronColours(await colourFile.read())
  if (colourFile) journal.taken.push(`colours from ${colourFile.file}`)
  const companions = found.tables.map((one) => one.table).filter((one) => one !== table)
  const inTree = hierarchy
    ? withHierarchy(table, bestReading(table, new Set(countLabels(volume.image).keys())), hierarchy, journal)
    : table
  return planLabelled({ name, slug: slug(name), volume, table: inTree, companions, colours }, journal)
}

function nothingFound({ given, files }: Source, { tables, broken }: FoundTables): Error {
  const [fault] = broken
  if (fault) return fault.error
  const volume = files.find(isVolume)
  const cifti = files.find(({ kind }) => kind === 'cifti')
  if (cifti)
    return badSource(
      cifti.file,
      'it is CIFTI, which needs the surfaces of its vertices and is not imported',
      'Export labels as GIFTI or FreeSurfer .annot.',
    )
  if (!volume)
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
    volume.file,
    `there is ${found} for it`,
    'Give one with --table: a column of whole numbers and one of names is enough.',
  )
}

/** The longest side of a volume, mm. */
function extentOf({ image: { shape, voxelToWorldMm } }: ReadVolume): number {
  const [x, y, z] = voxelSizesOf(voxelToWorldMm)
  const [ni = 1, nj = 1, nk = 1] = shape
  return Math.max(x * ni, y * nj, z * nk)
}
