import { SiibraError } from '../errors.ts'
import { boxBetween } from '../locations/bounding-box.ts'
import type { Retrieval } from '../retrieval/retrieval.ts'
import { upstreamUnavailable } from '../retrieval/upstream-errors.ts'
import { applyAffine } from '../volumes/affine.ts'
import { scaleVoxelToWorldMm } from '../volumes/precomputed/scale.ts'
import { openPrecomputed } from '../volumes/precomputed/volume.ts'
import type { ImageFeature } from './feature.ts'
import type { BoxLocation } from './location.ts'
import { loadParsed } from './parsed-files.ts'

/**
 * Where an image lies: as the configuration says, else from the first to behind the last voxel of its finest scale.
 * Throws UPSTREAM_UNAVAILABLE where the volume cannot be asked.
 */
export async function loadImageBox(
  retrieval: Retrieval,
  feature: ImageFeature,
  signal?: AbortSignal,
): Promise<BoxLocation> {
  if (feature.boundingBox) return feature.boundingBox
  const url = feature.volume.providers['neuroglancer/precomputed']
  if (typeof url !== 'string') {
    throw new SiibraError('NOT_AVAILABLE', `nothing tells where the image ${feature.id} lies`, { feature: feature.id })
  }
  const box = await loadParsed(retrieval, url, 'box', () => readBox(retrieval, url, signal))
  return { kind: 'box', space: feature.space, ...box }
}

async function readBox(retrieval: Retrieval, url: string, signal?: AbortSignal) {
  const volume = await openPrecomputed(retrieval.store, url, { signal }).catch((error: unknown) => {
    const isMissing = error instanceof SiibraError && error.code === 'NOT_FOUND'
    throw isMissing ? upstreamUnavailable(url, 'there is no such volume', { status: 404, retryable: false }) : error
  })
  const [scale] = volume.info.scales
  if (!scale) throw new SiibraError('BAD_DATA', `${url} has no voxels`, { url })
  const affine = scaleVoxelToWorldMm(scale, volume.transformNm)
  return boxBetween(applyAffine(affine, [0, 0, 0]), applyAffine(affine, scale.sizeVox))
}
