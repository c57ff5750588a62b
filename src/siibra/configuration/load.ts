import { createRegistry, type Registry } from '../core/registry.ts'
import { specMatches, specMatchesAsAscii } from '../core/search/region-search.ts'
import type { Atlas, AtlasConcept, Parcellation, ParcellationMap, Space } from '../core/types.ts'
import { SiibraError } from '../errors.ts'
import { buildAtlas } from './atlases.ts'
import { type FeatureSpecs, groupFeatureSpecs } from './feature-specs.ts'
import { keysInFileOrder } from './key-order.ts'
import { buildMap } from './maps.ts'
import { buildParcellation, regionsSharingIds } from './parcellations.ts'
import type { ConfigurationFiles } from './source/files.ts'
import { buildSpace } from './spaces.ts'
import {
  type ConfigurationProblem,
  createReader,
  isObject,
  type Specification,
  type SpecificationReader,
} from './specification.ts'

export interface LoadedConfiguration {
  atlases: Registry<Atlas>
  spaces: Registry<Space>
  parcellations: Registry<Parcellation>
  maps: Registry<ParcellationMap>
  /** Read on first use: most of the files are features, and most threads need none. Adds to `problems`. */
  featureSpecs(): Promise<FeatureSpecs>
  /** What could not be used, with file and property. */
  problems: ConfigurationProblem[]
}

interface ParsedFile {
  path: string
  spec: Specification
  baseUrl: string | undefined
}

/** One of the configurations that are read together. */
export interface ConfigurationPart {
  files: ConfigurationFiles
  /** Where the files beside it are mounted (`Retrieval.mount`). */
  baseUrl?: string | undefined
}

type Build<T> = (reader: SpecificationReader, spec: Specification) => T

/**
 * Reads configurations of either schema version (siibra-configurations' v04 and newer). Files count in the order of
 * their sorted names; of objects with the same `@id` in one configuration the later stands in the place of the earlier. Maps of the older
 * schema have no ids, there it is the name that counts. Of several configurations the first named counts: see `mergeParts`. What cannot
 * be used is left out and told in `problems`. Throws BAD_CONFIGURATION where nothing is left.
 */
export async function readConfiguration(parts: readonly ConfigurationPart[]): Promise<LoadedConfiguration> {
  const problems: ConfigurationProblem[] = []
  const sources = await Promise.all(
    parts.map(async ({ files, baseUrl }) => ({
      files,
      baseUrl,
      paths: (await files.list()).sort(),
      problems,
      label: parts.length > 1 ? `${files.source}: ` : '',
    })),
  )

  const spaceParts = await readParts(sources, 'spaces/', buildSpace)
  const spaces = createRegistry({ kind: 'space', ...mergeParts(spaceParts, problems) })
  const buildParcellationHere: Build<Parcellation> = (reader, spec) => {
    const parcellation = buildParcellation(reader, spec)
    for (const { id, names } of regionsSharingIds(parcellation)) {
      const quoted = names.map((name) => `'${name}'`).join(', ')
      const message = `has regions whose names differ only in signs, and which share the @id ${id}: ${quoted}`
      problems.push({ file: reader.file, property: 'regions', message })
    }
    return parcellation
  }
  const parcellationParts = await readParts(sources, 'parcellations/', buildParcellationHere)
  const parcellations = createRegistry({
    kind: 'parcellation',
    ...mergeParts(parcellationParts, problems),
    matches: specMatches,
    matchesLoosely: specMatchesAsAscii,
    isLess: isOlderParcellation,
  })
  const buildAtlasHere: Build<Atlas> = (reader, spec) => {
    const atlas = buildAtlas(reader, spec)
    const missing = [
      ...atlas.spaceIds.filter((id) => !spaces.byId(id)).map((id) => ['spaces', id] as const),
      ...atlas.parcellationIds.filter((id) => !parcellations.byId(id)).map((id) => ['parcellations', id] as const),
    ]
    for (const [property, id] of missing) {
      problems.push({ file: reader.file, property, message: `names '${id}', which the configuration does not have` })
    }
    return atlas
  }
  const atlasParts = await readParts(sources, 'atlases/', buildAtlasHere)
  const atlases = createRegistry({ kind: 'atlas', ...mergeParts(atlasParts, problems, joinAtlases) })
  const buildMapHere: Build<ParcellationMap> = (reader, spec) => buildMap(reader, spec, { spaces, parcellations })
  const mapParts = await readParts(sources, 'maps/', buildMapHere)
  const maps = createRegistry({ kind: 'map', ...mergeParts(mapParts, problems) })
  if ([atlases, spaces, parcellations].every(({ all }) => all.length === 0)) {
    const from = parts.map(({ files }) => files.source).join(', ')
    const first = problems[0] ? `; the first problem is in ${problems[0].file}: ${problems[0].message}` : ''
    throw new SiibraError('BAD_CONFIGURATION', `There is no usable configuration in ${from}${first}`, { source: from })
  }

  let featureSpecs: Promise<FeatureSpecs> | undefined
  const readFeatureSpecs = async () => {
    const parsed: ParsedFile[] = []
    for (const source of sources) for await (const file of parseFiles(source, 'features/')) parsed.push(file)
    return groupFeatureSpecs(parsed, problems)
  }
  return {
    atlases,
    spaces,
    parcellations,
    maps,
    featureSpecs: () => {
      featureSpecs ??= readFeatureSpecs()
      return featureSpecs
    },
    problems,
  }
}

/** Where files come from, and where problems with them go. */
interface ConfigurationSource extends ConfigurationPart {
  /** Sorted. */
  paths: readonly string[]
  problems: ConfigurationProblem[]
  /** Stands before the names of its files in messages, where there are several configurations. */
  label: string
}

/** The files of a folder one by one, so that none is kept in memory longer than it takes to build its object. */
async function* parseFiles(
  { files, paths, problems, label, baseUrl }: ConfigurationSource,
  folder: string,
): AsyncGenerator<ParsedFile> {
  const decoder = new TextDecoder()
  for (const path of paths) {
    if (!path.startsWith(folder)) continue
    const file = label + path
    try {
      const bytes = files.read(path)
      const text = decoder.decode(bytes instanceof Promise ? await bytes : bytes)
      const spec: unknown = JSON.parse(text)
      if (isObject(spec)) yield { path: file, spec: isObject(spec.files) ? withFileOrder(spec, text) : spec, baseUrl }
      else problems.push({ file, property: '', message: 'is not a JSON object' })
    } catch (error) {
      problems.push({ file, property: '', message: `cannot be read: ${(error as Error).message}` })
    }
  }
}

/** Data files of features count in the order of the specification, which the parsed object has lost. */
const withFileOrder = (spec: Specification, text: string): Specification => ({
  ...spec,
  files_order: keysInFileOrder(text, 'files'),
})

/** What one of several configurations has of a kind. */
interface PartObjects<T> {
  objects: T[]
  /** What an object is known by: its `@id`, or (maps of the older schema) its key. */
  identify: (object: T) => string
  /** The configuration, for messages. */
  source: string
}

async function readParts<T extends AtlasConcept>(
  sources: readonly ConfigurationSource[],
  folder: string,
  build: Build<T>,
): Promise<PartObjects<T>[]> {
  const parts: PartObjects<T>[] = []
  for (const source of sources) parts.push(await readObjects(source, folder, build))
  return parts
}

/** Objects by `@id`; by key where some have none (maps of the older schema), since it is the name that counts there. */
async function readObjects<T extends AtlasConcept>(
  source: ConfigurationSource,
  folder: string,
  build: Build<T>,
): Promise<PartObjects<T>> {
  const objects: T[] = []
  let haveIds = true
  for await (const { path, spec, baseUrl } of parseFiles(source, folder)) {
    try {
      objects.push(build(createReader(path, baseUrl), spec))
      haveIds &&= '@id' in spec
    } catch (error) {
      if (!(error instanceof SiibraError)) throw error
      const { property = '', reason = error.message } = error.details
      source.problems.push({ file: path, property: String(property), message: String(reason) })
    }
  }
  const identify = haveIds ? ({ id }: T) => id : ({ key }: T) => key
  const unique = [...new Map(objects.map((object) => [identify(object), object])).values()]
  return { objects: unique, identify, source: source.files.source }
}

/**
 * The objects of several configurations together. An `@id` that an earlier one has is left out of a later one (`join` may take something
 * of it into the earlier), and told. A name that an earlier one has is told, too: both stay, and look-ups by the name find the earlier.
 */
function mergeParts<T extends AtlasConcept>(
  parts: readonly PartObjects<T>[],
  problems: ConfigurationProblem[],
  join?: (earlier: T, later: T) => T,
): { objects: T[]; preferred: T[] } {
  const taken = new Map<string, { at: number; source: string }>()
  const keys = new Map<string, string>()
  const all: T[] = []
  for (const { objects, identify, source } of parts) {
    for (const object of objects) {
      const earlier = taken.get(identify(object))
      if (!earlier) {
        const named = keys.get(object.key)
        if (named !== undefined && named !== source) {
          const message = `the name '${object.name}' is also that of an object of ${named}, which look-ups by this name find`
          problems.push({ file: source, property: 'name', message })
        }
        if (named === undefined) keys.set(object.key, source)
        taken.set(identify(object), { at: all.push(object) - 1, source })
        continue
      }
      const first = all[earlier.at]
      if (join && first) all[earlier.at] = join(first, object)
      const what = join ? 'its spaces and parcellations are added to it' : 'it is left out'
      const message = `'${identify(object)}' is already one of ${earlier.source}: ${what}`
      problems.push({ file: source, property: '@id', message })
    }
  }
  const asTaken = (identity: string) => all[taken.get(identity)?.at ?? -1] ?? []
  const preferred = parts
    .toReversed()
    .flatMap(({ objects, identify }) => objects.flatMap((object) => asTaken(identify(object))))
  return { objects: all, preferred }
}

const joinAtlases = (earlier: Atlas, later: Atlas): Atlas => ({
  ...earlier,
  spaceIds: [...new Set([...earlier.spaceIds, ...later.spaceIds])],
  parcellationIds: [...new Set([...earlier.parcellationIds, ...later.parcellationIds])],
})

/** By version where both have one, else by name. Not transitive: see `sortDescending`. */
function isOlderParcellation(a: Parcellation, b: Parcellation): boolean {
  return a.version && b.version ? a.version.name < b.version.name : a.name < b.name
}
