/** Volumes with tables become parcellations. */
import { voxelSizesOf } from '../../../siibra/index.ts'
import { badSource, some } from '../../errors.ts'
import { isVolume, type Source, type SourceFile, stemOf } from '../../source/files.ts'
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
