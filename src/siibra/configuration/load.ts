import { specMatches } from '../core/region-search.ts'
import { createRegistry, type Registry } from '../core/registry.ts'
import type { Atlas, AtlasConcept, Parcellation, ParcellationMap, Space } from '../core/types.ts'
import { SiibraError } from '../errors.ts'
import { buildAtlas } from './atlases.ts'
import { type FeatureSpecs, groupFeatureSpecs } from './feature-specs.ts'
import { keysInFileOrder } from './key-order.ts'
import { buildMap } from './maps.ts'
import { buildParcellation } from './parcellations.ts'
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
}

type Build<T> = (reader: SpecificationReader, spec: Specification) => T

/**
 * Reads a configuration of either schema version (siibra-configurations' v04 and newer). Files count in the order of
 * their sorted names; of objects with the same `@id` the later stands in the place of the earlier. Maps of the older
 * schema have no ids, there it is the name that counts. What cannot be used is left out and told in `problems`. Throws
 * BAD_CONFIGURATION where nothing is left.
 */
export async function readConfiguration(files: ConfigurationFiles): Promise<LoadedConfiguration> {
  const problems: ConfigurationProblem[] = []
  const paths = (await files.list()).sort((a, b) => (a < b ? -1 : 1))
  const source = { files, paths, problems }

  const spaces = createRegistry({ kind: 'space', objects: await readObjects(source, 'spaces/', buildSpace) })
  const parcellations = createRegistry({
    kind: 'parcellation',
    objects: await readObjects(source, 'parcellations/', buildParcellation),
    matches: specMatches,
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
  const atlases = createRegistry({ kind: 'atlas', objects: await readObjects(source, 'atlases/', buildAtlasHere) })
  const buildMapHere: Build<ParcellationMap> = (reader, spec) => buildMap(reader, spec, { spaces, parcellations })
  const maps = createRegistry({ kind: 'map', objects: await readObjects(source, 'maps/', buildMapHere) })
  if (atlases.all.length + spaces.all.length + parcellations.all.length === 0) {
    const first = problems[0] ? `; the first problem is in ${problems[0].file}: ${problems[0].message}` : ''
    throw new SiibraError('BAD_CONFIGURATION', `There is no usable configuration in ${files.source}${first}`, {
      source: files.source,
    })
  }

  let featureSpecs: Promise<FeatureSpecs> | undefined
  const readFeatureSpecs = async () => {
    const parsed: ParsedFile[] = []
    for await (const file of parseFiles(source, 'features/')) parsed.push(file)
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
interface ConfigurationSource {
  files: ConfigurationFiles
  /** Sorted. */
  paths: readonly string[]
  problems: ConfigurationProblem[]
}

/** The files of a folder one by one, so that none is kept in memory longer than it takes to build its object. */
async function* parseFiles(
  { files, paths, problems }: ConfigurationSource,
  folder: string,
): AsyncGenerator<ParsedFile> {
  const decoder = new TextDecoder()
  for (const path of paths) {
    if (!path.startsWith(folder)) continue
    try {
      const bytes = files.read(path)
      const text = decoder.decode(bytes instanceof Promise ? await bytes : bytes)
      const spec: unknown = JSON.parse(text)
      if (isObject(spec)) yield { path, spec: isObject(spec.files) ? withFileOrder(spec, text) : spec }
      else problems.push({ file: path, property: '', message: 'is not a JSON object' })
    } catch (error) {
      problems.push({ file: path, property: '', message: `cannot be read: ${(error as Error).message}` })
    }
  }
}

/** Data files of features count in the order of the specification, which the parsed object has lost. */
const withFileOrder = (spec: Specification, text: string): Specification => ({
  ...spec,
  files_order: keysInFileOrder(text, 'files'),
})

/** Objects by `@id`; by key where some have none (maps of the older schema), since it is the name that counts there. */
async function readObjects<T extends AtlasConcept>(
  source: ConfigurationSource,
  folder: string,
  build: Build<T>,
): Promise<T[]> {
  const objects: T[] = []
  let haveIds = true
  for await (const { path, spec } of parseFiles(source, folder)) {
    try {
      objects.push(build(createReader(path), spec))
      haveIds &&= '@id' in spec
    } catch (error) {
      if (!(error instanceof SiibraError)) throw error
      const { property = '', reason = error.message } = error.details
      source.problems.push({ file: path, property: String(property), message: String(reason) })
    }
  }
  const identify = haveIds ? ({ id }: T) => id : ({ key }: T) => key
  return [...new Map(objects.map((object) => [identify(object), object])).values()]
}

/** By version where both have one, else by name. Not transitive: see `sortDescending`. */
function isOlderParcellation(a: Parcellation, b: Parcellation): boolean {
  return a.version && b.version ? a.version.name < b.version.name : a.name < b.name
}
