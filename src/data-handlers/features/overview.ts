import { type RegionOverviewModel, RegionOverviewParams } from '../../models/feature-tables.ts'
import { serializeFeature } from '../../serialization/features.ts'
import { serializeRegion, serializeRegionName, serializeRelation } from '../../serialization/regions.ts'
import {
  type AtlasCore,
  ancestors,
  createGaps,
  displayNameOf,
  FEATURE_TYPES,
  type Feature,
  type FeatureTypeName,
  findRelatedRegions,
  type Gaps,
  listPreconfigured,
  loadFeatureFacts,
  type Region,
  runLiveQuery,
  SiibraError,
} from '../../siibra/index.ts'
import type { DataHandler, HandlerContext } from '../../tasks/task.ts'
import { bestViewPoint } from '../core/best-view-point.ts'
import { gapHeaders } from '../gap-header.ts'
import { lookUpRequestedRegion } from '../look-up-region.ts'
import { matchHeaders } from '../match-header.ts'

/** What other services are asked for within that time is told; what comes later is not waited for. */
const LIVE_WITHIN_MS = 10_000

/** What a viewer shows of a region, in one answer. */
export const regionOverview: DataHandler<RegionOverviewParams> = {
  name: 'region_overview',
  queue: 'features',
  params: RegionOverviewParams,
  async run({ parcellation_id, region_id, space_id, size }, context) {
    const core = await context.core()
    const parcellation = core.parcellations.lookUp(parcellation_id)
    const found = lookUpRequestedRegion(parcellation.object, region_id)
    const space = space_id === undefined ? undefined : core.spaces.lookUp(space_id)
    const region = found.object
    if (region.kind === 'parcellation') {
      const message = `'${region_id}' means the parcellation '${region.name}' as a whole, not one of its regions`
      throw new SiibraError('NOT_FOUND', message, { parameter: 'region_id' })
    }
    const gaps = createGaps()
    const [viewPoint, relations, features] = await Promise.all([
      space && bestViewPoint(core, region, space.object, { extent: undefined, signal: context.signal }),
      findRelatedRegions(core, region),
      featuresByType(core, region, { size, gaps, context }),
    ])
    const overview: RegionOverviewModel = {
      region: serializeRegion(region, { bestViewPoint: viewPoint }),
      parcellation: { '@id': parcellation.object.id, name: parcellation.object.name },
      space: space ? { '@id': space.object.id } : null,
      centre: viewPoint ? viewPoint.coordinates.map(({ value }) => value) : null,
      ancestors: ancestors(region)
        .toReversed()
        .filter(({ kind }) => kind !== 'parcellation')
        .map(serializeRegionName),
      children: region.children.map(serializeRegionName),
      related: { total: relations.length, items: relations.slice(0, size).map(serializeRelation) },
      features,
    }
    return { json: overview, headers: { ...matchHeaders({ parcellation, region: found, space }), ...gapHeaders(gaps) } }
  },
}

const CONCRETE_TYPES = FEATURE_TYPES.filter(({ category }) => category !== null).map(({ name }) => name)

interface Asked {
  size: number
  gaps: Gaps
  context: HandlerContext
}

/** How many features there are of each type, and the first of them; types without any are left out. */
async function featuresByType(core: AtlasCore, region: Region, { size, gaps, context }: Asked) {
  const { signal, remapProviders: remap } = context
  const listed = await Promise.all(CONCRETE_TYPES.map((type) => listType(core, type, region, signal)))
  const told = CONCRETE_TYPES.map(async (type, i) => {
    const made = listed[i]
    const features = made ?? []
    if (made === undefined) gaps.areRetryable = true
    const facts = await Promise.all(features.slice(0, size).map((one) => loadFeatureFacts(core, one, { signal })))
    if (facts.some(({ isComplete }) => !isComplete)) gaps.areRetryable = true
    return {
      type,
      display_name: displayNameOf(type),
      total: made === undefined ? null : features.length,
      items: facts.map((one) => serializeFeature(one, { remap })),
    }
  })
  return (await Promise.all(told)).filter(({ total }) => total !== 0)
}

/** The features of a type; undefined where a service that they, or their places, are asked for does not answer (in time). */
async function listType(
  core: AtlasCore,
  type: FeatureTypeName,
  region: Region,
  signal: AbortSignal,
): Promise<readonly Feature[] | undefined> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(LIVE_WITHIN_MS)])
  try {
    const listed = await listPreconfigured(core, region, [type], { signal: within })
    // without a gene there are no expressions
    return type === 'GeneExpressions'
      ? listed
      : [...listed, ...(await runLiveQuery(core, type, region, { signal: within }))]
  } catch {
    signal.throwIfAborted()
    return undefined
  }
}
