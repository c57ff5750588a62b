import { SiibraError } from '../../errors.ts'
import { boxBetween } from '../../locations/bounding-box.ts'
import type { Retrieval } from '../../retrieval/retrieval.ts'
import { isUpstreamUnavailable, upstreamUnavailable } from '../../retrieval/upstream-errors.ts'
import type { Reads } from '../../retrieval/verified.ts'
import { applyAffine } from '../../volumes/affine.ts'
import { openPyramid, type PyramidSource, pyramidSourceOf } from '../../volumes/open-pyramid.ts'
import { wholeBoxOf } from '../../volumes/pyramids/pyramid.ts'
import type { ImageFeature } from '../feature.ts'
import { loadParsed } from '../load/parsed-files.ts'
import type { BoxLocation } from '../location.ts'

/**
 * Where an image lies: from the first to behind the last voxel of its finest scale, else as the configuration says.
 * Throws UPSTREAM_UNAVAILABLE where neither can be had.
 */
export async function loadImageBox(
  retrieval: Retrieval,
  feature: ImageFeature,
  signal?: AbortSignal,
): Promise<BoxLocation> {
  const { boundingBox, space, volume, id } = feature
  const source = pyramidSourceOf(volume)
  if (!source) {
    if (boundingBox) return boundingBox
    throw new SiibraError('NOT_AVAILABLE', `nothing tells where the image ${id} lies`, { feature: id })
  }
  try {
    const box = await loadParsed(
      retrieval,
      source.url,
      'box',
      (shared, reads) => readBox(reads, source, shared),
      signal,
    )
    return { kind: 'box', space, ...box }
  } catch (error) {
    if (boundingBox && isUpstreamUnavailable(error)) return boundingBox
    throw error
  }
}

async function readBox(reads: Reads, source: PyramidSource, signal: AbortSignal) {
  const { url } = source
  const { levels } = await openPyramid(reads.store, source, { signal }).catch((error: unknown) => {
    const isMissing = error instanceof SiibraError && error.code === 'NOT_FOUND'
    throw isMissing ? upstreamUnavailable(url, 'there is no such volume', { status: 404, retryable: false }) : error
  })
  const [finest] = levels
  if (!finest) throw new SiibraError('BAD_DATA', `${url} has no voxels`, { url })
  const { min, max } = wholeBoxOf(finest)
  return boxBetween(applyAffine(finest.cornerToWorldMm, min), applyAffine(finest.cornerToWorldMm, max))
}
