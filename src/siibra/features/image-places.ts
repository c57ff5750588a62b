/** Where the images of a configuration lie, type by type and space by space. */
import type { Space } from '../core/types.ts'
import type { AtlasCore } from '../index.ts'
import { createBoxIndex, type FindInBox, type Place } from './anchors/box-index.ts'
import { loadImageBox } from './anchors/image-box.ts'
import { featureIndex } from './catalogue.ts'
import type { ImageFeature } from './feature.ts'
import { unlessMissing } from './load/missing-file.ts'
import type { FeatureTypeName } from './types.ts'

const INDICES = new WeakMap<AtlasCore, Map<string, FindInBox<ImageFeature>>>()

/**
 * The images of one type in a space, to be found by a box; made when first asked for, so that nobody waits for the
 * places of other types. Images whose volume is missing are in no box. It is kept, unless there are such, or a place is
 * only the one of the configuration because its volume is away. Throws UPSTREAM_UNAVAILABLE where a source is away.
 */
export async function imagePlaces(
  core: AtlasCore,
  space: Space,
  type: FeatureTypeName,
  signal?: AbortSignal,
): Promise<FindInBox<ImageFeature>> {
  const indices = INDICES.get(core) ?? new Map<string, FindInBox<ImageFeature>>()
  INDICES.set(core, indices)
  const key = `${type} ${space.id}`
  const kept = indices.get(key)
  if (kept) return kept
  const images = (await featureIndex(core)).images.filter((image) => image.space === space && image.type === type)
  const boxes = await Promise.all(images.map((image) => unlessMissing(loadImageBox(core.retrieval, image, signal))))
  const places = images.flatMap((item, i) => (boxes[i] ? [{ item, ...boxes[i] }] : []))
  const find = createBoxIndex(places)
  if (places.length === images.length && !places.some(isStandIn)) indices.set(key, find)
  return find
}

const isStandIn = ({ item, minMm }: Place<ImageFeature>): boolean =>
  minMm === item.boundingBox?.minMm && 'neuroglancer/precomputed' in item.volume.providers
