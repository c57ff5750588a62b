import { specMatches } from '../core/region-search.ts'
import { createRegistry, type Registry } from '../core/registry.ts'
import type { Atlas, Parcellation, ParcellationMap, Space } from '../core/types.ts'
import { SiibraError } from '../errors.ts'
import { buildAtlas } from './atlases.ts'
import { type FeatureSpecs, groupFeatureSpecs } from './feature-specs.ts'
import type { ConfigurationFiles } from './files.ts'
import { keysInFileOrder } from './key-order.ts'
import { buildMap } from './maps.ts'
import { buildParcellation } from './parcellations.ts'
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
 * schema have no ids, there it is the name that counts. What cannot be used is left out and told in `problems`. Throws BAD_CONFIGURATION where nothing is left.
 */
export async function readConfiguration(files: ConfigurationFiles): Promise<LoadedConfiguration> {
  const problems: ConfigurationProblem[] = []
  const paths = (await files.list()).sort((a, b) => (a < b ? -1 : 1))
  const read = (folder: string) =>
    parseFiles(
      files,
      paths.filter((path) => path.startsWith(folder)),
      problems,
    )
  const build = <T extends { id: string }>(parsed: ParsedFile[], one: Build<T>) => buildObjects(parsed, one, problems)

  const atlases = createRegistry({ kind: 'atlas', objects: build(await read('atlases/'), buildAtlas) })
  const spaces = createRegistry({ kind: 'space', objects: build(await read('spaces/'), buildSpace) })
  const parcellations = createRegistry({
    kind: 'parcellation',
    objects: build(await read('parcellations/'), buildParcellation),
    matches: specMatches,
    isLess: isOlderParcellation,
  })
  const mapFiles = await read('maps/')
  const maps = createRegistry({
    kind: 'map',
    objects: buildObjects(
      mapFiles,
      (reader, spec) => buildMap(reader, spec, { spaces, parcellations }),
      problems,
      mapFiles.every(({ spec }) => '@id' in spec) ? ({ id }) => id : ({ key }) => key,
    ),
  })
  if (atlases.all.length + spaces.all.length + parcellations.all.length === 0) {
    const first = problems[0] ? `; the first problem is in ${problems[0].file}: ${problems[0].message}` : ''
    throw new SiibraError('BAD_CONFIGURATION', `There is no usable configuration in ${files.source}${first}`, {
      source: files.source,
    })
  }

  let featureSpecs: Promise<FeatureSpecs> | undefined
  const readFeatureSpecs = async () => groupFeatureSpecs(await read('features/'), problems)
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

async function parseFiles(
  files: ConfigurationFiles,
  paths: string[],
  problems: ConfigurationProblem[],
): Promise<ParsedFile[]> {
  const decoder = new TextDecoder()
  const parsed: ParsedFile[] = []
  for (const path of paths) {
    try {
      const bytes = files.read(path)
      const text = decoder.decode(bytes instanceof Promise ? await bytes : bytes)
      const spec: unknown = JSON.parse(text)
      if (isObject(spec)) parsed.push({ path, spec: isObject(spec.files) ? withFileOrder(spec, text) : spec })
      else problems.push({ file: path, property: '', message: 'is not a JSON object' })
    } catch (error) {
      problems.push({ file: path, property: '', message: `cannot be read: ${(error as Error).message}` })
    }
  }
  return parsed
}

/** Data files of features count in the order of the specification, which the parsed object has lost. */
const withFileOrder = (spec: Specification, text: string): Specification => ({
  ...spec,
  files_order: keysInFileOrder(text, 'files'),
})

function buildObjects<T extends { id: string }>(
  parsed: ParsedFile[],
  build: Build<T>,
  problems: ConfigurationProblem[],
  identify: (object: T) => string = ({ id }) => id,
): T[] {
  const objects = new Map<string, T>()
  for (const { path, spec } of parsed) {
    try {
      const object = build(createReader(path), spec)
      objects.set(identify(object), object)
    } catch (error) {
      if (!(error instanceof SiibraError)) throw error
      const { property = '', reason = error.message } = error.details
      problems.push({ file: path, property: String(property), message: String(reason) })
    }
  }
  return [...objects.values()]
}

/** By version where both have one, else by name. Not transitive: see `sortDescending`. */
function isOlderParcellation(a: Parcellation, b: Parcellation): boolean {
  return a.version && b.version ? a.version.name < b.version.name : a.name < b.name
}
