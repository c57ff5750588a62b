/** `siibra-api import`: from a source in any of the formats to the folder of a configuration. */

import type { Affine } from '../siibra/index.ts'
import { findSpecies, UNSPECIFIED_SPECIES } from '../siibra/index.ts'
import { badFlag } from './errors.ts'
import { type Ask, createJournal, type Journal } from './journal.ts'
import { isNonEmpty } from './non-empty.ts'
import { findBrainglobe, type PlannedSource, planBrainglobe } from './plan/brainglobe/brainglobe.ts'
import { findManifests, planBrainglobeV3 } from './plan/brainglobe/version-3.ts'
import { planFeatures } from './plan/features.ts'
import { planGeneric } from './plan/generic/generic.ts'
import { readHierarchy } from './plan/hierarchy.ts'
import { hasSurfaceLabels, planSurfaces } from './plan/surfaces/surfaces.ts'
import { planTemplate } from './plan/template.ts'
import { isVolume, openFile, openSource, type Source } from './source/files.ts'
import { findTables, parseFormat } from './source/tables.ts'
import type { PlannedAtlas } from './types.ts'
import { parseAffine, readVolume } from './volumes/read-volume.ts'
import { configurationFiles, namedParcellations } from './write/configuration.ts'
import { writeReport } from './write/report.ts'
import { slugOf } from './write/slug.ts'
import { requireFree, writeFolder } from './write/stage.ts'

export interface ImportOptions {
  /** A folder, or the main file with its companions beside it. */
  source: string
  /** The folder that is made; it must not be there, or be empty. */
  out: string
  name?: string | undefined
  species?: string | undefined
  space?: string | undefined
  /** Files. */
  template?: string | undefined
  table?: string | undefined
  hierarchy?: string | undefined
  format?: string | undefined
  /** 12 or 16 numbers, or a volume that has it. */
  affine?: string | undefined
  /** Takes every guess. */
  yes?: boolean | undefined
  /** Asks a person about a guess; without it (and without `yes`) a guess ends the import. */
  ask?: Ask | undefined
  /** Hears what is being done. */
  tell?: (what: string) => void
  /** The command line, for the report. */
  command?: string | undefined
}

export interface Imported {
  atlas: PlannedAtlas
  journal: Journal
  report: string
}

/** Writes all or nothing. Errors: BAD_DATA (the source; file, line, what to do), INVALID_PARAMETER (a flag that is wrong or missing). */
export async function importAtlas(options: ImportOptions): Promise<Imported> {
  await requireFree(options.out)
  const journal = createJournal({ takesGuesses: options.yes === true, ask: options.ask })
  const { tell = () => {} } = options
  const format = parseFormat(options.format)
  const affine = await readAffine(options.affine)
  tell('reading the files')
  const source = await openSource(options.source)
  const planned = await planSource({ options, source, affine, format, journal })
  const name = options.name ?? planned.name
  tell('looking for a template')
  // volumes beside surfaces lie in another space: FreeSurfer's surfaces have an origin of their own
  const hasTemplate = options.template === undefined && (planned.template || planned.spaceVolumes)
  const template = hasTemplate
    ? planned.template
    : await planTemplate(options.template, source, new Set(planned.used), slugOf(name), journal)
  const atlas: PlannedAtlas = {
    name,
    species: await chooseSpecies(options.species ?? planned.species, planned.extentMm, journal),
    description: planned.description,
    space: {
      name: options.space ?? planned.spaceName ?? `${name} space`,
      volumes: [...(template ? [template] : []), ...(planned.spaceVolumes ?? [])],
    },
    parcellations: planned.parcellations,
    features: [],
  }
  tell('reading values by region')
  const { features, files } = await planFeatures({
    source,
    used: new Set(planned.used),
    parcellations: namedParcellations(atlas),
    species: atlas.species,
    journal,
  })
  atlas.features.push(...features)
  planned.used.push(...files)
  if (atlas.space.volumes.length === 0) journal.notes.push('The space has no template; --template gives one')
  listLeftOut(source, planned, options, journal)
  const report = writeReport(atlas, options.source, options.command ?? 'siibra-api import', journal)
  tell('writing the configuration')
  await writeFolder(options.out, [
    ...configurationFiles(atlas),
    { path: 'IMPORT.md', bytes: () => new TextEncoder().encode(report) },
  ])
  return { atlas, journal, report }
}

interface Planning {
  options: ImportOptions
  source: Source
  affine: Affine | undefined
  format: ReturnType<typeof parseFormat>
  journal: Journal
}

async function planSource({ options, source, affine, format, journal }: Planning): Promise<PlannedSource> {
  const slug = (name: string) => slugOf(options.name ?? name)
  if (options.table === undefined && format === undefined) {
    const manifests = await findManifests(source)
    if (isNonEmpty(manifests)) return planBrainglobeV3(source, manifests, slug, journal)
    const brainglobe = findBrainglobe(source)
    if (brainglobe) return planBrainglobe(source, brainglobe, slug, journal)
  }
  const hasSurfaces = hasSurfaceLabels(source)
  if (hasSurfaces && (source.main !== undefined || !source.files.some(isVolume))) {
    const surfaces = await planSurfaces(source, slug, journal)
    if (surfaces) return surfaces
  }
  const found = await findTables(source.files, options.table, format, journal)
  const hierarchy = options.hierarchy === undefined ? undefined : await readHierarchy(options.hierarchy)
  try {
    return await planGeneric({ source, found, name: options.name, slug: slugOf, affine, hierarchy, journal })
  } catch (thrown) {
    // the folder of a subject has volumes of all kinds, and its annotations are what names regions
    const surfaces = hasSurfaces && options.table === undefined ? await planSurfaces(source, slug, journal) : undefined
    if (surfaces) return surfaces
    throw thrown
  }
}

async function readAffine(text: string | undefined): Promise<Affine | undefined> {
  if (text === undefined) return undefined
  const affine = parseAffine(text)
  if (affine) return affine
  if (/^[\s\d.,;+\-eE[\]]+$/.test(text))
    throw badFlag('--affine', `'${text}' is not 12 or 16 numbers (rows of voxel to mm)`)
  const volume = await readVolume(await openFile(text, '--affine'))
  if (!volume.hasPlace) throw badFlag('--affine', `${text} has no affine itself`)
  return volume.image.voxelToWorldMm
}

/** What is given, as siibra spells it where siibra knows it; else a guess from the size of what is drawn. */
async function chooseSpecies(
  given: string | undefined,
  extentMm: number | undefined,
  journal: Journal,
): Promise<string> {
  if (given !== undefined && given.trim() !== '') {
    const known = findSpecies(given)
    if (known) return known
    const name = given.trim().replace(/\s+/g, ' ')
    journal.notes.push(
      `The species '${name}' is none that siibra knows: it is kept as speciesName, beside the species '${UNSPECIFIED_SPECIES}'`,
    )
    return name
  }
  return journal.guess('--species', 'The species is not said.', guessSpecies(extentMm))
}

/** By the longest side of the volume. */
function guessSpecies(extentMm: number | undefined): string {
  if (extentMm === undefined || extentMm > 100) return 'Homo sapiens'
  if (extentMm >= 20 && extentMm <= 50) return 'Rattus norvegicus'
  return extentMm >= 8 && extentMm < 20 ? 'Mus musculus' : UNSPECIFIED_SPECIES
}

/** Every file of a folder that nothing was taken from. */
function listLeftOut(source: Source, { used }: PlannedSource, options: ImportOptions, journal: Journal): void {
  if (source.main) return
  const known = new Set([...used.map(({ path }) => path)])
  const mentioned = [...journal.taken, ...journal.guesses.map(({ what }) => what)].join('\n')
  for (const { file, path, kind } of source.files) {
    if (known.has(path) || journal.leftOut.some((one) => one.file === file) || mentioned.includes(file)) continue
    // the voxels of a header
    if (/\.img(?:\.gz)?$/i.test(path) && known.has(path.replace(/\.img(?:\.gz)?$/i, '.hdr'))) continue
    if (path.endsWith(options.table ?? '\0') || path.endsWith(options.template ?? '\0')) continue
    journal.leftOut.push({ file, why: kind === 'document' ? 'a document' : 'belongs to none of the volumes' })
  }
}
