/** The live queries by feature type: run, kept, and found again by the ids of what they made. */

import type { AtlasCore } from '../atlas/atlas-core.ts'
import { lookUpRegion } from '../core/search/region-search.ts'
import type { Region } from '../core/types.ts'
import { SiibraError } from '../errors.ts'
import type { LiveFeature, RecordingConditions } from '../features/feature.ts'
import type { FeatureTypeName } from '../features/types.ts'
import { parseFeatureType } from '../features/types.ts'
import { createByteBoundedCache } from '../retrieval/cache/byte-bounded-cache.ts'
import { oncePer } from '../retrieval/cache/once-per.ts'
import type { LiveQuery, LiveQueryOptions } from './live-query.ts'

/** By type; their code is loaded when it is asked for. */
const QUERIES: Partial<Record<FeatureTypeName, () => Promise<LiveQuery>>> = {
  BigBrainIntensityProfile: async () => (await import('./bigbrain/queries.ts')).queryIntensityProfiles,
  LayerwiseBigBrainIntensities: async () => (await import('./bigbrain/queries.ts')).queryLayerwiseIntensities,
  GeneExpressions: async () => (await import('./allen.ts')).queryGeneExpressions,
  EbrainsDataFeature: async () => (await import('./ebrains.ts')).queryEbrainsDatasets,
  LocalFieldPotential: async () => (await import('./field-potentials.ts')).queryFieldPotentials,
  RegionalLocalFieldPotential: async () => (await import('./field-potentials.ts')).queryRegionalFieldPotentials,
}

/** Features of a type that are made for a region; none for types that come from the configuration. */
export async function runLiveQuery(
  core: AtlasCore,
  type: FeatureTypeName,
  region: Region,
  { genes, signal }: LiveQueryOptions = {},
): Promise<LiveFeature[]> {
  const query = await QUERIES[type]?.()
  if (!query) return []
  const asked = type === 'GeneExpressions' ? (genes ?? []) : []
  const key = [type, region.parcellation.id, region.id, region.name, ...asked].join('\n')
  const run = (shared: AbortSignal) => query(core, region, { genes, signal: shared })
  return oncePer(core, createLiveAnswers).load(key, run, signal)
}

/** The values that each condition of recordings of field potentials has, sorted. Throws UPSTREAM_UNAVAILABLE, BAD_DATA. */
export async function loadRecordingConditions(
  core: AtlasCore,
  signal?: AbortSignal,
): Promise<Record<keyof RecordingConditions, string[]>> {
  return (await import('./field-potentials.ts')).recordingConditions(core, signal)
}

/** Answers of the queries are kept: they depend on masks and large tables, which do not change. */
const MAX_BYTES = 32 * 1024 * 1024

function createLiveAnswers(_: AtlasCore) {
  return createByteBoundedCache<LiveFeature[]>({ maxBytes: MAX_BYTES, sizeOf: estimateBytes })
}

function estimateBytes(features: LiveFeature[]): number {
  const bytesOf = (feature: LiveFeature) =>
    feature.kind === 'table' ? feature.table.index.length * feature.table.columns.length * 16 : 0
  return features.reduce((sum, feature) => sum + bytesOf(feature) + 4096, 256)
}

const PREFIX = 'lq0::'

export const isLiveId = (id: string): boolean => id.startsWith(PREFIX)

/**
 * Makes the feature of such an id again: `lq0::<type>::p:<parcellation>::r:<region>::<own id>`.
 * Throws NOT_FOUND where the id is broken, or the query gives no such feature (any more).
 */
export async function findLiveFeature(
  core: AtlasCore,
  id: string,
  options: LiveQueryOptions = {},
): Promise<LiveFeature> {
  const { type, region } = parseLiveId(core, id)
  const features = await runLiveQuery(core, type, region, options)
  const feature = features.find((candidate) => candidate.id === id)
  if (!feature) throw notFound(id)
  return feature
}

function notFound(id: string, reason = ''): SiibraError {
  return new SiibraError('NOT_FOUND', `There is no feature ${id}${reason}`, { kind: 'feature', spec: id.slice(0, 200) })
}

function parseLiveId(core: AtlasCore, id: string): { type: FeatureTypeName; region: Region } {
  const [typeName = '', ...context] = id.slice(PREFIX.length).split('::')
  const parcellationId = context.find((part) => part.startsWith('p:'))?.slice(2)
  const regionName = context.find((part) => part.startsWith('r:'))?.slice(2)
  if (parcellationId === undefined || context.length < 2) throw notFound(id, ': its form is not known')
  const parcellation = core.parcellations.get(parcellationId)
  const region = regionName === undefined ? parcellation : lookUpRegion(parcellation, regionName).object
  try {
    const [type] = parseFeatureType(typeName)
    if (type !== undefined) return { type, region }
  } catch {}
  throw notFound(id, `: there is no feature type ${JSON.stringify(typeName)}`)
}
