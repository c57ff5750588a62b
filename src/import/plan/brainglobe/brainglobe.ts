/** BrainGlobe atlases of versions 1 and 2: TIFF, structures.json, metadata.json, meshes in um. */
import { badSource, some } from '../../errors.ts'
import type { Journal } from '../../journal.ts'
import type { NonEmpty } from '../../non-empty.ts'
import { isVolume, type Source, type SourceFile } from '../../source/files.ts'
import { parseJsonTable } from '../../tables/json.ts'
import type { PlannedParcellation, PlannedVolume, ReadVolume, RegionTable } from '../../types.ts'
import { readVolume } from '../../volumes/read-volume.ts'
import { planHemispheres, symmetricHemispheres } from '../hemispheres.ts'
import { type LabelledParcellation, planLabelled } from '../labelled.ts'
import { parseObj, precomputedMeshFiles } from '../meshes.ts'
import { plannedImage } from '../volumes.ts'
import { cornerAffine, parseOrientation, type RasAxes, type Triple, umToMm } from './place.ts'

/** What an atlas says of itself. */
export interface BrainglobeMetadata {
  name: string
  species: string
  citation: string
  link: string
  symmetric: boolean
  /** um. */
  resolution: Triple
  orientation: string
  /** Those of the orientation. */
  axes: RasAxes
  shape: number[] | undefined
}

/** What a source that is an atlas by itself gives. */
export interface PlannedSource {
  name: string
  species?: string | undefined
  description?: string | undefined
  template?: PlannedVolume | undefined
  /** Surfaces of the space, and its name where they say it. */
  spaceVolumes?: PlannedVolume[]
  spaceName?: string | undefined
  parcellations: NonEmpty<PlannedParcellation>
  used: SourceFile[]
  /** The longest side of its volume, mm: what is guessed of the species. */
  extentMm?: number | undefined
}

interface BrainglobeFolder {
  folder: string
  metadataFile: SourceFile
  /** By their names in the folder. */
  files: Map<string, SourceFile>
}

/** The folder of an atlas of version 1 or 2: metadata.json (which names an orientation) with structures.json or an annotation beside it. */
export function findBrainglobe(source: Source): BrainglobeFolder | undefined {
  for (const metadataFile of source.files.filter((one) => /(?:^|\/)metadata\.json$/.test(one.file))) {
    const folder = metadataFile.file.slice(0, -'metadata.json'.length)
    const beside = source.files.filter(
      (one) => one.file.startsWith(folder) && !one.file.slice(folder.length).includes('/'),
    )
    const files = new Map(beside.map((one) => [one.file.slice(folder.length), one]))
    if (files.has('structures.json') || files.has('annotation.tiff') || files.has('annotation.tif'))
      return { folder, metadataFile, files }
  }
  return undefined
}

export async function planBrainglobe(
  source: Source,
  { folder, metadataFile, files }: BrainglobeFolder,
  slug: (name: string) => string,
  journal: Journal,
): Promise<PlannedSource> {
  const metadata = parseMetadata(new TextDecoder().decode(await metadataFile.read()), metadataFile.file)
  const annotationFile = need(files, ['annotation.tiff', 'annotation.tif', 'annotation.nii.gz'], folder)
  const structuresFile = need(files, ['structures.json'], folder)
  const table = parseJsonTable(new TextDecoder().decode(await structuresFile.read()), structuresFile.file)
  if (!table?.isTree)
    throw badSource(
      structuresFile.file,
      'it is no list of structures',
      'Every structure has id, name, acronym and structure_id_path.',
    )
  const annotation = await readPlaced(annotationFile, metadata)
  const used = [metadataFile, annotationFile, structuresFile]
  const name = metadata.name
  const labelled = planLabelled({ name, slug: slug(name), volume: annotation, table }, journal)
  const parcellations: [PlannedParcellation, ...PlannedParcellation[]] = [labelled]
  journal.notes.push(placeNote(metadata))

  const hemispheresFile = files.get('hemispheres.tiff') ?? files.get('hemispheres.tif')
  if (hemispheresFile) {
    const { image } = await readPlaced(hemispheresFile, metadata)
    requireSameShape(image.shape, annotation, hemispheresFile.file)
    parcellations.push(planHemispheres(name, slug(name), image, annotation.image))
    used.push(hemispheresFile)
  } else if (metadata.symmetric) {
    const axis = [...metadata.orientation].findIndex((letter) => 'rl'.includes(letter))
    const image = symmetricHemispheres(annotation.image, axis, metadata.orientation[axis] === 'r')
    parcellations.push(planHemispheres(name, slug(name), image, annotation.image))
    journal.notes.push(
      'The atlas is symmetric: its hemispheres are those of BrainGlobe’s rule, the first half of the right-left axis is right',
    )
  } else journal.notes.push('The atlas is not symmetric, but has no hemispheres.tiff: its hemispheres are left out')

  const templateFile = files.get('reference.tiff') ?? files.get('reference.tif')
  let template: PlannedVolume | undefined
  if (templateFile) {
    const { image } = await readPlaced(templateFile, metadata)
    template = plannedImage(`${slug(name)}-template`, image)
    used.push(templateFile)
  }
  const meshes = source.files.filter(({ file, kind }) => kind === 'mesh' && file.startsWith(`${folder}meshes/`))
  used.push(...addMeshes(meshes, labelled, table, metadata, slug(name), journal))
  return { name, species: metadata.species, description: describe(metadata), template, parcellations, used }
}

/** Meshes named by the ids of structures, in um from the corner. */
function addMeshes(
  files: SourceFile[],
  { maps: [map] }: LabelledParcellation,
  table: RegionTable,
  { axes }: BrainglobeMetadata,
  slug: string,
  journal: Journal,
): SourceFile[] {
  const labels = new Set(table.readings[0].rows.map(({ label }) => label))
  const meshes = files.flatMap((file) => {
    const label = Number(/(\d+)\.obj$/i.exec(file.file)?.[1] ?? Number.NaN)
    return labels.has(label) ? [{ label, file }] : []
  })
  if (meshes.length === 0) return []
  const folder = `volumes/${slug}-meshes`
  const read = async (file: SourceFile) => parseObj(new TextDecoder().decode(await file.read()), file.file)
  const [volume] = map.volumes
  volume.providers['neuroglancer/precompmesh'] = folder
  volume.files.push(
    ...precomputedMeshFiles(
      folder,
      meshes.map(({ label, file }) => ({ label, read: () => read(file) })),
      umToMm(axes),
    ),
  )
  journal.taken.push(`${meshes.length} meshes, turned to RAS and written as a precomputed folder`)
  return meshes.map(({ file }) => file)
}

export function parseMetadata(text: string, file: string): BrainglobeMetadata {
  let json: Record<string, unknown>
  try {
    json = JSON.parse(text)
  } catch (thrown) {
    throw badSource(file, `it is no JSON: ${(thrown as Error).message}`, 'Is the file complete?')
  }
  const { name, resolution, orientation, shape } = json
  if (typeof name !== 'string' || name === '') throw badSource(file, 'the atlas has no name')
  if (!Array.isArray(resolution) || resolution.length !== 3)
    throw badSource(file, `the resolution is ${JSON.stringify(resolution)}`, 'Three sizes in um are needed.')
  if (typeof orientation !== 'string')
    throw badSource(file, 'the orientation is missing', 'It is three letters such as asr.')
  const axes = parseOrientation(orientation, file)
  const resolutionUm: Triple = [Number(resolution[0]), Number(resolution[1]), Number(resolution[2])]
  if (!resolutionUm.every((size) => Number.isFinite(size) && size > 0))
    throw badSource(file, `the resolution ${JSON.stringify(resolutionUm)} is not three sizes above 0`)
  return {
    name,
    species: String(json.species ?? ''),
    citation: String(json.citation ?? ''),
    link: String(json.atlas_link ?? ''),
    symmetric: json.symmetric === true,
    resolution: resolutionUm,
    orientation: orientation.toLowerCase(),
    axes,
    shape: Array.isArray(shape) ? shape.map(Number) : undefined,
  }
}

export const describe = ({ citation, link }: Pick<BrainglobeMetadata, 'citation' | 'link'>): string | undefined =>
  [citation, link].filter((part) => part && part !== 'unpublished').join('\n') || undefined

export function placeNote({ orientation, axes }: BrainglobeMetadata): string {
  const signs = axes.map(([row, sign], at) => `${'xyz'[row]} = ${sign < 0 ? '-' : '+'}${orientation[at]}`)
  return `BrainGlobe has no origin in mm. The corner of the volume is 0, axes are turned to RAS: um / 1000 along the axes ${orientation} are ${signs.join(', ')}`
}

async function readPlaced(file: SourceFile, metadata: BrainglobeMetadata): Promise<ReadVolume> {
  if (!isVolume(file)) throw badSource(file.file, 'it is no volume')
  const volume = await readVolume(file)
  const { shape } = volume.image
  if (metadata.shape && metadata.shape.join() !== shape.join()) {
    throw badSource(
      file.file,
      `it has ${shape.join(' x ')} voxels, but metadata.json says ${metadata.shape.join(' x ')}`,
      'Is it of this atlas and resolution?',
    )
  }
  const voxelToWorldMm = cornerAffine(metadata.axes, resolutionMm(metadata))
  return { ...volume, image: { ...volume.image, voxelToWorldMm }, original: undefined }
}

export const resolutionMm = ({ resolution: [a, b, c] }: Pick<BrainglobeMetadata, 'resolution'>): Triple => [
  a / 1000,
  b / 1000,
  c / 1000,
]

export function requireSameShape(shape: readonly number[], annotation: ReadVolume, file: string): void {
  if (shape.join() === annotation.image.shape.join()) return
  throw badSource(
    file,
    `it has ${shape.join(' x ')} voxels, the annotation ${annotation.image.shape.join(' x ')}`,
    'Both are of the same atlas?',
  )
}

function need(files: ReadonlyMap<string, SourceFile>, names: readonly string[], folder: string): SourceFile {
  for (const name of names) {
    const file = files.get(name)
    if (file) return file
  }
  throw badSource(
    `${folder}metadata.json`,
    `beside it there is no ${names[0]} (there is ${some([...files.keys()])})`,
    'Download the atlas again.',
  )
}
