/**
 * The kinds of features, as siibra-python 0.4a107 arranges them. Clients ask for features by these names,
 * at any level of the tree, and `/feature/_types` lists them.
 */
import { shorten } from '../core/registry.ts'
import { didYouMean, suggestNames } from '../core/search/suggest.ts'
import { SiibraError } from '../errors.ts'

/** All types, in the order in which features of several types are listed for a region. */
const TYPES = [
  { name: 'Feature', parent: null, category: null },
  { name: 'Tabular', parent: 'Feature', category: null },
  { name: 'CorticalProfile', parent: 'Tabular', category: null },
  { name: 'BigBrainIntensityProfile', parent: 'CorticalProfile', category: 'cellular' },
  { name: 'CellDensityProfile', parent: 'CorticalProfile', category: 'cellular' },
  { name: 'GeneExpressions', parent: 'Tabular', category: 'molecular' },
  { name: 'LayerwiseBigBrainIntensities', parent: 'Tabular', category: 'cellular' },
  { name: 'LayerwiseCellDensity', parent: 'Tabular', category: 'cellular' },
  { name: 'ReceptorDensityFingerprint', parent: 'Tabular', category: 'molecular' },
  { name: 'ReceptorDensityProfile', parent: 'CorticalProfile', category: 'molecular' },
  { name: 'RegionalTimeseriesActivity', parent: 'Tabular', category: null },
  { name: 'RegionalBOLD', parent: 'RegionalTimeseriesActivity', category: 'functional' },
  { name: 'InterarealConnectivityMatrix', parent: 'Tabular', category: 'cellular' },
  { name: 'LocalFieldPotential', parent: 'Tabular', category: 'functional' },
  { name: 'RegionalLocalFieldPotential', parent: 'Tabular', category: 'functional' },
  { name: 'RegionalConnectivity', parent: 'Feature', category: null },
  { name: 'FunctionalConnectivity', parent: 'RegionalConnectivity', category: 'connectivity' },
  { name: 'StreamlineCounts', parent: 'RegionalConnectivity', category: 'connectivity' },
  { name: 'StreamlineLengths', parent: 'RegionalConnectivity', category: 'connectivity' },
  { name: 'TracingConnectivity', parent: 'RegionalConnectivity', category: 'connectivity' },
  { name: 'AnatomoFunctionalConnectivity', parent: 'RegionalConnectivity', category: 'connectivity' },
  { name: 'Image', parent: 'Feature', category: null },
  { name: 'CellBodyStainedVolumeOfInterest', parent: 'Image', category: 'cellular' },
  { name: 'BlockfaceVolumeOfInterest', parent: 'Image', category: 'macrostructural' },
  { name: 'DTIVolumeOfInterest', parent: 'Image', category: 'fibres' },
  { name: 'PLIVolumeOfInterest', parent: 'Image', category: 'fibres' },
  { name: 'MRIVolumeOfInterest', parent: 'Image', category: 'macrostructural' },
  { name: 'XPCTVolumeOfInterest', parent: 'Image', category: 'cellular' },
  { name: 'LSFMVolumeOfInterest', parent: 'Image', category: 'cellular' },
  { name: 'MorphometryVolumeOfInterest', parent: 'Image', category: 'macrostructural' },
  { name: 'CellbodyStainedSection', parent: 'Image', category: 'cellular' },
  { name: 'EbrainsDataFeature', parent: 'Feature', category: 'other' },
  { name: 'MarmosetCalbindinDensityProfile', parent: 'Tabular', category: 'cellular' },
  // an addition of this project: tables that people have of the regions of their own atlas
  { name: 'RegionalValues', parent: 'Tabular', category: 'other' },
] as const

/** A new type is one line above; where else it has to be told, the compiler says. */
export type FeatureTypeName = (typeof TYPES)[number]['name']

export interface FeatureType {
  name: FeatureTypeName
  parent: FeatureTypeName | null
  /** null: an abstract type, which only groups others. */
  category: string | null
}

export const FEATURE_TYPES: readonly FeatureType[] = TYPES

const BY_NAME = new Map(FEATURE_TYPES.map((type) => [type.name, type]))

/** The type and those above it, the topmost (`Feature`) first. */
export function lineageOf(name: FeatureTypeName): FeatureTypeName[] {
  const lineage: FeatureTypeName[] = []
  for (let type = BY_NAME.get(name); type; type = type.parent === null ? undefined : BY_NAME.get(type.parent))
    lineage.unshift(type.name)
  return lineage
}

/** The dotted name that `/feature/_types` gives, e.g. `Feature.Tabular.CorticalProfile`. */
export const qualifiedName = (name: FeatureTypeName): string => lineageOf(name).join('.')

export const categoryOf = (name: FeatureTypeName): string | null => BY_NAME.get(name)?.category ?? null

export const isKindOf = (name: FeatureTypeName, ancestor: FeatureTypeName): boolean =>
  lineageOf(name).includes(ancestor)

/** The type itself and all types under it that features can have, in the order of `FEATURE_TYPES`. */
export function concreteTypesOf(name: FeatureTypeName): FeatureTypeName[] {
  return FEATURE_TYPES.filter((type) => type.category !== null && isKindOf(type.name, name)).map((type) => type.name)
}

/** The order of texts by their code units. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * The types that a client's word means, in alphabetical order: every type whose name holds all words of it, and the
 * types under those. Dotted names count by their last part.
 * @throws INVALID_PARAMETER where no type does.
 */
export function parseFeatureType(spec: string): FeatureTypeName[] {
  const last = spec.split('.').at(-1) ?? ''
  const words = last.toLowerCase().split(/\s+/).filter(Boolean)
  const named =
    words.length === 0
      ? []
      : FEATURE_TYPES.filter((type) => words.every((word) => type.name.toLowerCase().includes(word)))
  const found = new Set(named.flatMap((type) => concreteTypesOf(type.name)))
  if (found.size === 0) {
    const similar = suggestNames(
      FEATURE_TYPES.map(({ name }) => ({ name, texts: [name, displayNameOf(name)] })),
      last,
    )
    const message = `type: there is no feature type ${JSON.stringify(shorten(spec))}.${didYouMean(similar)}`
    throw new SiibraError('INVALID_PARAMETER', message, {
      parameter: 'type',
      allowed: FEATURE_TYPES.map((type) => type.name),
      similar,
    })
  }
  return [...found].sort(byText)
}

/** `CorticalProfile` -> `Cortical Profile`, for people to read. */
export function displayNameOf(name: string): string {
  return name
    .replace(/([A-Z][a-z]+)/g, ' $1')
    .replace(/([A-Z][A-Z]+)/g, ' $1')
    .trim()
}
