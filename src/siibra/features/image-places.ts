/** Where the images of a configuration lie, type by type and space by space. */

import type { AtlasCore } from '../atlas/atlas-core.ts'
import type { Space } from '../core/types.ts'
import { createByteBoundedCache } from '../retrieval/cache/byte-bounded-cache.ts'
import { oncePer } from '../retrieval/cache/once-per.ts'
import { pyramidSourceOf } from '../volumes/open-pyramid.ts'
import { createBoxIndex, type FindInBox, type Place } from './anchors/box-index.ts'
import { loadImageBox } from './anchors/image-box.ts'
import { featureIndex } from './catalogue.ts'
import type { ImageFeature } from './feature.ts'
import { unlessMissing } from './load/missing-file.ts'
import type { FeatureTypeName } from './types.ts'

interface ImagePlaces {
  find: FindInBox<ImageFeature>
  isComplete: boolean
  heldBytes: number
}

/** For some 100,000 images; each costs its place in the index. */
const MAX_BYTES = 16 * 1024 ** 2
const PLACE_BYTES = 128

function createImagePlaces(_: AtlasCore) {
  return createByteBoundedCache<ImagePlaces>({
    maxBytes: MAX_BYTES,
    sizeOf: ({ heldBytes }) => heldBytes,
    isComplete: (places) => places.isComplete,
  })
}

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
  const load = (shared: AbortSignal) => placeImages(core, space, type, shared)
  return (await oncePer(core, createImagePlaces).load(`${type} ${space.id}`, load, signal)).find
}

async function placeImages(
  core: AtlasCore,
  space: Space,
  type: FeatureTypeName,
  signal: AbortSignal,
): Promise<ImagePlaces> {
  const images = (await featureIndex(core)).images.filter((image) => image.space === space && image.type === type)
  const boxes = await Promise.all(images.map((image) => unlessMissing(loadImageBox(core.retrieval, image, signal))))
  const places = images.flatMap((item, i) => (boxes[i] ? [{ item, ...boxes[i] }] : []))
  return {
    find: createBoxIndex(places),
    isComplete: places.length === images.length && !places.some(isStandIn),
    heldBytes: (places.length + 1) * PLACE_BYTES,
  }
}

const isStandIn = ({ item, minMm }: Place<ImageFeature>): boolean =>
  minMm === item.boundingBox?.minMm && pyramidSourceOf(item.volume) !== undefined
