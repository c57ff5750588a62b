import type { PagingParams } from '../../../models/parameters/shared.ts'
import { serializeFeature } from '../../../serialization/features.ts'
import type { ProviderRemap } from '../../../serialization/volumes.ts'
import type { Feature, Gaps } from '../../../siibra/index.ts'
import {
  type AtlasCore,
  featureIndex,
  loadFeatureFacts,
  oncePer,
  type Region,
  SiibraError,
} from '../../../siibra/index.ts'
import type { HandlerAnswer } from '../../../tasks/task.ts'
import type { Includable } from './include.ts'

export interface FeaturePageOptions {
  remap?: ProviderRemap | undefined
  gaps: Gaps
  include?: ReadonlySet<Includable> | undefined
  /** The region that the listing is about: anchors tell how features relate to it. */
  asked?: Region | undefined
  signal?: AbortSignal | undefined
}

/** Of the items of one page that comes with data. */
const MAX_DATA_BYTES = 5 * 1024 ** 2
/** Data of so many features are loaded side by side, so that a page that will be refused costs little more than it may. */
const DATA_BATCH = 8

/** One page of a listing of features, put together from their encoded models. Throws INVALID_PARAMETER for too much data. */
export async function featurePage(
  core: AtlasCore,
  features: readonly Feature[],
  { page, size }: PagingParams,
  options: FeaturePageOptions,
): Promise<Extract<HandlerAnswer, { bytes: Uint8Array }>> {
  if (!(await featureIndex(core)).isComplete) options.gaps.areRetryable = true
  const slice = features.slice((page - 1) * size, page * size)
  const items = options.include?.has('data')
    ? await encodeWithData(core, slice, options)
    : await Promise.all(slice.map((feature) => encodeFeature(core, feature, options)))
  const facts = JSON.stringify({ total: features.length, page, size, pages: Math.ceil(features.length / size) })
  const comma = Buffer.from(',')
  const bytes = Buffer.concat([
    Buffer.from('{"items":['),
    ...items.flatMap((item, i) => (i === 0 ? [item] : [comma, item])),
    Buffer.from(`],${facts.slice(1)}`),
  ])
  return { bytes, contentType: 'application/json' }
}

async function encodeWithData(core: AtlasCore, features: readonly Feature[], options: FeaturePageOptions) {
  const items: Buffer[] = []
  let bytes = 0
  for (let at = 0; at < features.length; at += DATA_BATCH) {
    const batch = features.slice(at, at + DATA_BATCH)
    for (const item of await Promise.all(batch.map((feature) => encodeFeature(core, feature, options)))) {
      items.push(item)
      bytes += item.byteLength
    }
    if (bytes > MAX_DATA_BYTES) {
      const message = `include: the first ${items.length} features of this page have ${bytes} bytes with their data; ask for fewer (size)`
      throw new SiibraError('INVALID_PARAMETER', message, { parameter: 'include', maxBytes: MAX_DATA_BYTES })
    }
  }
  return items
}

/** Encoded models of features as they stand in listings: pages of images have half a megabyte, always the same. */
const createEncoded = (_: AtlasCore): WeakMap<Feature, Buffer> => new WeakMap()

async function encodeFeature(core: AtlasCore, feature: Feature, options: FeaturePageOptions): Promise<Buffer> {
  const { remap, gaps, include = new Set(), asked, signal } = options
  const known = oncePer(core, createEncoded)
  const kept = include.size === 0 ? known.get(feature) : undefined
  if (kept) return kept
  const parts = { anchor: include.has('anchor'), data: include.has('data') }
  const facts = await loadFeatureFacts(core, feature, { include: parts, asked, signal })
  const bytes = Buffer.from(JSON.stringify(serializeFeature(facts, { remap })))
  if (!facts.isComplete) gaps.areRetryable = true
  else if (include.size === 0) known.set(feature, bytes)
  return bytes
}
