import type { Space } from '../../core/types.ts'
import { IMAGE_FORMATS } from '../../core/volume-formats.ts'
import { SiibraError } from '../../errors.ts'
import type { BoundingBox } from '../../locations/bounding-box.ts'
import { boxBetween, boxSizeMm, transformBox } from '../../locations/bounding-box.ts'
import type { Retrieval } from '../../retrieval/retrieval.ts'
import type { Store } from '../../retrieval/stores/store.ts'
import { verified } from '../../retrieval/verified.ts'
import { applyAffine, invertAffine, type Triple } from '../../volumes/affine.ts'
import type { Affine, Image } from '../../volumes/image.ts'
import { isAwayOrUnreadable } from '../../volumes/next-provider.ts'
import type { PrecomputedScale } from '../../volumes/precomputed/info.ts'
import { scaleCornerToWorldMm, scaleVoxelToWorldMm, selectScale, wholeBoxOf } from '../../volumes/precomputed/scale.ts'
import { openPrecomputed, type PrecomputedVolume, readBox } from '../../volumes/precomputed/volume.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { fetchTemplate } from '../template.ts'

export interface CutoutOptions {
  /** Default: the whole template. */
  boxMm?: BoundingBox | undefined
  /** The finest scale is taken whose box has about as many voxels. Default 2 Mi, as the original has it. */
  maxVoxels?: number
  signal?: AbortSignal | undefined
}

const DEFAULT_MAX_VOXELS = 2 * 1024 ** 2

/**
 * A box of the template of a space, as fine as a number of voxels allows: of a precomputed volume. Other templates are
 * given whole. NOT_AVAILABLE for a space of surfaces, INVALID_PARAMETER for a box without volume or outside of it.
 */
export async function fetchTemplateCutout(
  core: AtlasVolumes & { retrieval: Retrieval },
  space: Space,
  { boxMm, maxVoxels = DEFAULT_MAX_VOXELS, signal }: CutoutOptions = {},
): Promise<Image> {
  const url = space.volumes[0]?.providers['neuroglancer/precomputed']
  if (typeof url !== 'string') return fetchTemplate(core, space, signal)
  try {
    return await verified(core.retrieval, (reads) => readCutout(reads.store, url, boxMm, maxVoxels, signal))
  } catch (thrown) {
    if (!isAwayOrUnreadable(thrown) || !hasOtherVoxels(space)) throw thrown
    return fetchTemplate(core, space, signal)
  }
}

const hasOtherVoxels = ({ volumes: [volume] }: Space) =>
  IMAGE_FORMATS.some((format) => format !== 'neuroglancer/precomputed' && volume?.providers[format])

async function readCutout(
  store: Store,
  url: string,
  boxMm: BoundingBox | undefined,
  maxVoxels: number,
  signal: AbortSignal | undefined,
): Promise<Image> {
  const volume = await openPrecomputed(store, url, signal ? { signal } : {})
  const box = boxMm ?? wholeBoxMm(volume)
  const sizeMm = boxSizeMm(box)
  if (sizeMm.some((size) => !(size > 0))) {
    throw new SiibraError('INVALID_PARAMETER', `bbox: the box has no volume (${sizeMm.join(' x ')} mm)`, {
      parameter: 'bbox',
    })
  }
  const resolutionMm = Math.cbrt(sizeMm.reduce((product, size) => product * size, 1) / maxVoxels)
  const scale = selectScale(volume, { resolutionMm, boxMm: { min: box.minMm, max: box.maxMm } })
  return readScaleBox(volume, scale, box, signal)
}

/** The voxels of a scale in a box, as siibra's `fetch(voi)` cuts them: at least one along each axis. */
export async function readScaleBox(
  volume: PrecomputedVolume,
  scale: PrecomputedScale,
  box: BoundingBox,
  signal: AbortSignal | undefined,
): Promise<Image> {
  const { exact, min, max } = voxelsOfBox(volume, scale, box)
  const image = await readBox(volume, scale, { min, max }, signal ? { signal } : {})
  // As siibra's: the image begins where the box does, though its first voxel may begin a little before.
  const whole = wholeBoxOf(scale)
  const origin = min.map((from, axis) => (from < whole.min[axis]! ? whole.min[axis]! : exact.minMm[axis]!)) as Corner
  const firstCentre = applyAffine(scaleVoxelToWorldMm(scale, volume), origin)
  return { ...image, voxelToWorldMm: withOrigin(image.voxelToWorldMm, firstCentre) }
}

/** Which voxels of a scale a box holds; they may lie outside of the volume. */
export function voxelsOfBox(volume: PrecomputedVolume, scale: PrecomputedScale, box: BoundingBox) {
  const exact = transformBox(box, invertAffine(scaleCornerToWorldMm(scale, volume)))
  const min = exact.minMm.map(Math.floor) as Corner
  const max = min.map((from, axis) => from + Math.max(1, Math.trunc(exact.maxMm[axis]! - exact.minMm[axis]!))) as Corner
  return { exact, min, max }
}

type Corner = [number, number, number]

function withOrigin(affine: Affine, [x, y, z]: Triple): Affine {
  const moved = Float64Array.from(affine)
  moved[3] = x
  moved[7] = y
  moved[11] = z
  return moved
}

/** The box of a scale, that of the one that siibra takes where it is left out. */
export function wholeBoxMm(volume: PrecomputedVolume, scale: PrecomputedScale = selectScale(volume)): BoundingBox {
  const affine = scaleCornerToWorldMm(scale, volume)
  const { min, max } = wholeBoxOf(scale)
  return boxBetween(applyAffine(affine, min), applyAffine(affine, max))
}
