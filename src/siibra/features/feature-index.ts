/** All features of a configuration, and which of them belong to a region: computed once, so that a listing is a look-up. */
import type { FeatureSpecs } from '../configuration/feature-specs.ts'
import type { ConfigurationProblem } from '../configuration/specification.ts'
import { ancestors, subtree } from '../core/tree.ts'
import type { Parcellation, Region, SpeciesName } from '../core/types.ts'
import { SiibraError } from '../errors.ts'
import { type AnchoredRegion, anchoredRegions, type RegionAliases } from './anchors/anchor-regions.ts'
import { createRegionLookup, type RegionLookup } from './anchors/region-lookup.ts'
import { buildSpecified, isKnownFeatureSpec } from './build.ts'
import { type Anchor, featureId, type ImageFeature, type PreconfiguredFeature } from './feature.ts'
import type { Spaces } from './location.ts'
import { byText, FEATURE_TYPES, type FeatureTypeName } from './types.ts'

export interface FeatureIndex {
  /** By type in the order of `FEATURE_TYPES`, then in the order of the files. */
  features: readonly PreconfiguredFeature[]
  byId: ReadonlyMap<string, PreconfiguredFeature>
  /** Types that the configuration has features of. */
  types: ReadonlySet<FeatureTypeName>
  /**
   * Features whose region is this one, a part of it, or what it is a part of; in the order of `features`. A parcellation
   * as a whole also has those of its species whose region no parcellation knows.
   */
  ofRegion(region: Region): readonly PreconfiguredFeature[]
  /**
   * Features that may lie in the region, but whose own region its parcellation does not know: only their location can
   * tell; in the order of `features`.
   */
  locatedOutside(region: Region): readonly PreconfiguredFeature[]
  images: readonly ImageFeature[]
  /** False where the aliases of regions could not be had: some features are not found then. */
  isComplete: boolean
  /** Files that could not be used. */
  problems: readonly ConfigurationProblem[]
  /** The regions that an anchor means; also for anchors of features made on the fly. */
  regionsOf(anchor: Anchor): readonly AnchoredRegion[]
}

export interface FeatureIndexInput {
  specs: FeatureSpecs
  spaces: Spaces
  parcellations: readonly Parcellation[]
  /** Of siibra's vocabulary; undefined where it cannot be had. */
  aliases: RegionAliases | undefined
}

/** Groups of features with the same region name and species share their regions. */
interface AnchorGroup {
  regions: readonly AnchoredRegion[]
  /** Parcellations in which the name means something. */
  parcellationIds: ReadonlySet<string>
}

const TYPE_ORDER = new Map(FEATURE_TYPES.map(({ name }, i) => [name, i]))

export function buildFeatureIndex(input: FeatureIndexInput): FeatureIndex {
  const problems: ConfigurationProblem[] = []
  const features = buildFeatures(input, problems)
  const groups = createGroups(createRegionLookup(input.parcellations), input.aliases ?? {})
  const byRegion = new Map<string, Set<number>>()
  const located: number[] = []
  const rootIds = (species: SpeciesName) =>
    input.parcellations.filter((parcellation) => parcellation.species === species).map(({ id }) => id)
  features.forEach((feature, i) => {
    const { regions } = groups.of(feature.anchor)
    const isPlaced = regions.length > 0 || feature.anchor.location !== null || feature.kind === 'image'
    for (const id of isPlaced ? relatedRegionIds(regions) : rootIds(feature.anchor.species)) {
      const members = byRegion.get(id)
      if (members) members.add(i)
      else byRegion.set(id, new Set([i]))
    }
    if (feature.anchor.location !== null || feature.kind === 'image') located.push(i)
  })
  const lists = new Map<string, readonly PreconfiguredFeature[]>()
  const pick = (ascending: Iterable<number>) => [...ascending].flatMap((i) => features[i] ?? [])
  return {
    features,
    byId: new Map(features.toReversed().map((feature) => [feature.id, feature])),
    types: new Set(features.map(({ type }) => type)),
    ofRegion(region) {
      let list = lists.get(region.id)
      if (!list) {
        list = pick(byRegion.get(region.id) ?? [])
        lists.set(region.id, list)
      }
      return list
    },
    locatedOutside: (region) =>
      pick(located).filter(
        ({ anchor }) =>
          anchor.species === region.species && !groups.of(anchor).parcellationIds.has(region.parcellation.id),
      ),
    images: features.filter((feature) => feature.kind === 'image'),
    isComplete: input.aliases !== undefined,
    problems,
    regionsOf: (anchor) => groups.of(anchor).regions,
  }
}

function buildFeatures({ specs, spaces }: FeatureIndexInput, problems: ConfigurationProblem[]): PreconfiguredFeature[] {
  const features: PreconfiguredFeature[] = []
  for (const [type, group] of specs) {
    if (!isKnownFeatureSpec(type)) {
      for (const { file } of group)
        problems.push({ file, property: '@type', message: `${JSON.stringify(type)} is not known` })
      continue
    }
    for (const spec of group) {
      try {
        features.push(...buildSpecified(spec, spaces))
      } catch (error) {
        if (!(error instanceof SiibraError)) throw error
        const { property = '', reason = error.message } = error.details
        problems.push({ file: spec.file, property: String(property), message: String(reason) })
      }
    }
  }
  const typeOrder = ({ type }: PreconfiguredFeature) => TYPE_ORDER.get(type) ?? TYPE_ORDER.size
  const fileOrder = (a: PreconfiguredFeature, b: PreconfiguredFeature) => byText(a.file ?? '', b.file ?? '')
  features.sort((a, b) => typeOrder(a) - typeOrder(b) || fileOrder(a, b))
  return separateTwins(features)
}

/**
 * Features of different types that share an id (a slip of the configuration) are told apart: the first keeps it, others
 * get the one that their name gives. Twins of one type are left as they are: the original lists them so, too.
 */
function separateTwins(features: readonly PreconfiguredFeature[]): PreconfiguredFeature[] {
  const types = new Map<string, FeatureTypeName>()
  return features.map((feature) => {
    const { id, type, name, datasets } = feature
    const known = types.get(id)
    types.set(id, known ?? type)
    return known === undefined || known === type ? feature : { ...feature, id: featureId(name, datasets) }
  })
}

function createGroups(lookup: RegionLookup, aliases: RegionAliases) {
  const groups = new Map<string, AnchorGroup>()
  return {
    of(anchor: Anchor): AnchorGroup {
      const key = `${anchor.species}\n${anchor.regionSpec ?? ''}\n${anchor.parcellationId ?? ''}`
      let group = groups.get(key)
      if (!group) {
        const regions = anchoredRegions(anchor, lookup, aliases)
        group = { regions, parcellationIds: new Set(regions.map(({ region }) => region.parcellation.id)) }
        groups.set(key, group)
      }
      return group
    },
  }
}

/** Ids of the regions, of what they are parts of, and of their parts. */
function relatedRegionIds(regions: readonly AnchoredRegion[]): Set<string> {
  const ids = new Set<string>()
  for (const { region } of regions) {
    for (const { id } of [...ancestors(region), ...subtree(region)]) ids.add(id)
  }
  return ids
}
