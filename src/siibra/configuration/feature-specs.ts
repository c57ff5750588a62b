import { type ConfigurationProblem, isObject, type Specification } from './specification.ts'

/** A feature of the configuration, in the newest schema version, not yet understood any further. */
export interface FeatureSpec {
  /** Path of its file. */
  file: string
  /** `@type` after normalisation, e.g. `siibra/feature/connectivitymatrix/v0.3`. */
  type: string
  spec: Specification
  /** Where the files beside its configuration are mounted, for paths in it. */
  baseUrl?: string | undefined
}

/** Features by normalised type, each list in the order of the files. */
export type FeatureSpecs = ReadonlyMap<string, readonly FeatureSpec[]>

/** Groups the files of `features/` by type and translates what newer schema versions call otherwise. */
export function groupFeatureSpecs(
  parsed: readonly { path: string; spec: Specification; baseUrl?: string | undefined }[],
  problems: ConfigurationProblem[],
): FeatureSpecs {
  const groups = new Map<string, FeatureSpec[]>()
  for (const { path, spec, baseUrl } of parsed) {
    const type = spec['@type']
    if (typeof type !== 'string') {
      problems.push({ file: path, property: '@type', message: 'is not a text' })
      continue
    }
    const normalised = normaliseFeature(spec, type)
    const group = groups.get(normalised.type)
    const feature = { file: path, baseUrl, ...normalised }
    if (group) group.push(feature)
    else groups.set(normalised.type, [feature])
  }
  return groups
}

/**
 * - `connectivitymatrix/v0.2` and `connectivity/retrograde/v0.1` become `connectivitymatrix/v0.3`
 *   (`files_indexed_by` says by what the files are indexed: subjects, where nothing is said).
 * - `location/pointset/v0.1` becomes `location/pointcloud/v0.1`.
 */
function normaliseFeature(spec: Specification, type: string): { type: string; spec: Specification } {
  const location = isObject(spec.location) ? normaliseLocation(spec.location) : undefined
  const normalised = location ? { ...spec, location } : spec
  if (type === 'siibra/feature/connectivitymatrix/v0.2' || type === 'siibra/feature/connectivity/retrograde/v0.1') {
    const indexedBy = spec.files_indexed_by ?? 'subject'
    return {
      type: 'siibra/feature/connectivitymatrix/v0.3',
      spec: { ...normalised, files_indexed_by: indexedBy, original_type: type },
    }
  }
  return { type, spec: normalised }
}

function normaliseLocation(location: Specification): Specification | undefined {
  if (location['@type'] !== 'siibra/location/pointset/v0.1') return undefined
  return { ...location, '@type': 'siibra/location/pointcloud/v0.1' }
}
