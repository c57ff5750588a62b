import type { PagingParams } from '../../models/parameters.ts'
import { type FeatureOptions, serializeFeature } from '../../serialization/features.ts'
import { featureIndex } from '../../siibra/features/catalogue.ts'
import type { Feature } from '../../siibra/features/feature.ts'
import type { AtlasCore } from '../../siibra/index.ts'
import type { HandlerAnswer } from '../../tasks/task.ts'

/** Encoded models of features whose listed form is kept: pages of images have half a megabyte, always the same. */
const ENCODED = new WeakMap<object, Buffer>()

async function encodeFeature(core: AtlasCore, feature: Feature, options: FeatureOptions): Promise<Buffer> {
  const model = await serializeFeature(core, feature, options)
  let bytes = ENCODED.get(model)
  if (!bytes) {
    bytes = Buffer.from(JSON.stringify(model))
    ENCODED.set(model, bytes)
  }
  return bytes
}

/** One page of a listing of features, put together from their encoded models. */
export async function featurePage(
  core: AtlasCore,
  features: readonly Feature[],
  { page, size }: PagingParams,
  options: FeatureOptions,
): Promise<Extract<HandlerAnswer, { bytes: Uint8Array }>> {
  if (options.gaps && !(await featureIndex(core)).isComplete) options.gaps.areRetryable = true
  const slice = features.slice((page - 1) * size, page * size)
  const items = await Promise.all(slice.map((feature) => encodeFeature(core, feature, options)))
  const facts = JSON.stringify({ total: features.length, page, size, pages: Math.ceil(features.length / size) })
  const comma = Buffer.from(',')
  const bytes = Buffer.concat([
    Buffer.from('{"items":['),
    ...items.flatMap((item, i) => (i === 0 ? [item] : [comma, item])),
    Buffer.from(`],${facts.slice(1)}`),
  ])
  return { bytes, contentType: 'application/json' }
}
