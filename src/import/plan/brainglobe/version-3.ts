/** BrainGlobe atlases of version 3: a manifest, OME-Zarr, terminology.csv, in parts that lie beside each other below one root. */
import { readFile, stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { SiibraError } from '../../../siibra/index.ts'
import { badSource, some } from '../../errors.ts'
import type { Journal } from '../../journal.ts'
import { mapNonEmpty, type NonEmpty } from '../../non-empty.ts'
import type { Source, SourceFile } from '../../source/files.ts'
import { parseDelimited } from '../../tables/delimited.ts'
import { decodeText } from '../../tables/text.ts'
import type { PlannedParcellation, PlannedVolume, ReadVolume, RegionTable } from '../../types.ts'
import { chunkNames, readZarr, torn, zarrLevels } from '../../volumes/ome-zarr.ts'
import { planHemispheres, symmetricHemispheres } from '../hemispheres.ts'
import { planLabelled } from '../labelled.ts'
import { plannedImage } from '../volumes.ts'
import {
  type BrainglobeMetadata,
  describe,
  type PlannedSource,
  parseMetadata,
  placeNote,
  requireSameShape,
  resolutionMm,
} from './brainglobe.ts'
import { cornerAffine, hasSizes } from './place.ts'

/** Of the face of a missing chunk that is drawn on the other side: where it is more, what is drawn would go on. */
const CERTAINLY_TORN = 0.25

interface Manifest extends BrainglobeMetadata {
  file: SourceFile
  /** Of the parts, absolute. */
  annotations: string
  terminology: string
  template: string | undefined
}

/** Manifests of atlases below the source; those of coordinate spaces and other parts are none. */
export async function findManifests(source: Source): Promise<SourceFile[]> {
  const candidates = source.main?.file.endsWith('manifest.json')
    ? [source.main]
    : source.files.filter(({ file }) => /(?:^|\/)manifest\.json$/.test(file))
  const found: SourceFile[] = []
  for (const file of candidates) {
    const text = new TextDecoder().decode(await file.read())
    if (/"annotation_set"/.test(text) && /"terminology"/.test(text)) found.push(file)
  }
  return found
}

export async function planBrainglobeV3(
  source: Source,
  manifests: NonEmpty<SourceFile>,
  slug: (name: string) => string,
  journal: Journal,
): Promise<PlannedSource> {
  const parsed = await Promise.all(mapNonEmpty(manifests, parseManifest))
  const names = new Set(parsed.map(({ name }) => name))
  if (names.size > 1) {
    throw badSource(
      source.given,
      `there are several atlases in it: ${some([...names])}`,
      'Import one of them by its manifest.json.',
    )
  }
  // the finest resolution is the atlas; the others are the same, coarser
  const [manifest, ...coarser] = parsed.sort((a, b) => a.resolution[0] - b.resolution[0])
  for (const { file, resolution } of coarser) {
    journal.leftOut.push({
      file: file.file,
      why: `the same atlas at ${resolution[0]} um; ${manifest.resolution[0]} um is finer. Its manifest.json as source takes it`,
    })
  }
  const { name } = manifest
  const table = await readTerminology(manifest, source)
  const annotation = await readLevel(
    join(manifest.annotations, 'annotations_compressed.ome.zarr'),
    manifest,
    source,
    journal,
  )
  const labelled = planLabelled({ name, slug: slug(name), volume: annotation, table }, journal)
  const parcellations: [PlannedParcellation, ...PlannedParcellation[]] = [labelled]
  journal.notes.push(placeNote(manifest))

  const hemispheresFolder = join(manifest.annotations, 'hemispheres.ome.zarr')
  if (await exists(hemispheresFolder)) {
    try {
      const hemispheres = await readLevel(hemispheresFolder, manifest, source, journal)
      requireSameShape(hemispheres.image.shape, annotation, hemispheres.file)
      parcellations.push(planHemispheres(name, slug(name), hemispheres.image, annotation.image))
    } catch (thrown) {
      // BrainGlobe fetches them when they are asked for, which they mostly never were
      if (!(thrown instanceof SiibraError)) throw thrown
      const file = relativeTo(source, hemispheresFolder)
      journal.leftOut.push({ file, why: thrown.message })
      journal.warnings.push(`The hemispheres cannot be read, and are left out: ${thrown.message}`)
    }
  } else if (manifest.symmetric) {
    const axis = [...manifest.orientation].findIndex((letter) => 'rl'.includes(letter))
    const image = symmetricHemispheres(annotation.image, axis, manifest.orientation[axis] === 'r')
    parcellations.push(planHemispheres(name, slug(name), image, annotation.image))
  }
  const template = await readTemplate(manifest, source, slug(name), journal)
  if (await exists(join(manifest.annotations, 'annotations.precomputed', 'mesh'))) {
    journal.leftOut.push({
      file: `${relativeTo(source, manifest.annotations)}/annotations.precomputed`,
      why: 'its meshes are compressed (draco), which is not read; the voxels are those of the Zarr arrays',
    })
  }
  return {
    name,
    species: manifest.species,
    description: describe(manifest),
    template,
    parcellations,
    used: [...manifests],
  }
}

async function readTemplate(
  manifest: Manifest,
  source: Source,
  slug: string,
  journal: Journal,
): Promise<PlannedVolume | undefined> {
  if (manifest.template === undefined) return undefined
  const folder = join(manifest.template, 'template.ome.zarr')
  if (!(await exists(folder))) {
    journal.leftOut.push({ file: relativeTo(source, folder), why: 'the template is not there: the space has none' })
    return undefined
  }
  try {
    const { image } = await readLevel(folder, manifest, source, journal)
    return plannedImage(`${slug}-template`, image)
  } catch (thrown) {
    // regions are served without it; it is only said
    journal.leftOut.push({ file: relativeTo(source, folder), why: (thrown as Error).message })
    return undefined
  }
}

/** Locations begin with `/` and are relative to the root, `brainglobe-atlasapi`; dots of versions are underscores in them. */
async function parseManifest(file: SourceFile): Promise<Manifest> {
  const text = new TextDecoder().decode(await file.read())
  const metadata = parseMetadata(text, file.file)
  const json = JSON.parse(text) as Record<string, { location?: unknown } | undefined>
  const ownLocation = (JSON.parse(text) as { location?: unknown }).location
  const root = rootOf(file.path, typeof ownLocation === 'string' ? ownLocation : undefined)
  const locationOf = (part: string) => {
    const location = json[part]?.location
    return typeof location === 'string' ? join(root, location) : undefined
  }
  const need = async (part: string) => {
    const folder = locationOf(part)
    if (folder === undefined) throw badSource(file.file, `it names no location of the ${part}`)
    if (!(await exists(folder)))
      throw badSource(
        file.file,
        `the ${part} is not at ${relative(root, folder)}`,
        'Import the whole folder brainglobe-atlasapi, or download the atlas again.',
      )
    return folder
  }
  return {
    ...metadata,
    file,
    annotations: await need('annotation_set'),
    terminology: await need('terminology'),
    template: locationOf('template'),
  }
}

/** The manifest lies at `<root><location>/manifest.json`. */
function rootOf(path: string, location: string | undefined): string {
  const folder = dirname(path)
  const steps = (location ?? '/atlases/name/version').split('/').filter((step) => step !== '').length
  return join(folder, ...Array.from({ length: steps }, () => '..'))
}

async function readTerminology({ terminology }: Manifest, source: Source): Promise<RegionTable> {
  const path = join(terminology, 'terminology.csv')
  const file = relativeTo(source, path)
  const bytes = await readFile(path).catch(() => undefined)
  if (!bytes) throw badSource(file, 'it is not there', 'Download the atlas again.')
  const decoded = decodeText(bytes)
  const table = decoded && parseDelimited(decoded.text, file)
  if (!table?.isTree)
    throw badSource(
      file,
      'it is no terminology',
      'Its columns are identifier, parent_identifier, annotation_value, name, abbreviation ...',
    )
  return table
}

async function readLevel(folder: string, manifest: Manifest, source: Source, journal: Journal): Promise<ReadVolume> {
  const file = relativeTo(source, folder)
  if (!(await exists(folder))) throw badSource(file, 'it is not there', 'Download the atlas again.')
  const wantedMm = resolutionMm(manifest)
  const levels = await zarrLevels(folder, file)
  const level = levels.find(({ scale }) => hasSizes(scale, wantedMm))
  if (!level) {
    const offered = levels.map(({ scale }) => scale.join(' x ')).join(', ')
    throw badSource(
      file,
      `no level has the resolution of the manifest, ${wantedMm.join(' x ')} mm (there are ${offered})`,
    )
  }
  const array = await readZarr(join(folder, level.path), `${file}/${level.path}`)
  if (array.missing.length > 0) {
    const beside = torn(array)
    const certain = beside.filter(({ share }) => share > CERTAINLY_TORN)
    const place = `${file}/${level.path}`
    const said = (chunks: readonly number[][]) => `${chunks.length} of ${array.chunkCount} chunks`
    if (certain.length > 0) {
      const chunks = certain.map(({ chunk }) => chunk)
      throw badSource(
        place,
        `${said(chunks)} are missing that cannot be empty (${chunkNames(chunks)}): the atlas was fetched in part only`,
        'Open it once with brainglobe-atlasapi, so that it is fetched whole.',
      )
    }
    if (beside.length > 0) {
      const chunks = beside.map(({ chunk }) => chunk)
      await journal.guess(
        '<source>',
        `${place}: ${said(chunks)} have no file though what is drawn ends at their faces (${chunkNames(chunks)}). Are they empty (if not, open the atlas once with brainglobe-atlasapi, so that it is fetched whole)?`,
        'yes',
      )
    }
    journal.notes.push(
      `${place}: ${said(array.missing)} have no file (${chunkNames(array.missing)}): taken as empty, as Zarr says`,
    )
  }
  if (manifest.shape && manifest.shape.join() !== array.shape.join()) {
    throw badSource(
      file,
      `it has ${array.shape.join(' x ')} voxels, but the manifest says ${manifest.shape.join(' x ')}`,
    )
  }
  const voxelToWorldMm = cornerAffine(manifest.axes, wantedMm)
  return {
    file,
    format: 'ome-zarr',
    image: { data: array.data, dtype: array.dtype, shape: array.shape, voxelToWorldMm },
    hasPlace: true,
    notes: [],
  }
}

const exists = async (path: string) => (await stat(path).catch(() => undefined)) !== undefined
const relativeTo = ({ folder }: Source, path: string) => relative(folder, path).split(sep).join('/')
