import type { Space } from '../../core/types.ts'
import { IMAGE_FORMATS, isPyramidFormat } from '../../core/volume-formats.ts'
import { SiibraError } from '../../errors.ts'
import type { BoundingBox } from '../../locations/bounding-box.ts'
import { boxBetween, boxSizeMm, transformBox } from '../../locations/bounding-box.ts'
import type { Retrieval } from '../../retrieval/retrieval.ts'
import type { Store } from '../../retrieval/stores/store.ts'
import { verified } from '../../retrieval/verified.ts'
import { applyAffine, invertAffine, type Triple } from '../../volumes/affine.ts'
import type { Affine, Image } from '../../volumes/image.ts'
import { isAwayOrUnreadable } from '../../volumes/next-provider.ts'
import { openPyramid, type PyramidSource, pyramidSourceOf } from '../../volumes/open-pyramid.ts'
import { type Level, type Pyramid, selectLevel, wholeBoxOf } from '../../volumes/pyramids/pyramid.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { fetchTemplate } from '../template.ts'

export interface CutoutOptions {
  /** Default: the whole template. */
  boxMm?: BoundingBox | undefined
  /** The finest scale is taken whose box has about as many voxels. Default 2 Mi, as the original has it. */
  maxVoxels?: number
  signal?: AbortSignal | undefined
  /** Called where the pyramid is away, and the template is given in another form of it. */
  onStandIn?: () => void
}

const DEFAULT_MAX_VOXELS = 2 * 1024 ** 2

/**
 * A box of the template of a space, as fine as a number of voxels allows: of a pyramid. Other templates are
 * given whole. NOT_AVAILABLE for a space of surfaces, INVALID_PARAMETER for a box without volume or outside of it.
 */
export async function fetchTemplateCutout(
  core: AtlasVolumes & { retrieval: Retrieval },
  space: Space,
  { boxMm, maxVoxels = DEFAULT_MAX_VOXELS, signal, onStandIn }: CutoutOptions = {},
): Promise<Image> {
  const source = space.volumes[0] && pyramidSourceOf(space.volumes[0])
  if (!source) return fetchTemplate(core, space, signal)
  try {
    return await verified(core.retrieval, (reads) => readCutout(reads.store, source, boxMm, maxVoxels, signal))
  } catch (thrown) {
    if (!isAwayOrUnreadable(thrown) || !hasOtherVoxels(space)) throw thrown
    onStandIn?.()
    return fetchTemplate(core, space, signal)
  }
}

const hasOtherVoxels = ({ volumes: [volume] }: Space) =>
  IMAGE_FORMATS.some((format) => !isPyramidFormat(format) && volume?.providers[format])

async function readCutout(
  store: Store,
  source: PyramidSource,
  boxMm: BoundingBox | undefined,
  maxVoxels: number,
  signal: AbortSignal | undefined,
): Promise<Image> {
  const pyramid = await openPyramid(store, source, signal ? { signal } : {})
  const box = boxMm ?? wholeBoxMm(selectLevel(pyramid))
  const sizeMm = boxSizeMm(box)
  if (sizeMm.some((size) => !(size > 0))) {
    throw new SiibraError('INVALID_PARAMETER', `bbox: the box has no volume (${sizeMm.join(' x ')} mm)`, {
      parameter: 'bbox',
    })
  }
  const resolutionMm = Math.cbrt(sizeMm.reduce((product, size) => product * size, 1) / maxVoxels)
  const level = selectLevel(pyramid, { resolutionMm, boxMm: { min: box.minMm, max: box.maxMm } })
  return readLevelBox(pyramid, level, box, signal)
}

/** The voxels of a level in a box, as siibra's `fetch(voi)` cuts them: at least one along each axis. */
export async function readLevelBox(
  pyramid: Pyramid,
  level: Level,
  box: BoundingBox,
  signal: AbortSignal | undefined,
): Promise<Image> {
  const { exact, min, max } = voxelsOfBox(pyramid, level, box)
  const image = await pyramid.read(level, { min, max }, signal ? { signal } : {})
  if (!pyramid.beginsAtBox) return image
  const whole = wholeBoxOf(level)
  const origin = min.map((from, axis) => (from < whole.min[axis]! ? whole.min[axis]! : exact.minMm[axis]!)) as Corner
  const firstCentre = applyAffine(level.voxelToWorldMm, origin)
  return { ...image, voxelToWorldMm: withOrigin(image.voxelToWorldMm, firstCentre) }
}

/** Which voxels of a level a box holds; they may lie outside of the volume. */
export function voxelsOfBox({ beginsAtBox }: Pyramid, level: Level, box: BoundingBox) {
  const exact = transformBox(box, invertAffine(level.cornerToWorldMm))
  // what rounding of the affine took must not cost a voxel; siibra's boxes are as they are
  const near = (value: number) =>
    !beginsAtBox && Math.abs(value - Math.round(value)) < 1e-6 ? Math.round(value) : value
  const min = exact.minMm.map((value) => Math.floor(near(value))) as Corner
  const max = min.map((from, axis) => {
    const size = near(exact.maxMm[axis]! - exact.minMm[axis]!)
    return from + Math.max(1, Math.trunc(size))
  }) as Corner
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

/** The box of all voxels of a level. */
export function wholeBoxMm(level: Level): BoundingBox {
  const { min, max } = wholeBoxOf(level)
  return boxBetween(applyAffine(level.cornerToWorldMm, min), applyAffine(level.cornerToWorldMm, max))
}
