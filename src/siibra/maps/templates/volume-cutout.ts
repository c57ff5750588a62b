import type { Volume } from '../../core/types.ts'
import { IMAGE_FORMATS, type ImageFormat, isPyramidFormat } from '../../core/volume-formats.ts'
import { SiibraError } from '../../errors.ts'
import { type BoundingBox, boxSizeMm, transformBox } from '../../locations/bounding-box.ts'
import type { Retrieval } from '../../retrieval/retrieval.ts'
import { verified } from '../../retrieval/verified.ts'
import { invertAffine, multiplyAffines, perAxis, translationAffine, voxelSizesOf } from '../../volumes/affine.ts'
import type { Image, VoxelArray } from '../../volumes/image.ts'
import { fromAnyProvider } from '../../volumes/next-provider.ts'
import { openPyramid } from '../../volumes/open-pyramid.ts'
import { isFineEnough, type Level, type Pyramid, wholeBoxOf } from '../../volumes/pyramids/pyramid.ts'
import { locateVoxels } from '../../volumes/volume-source.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { readLevelBox, voxelsOfBox, wholeBoxMm } from './template-cutout.ts'

export interface VolumeCutoutOptions {
  /** Default: all of the volume. */
  boxMm?: BoundingBox | undefined
  /** Of a pyramid the coarsest scale with voxels of at most this size, or the finest; where it is left out, the finest that `maxVoxels` allows. */
  resolutionMm?: number | undefined
  maxVoxels?: number | undefined
  /** Part of the name of a fragment. */
  fragment?: string | undefined
  signal?: AbortSignal | undefined
}

/** What a cut-out has at most where nothing else is asked for: 128 MB of float64. */
export const DEFAULT_CUTOUT_VOXELS = 16 * 1024 ** 2

/**
 * The voxels of a volume in a box. Pyramids are read at one of their scales, in siibra's grid (`fetch(voi, resolution_mm)`); of other volumes the
 * voxels from the one that holds the lower corner to the one before that of the upper corner, at their own resolution. INVALID_PARAMETER for a box without volume or beside the
 * voxels, and for more than `maxVoxels` (its details say what is possible).
 */
export function fetchVolumeCutout(
  core: AtlasVolumes & { retrieval: Retrieval },
  volume: Volume,
  options: VolumeCutoutOptions,
): Promise<Image> {
  const { boxMm, fragment, signal } = options
  if (boxMm) requireVolume(boxMm)
  const read = async (provided: Volume, format: ImageFormat) => {
    if (!isPyramidFormat(format)) {
      const image = await core.volumes.fetchImage(provided, { fragment, signal })
      return cropImage(image, options)
    }
    const { urls } = locateVoxels(provided, fragment ?? null)
    const [url, ...others] = urls
    if (others.length > 0) return cropImage(await core.volumes.fetchImage(provided, { signal }), options)
    return verified(core.retrieval, async (reads) => {
      const pyramid = await openPyramid(reads.store, { format, url: url! }, signal ? { signal } : {})
      return readPyramid(pyramid, options)
    })
  }
  // siibra's order, unless a resolution is asked for, which pyramids alone have
  const order =
    options.resolutionMm === undefined
      ? IMAGE_FORMATS
      : IMAGE_FORMATS.toSorted((a, b) => Number(isPyramidFormat(b)) - Number(isPyramidFormat(a)))
  return fromAnyProvider(volume, read, order)
}

function requireVolume(box: BoundingBox): void {
  const sizeMm = boxSizeMm(box)
  if (sizeMm.every((size) => size > 0)) return
  throw invalidBox(`the box has no volume (${sizeMm.join(' x ')} mm)`)
}

function readPyramid(pyramid: Pyramid, options: VolumeCutoutOptions): Promise<Image> {
  const { resolutionMm, maxVoxels = DEFAULT_CUTOUT_VOXELS, signal } = options
  const { levels } = pyramid
  const finest = levels[0]
  if (!finest) throw new SiibraError('NOT_AVAILABLE', `${pyramid.url} has no voxels, only meshes`)
  const whole = wholeBoxMm(finest)
  const box = options.boxMm ? intersect(options.boxMm, whole) : whole
  const countOf = (level: Level) => {
    const { min, max } = options.boxMm ? voxelsOfBox(pyramid, level, box) : wholeBoxOf(level)
    return max.reduce((product, end, axis) => product * (end - min[axis]!), 1)
  }
  const possible = levels.filter((level) => countOf(level) <= maxVoxels)
  const wanted =
    resolutionMm === undefined ? possible[0] : (levels.findLast((level) => isFineEnough(level, resolutionMm)) ?? finest)
  if (wanted && countOf(wanted) <= maxVoxels) {
    // not the box of the finest: where its size is odd, coarser levels reach beyond it
    if (!options.boxMm) return pyramid.read(wanted, wholeBoxOf(wanted), signal ? { signal } : {})
    return readLevelBox(pyramid, wanted, box, signal)
  }
  const parameter = resolutionMm === undefined ? 'bbox' : 'resolution_mm'
  const asked = wanted ?? levels.at(-1) ?? finest
  throw tooMany(parameter, countOf(asked), maxVoxels, possible.map(resolutionOf), {
    atMm: resolutionOf(asked),
    sizeMm: boxSizeMm(box),
  })
}

const resolutionOf = ({ voxelSizeMm }: Level) => Number(Math.max(...voxelSizeMm).toPrecision(6))

/** An image cut to the voxels of a box, at most so many. */
export function cropImage(image: Image, { boxMm, maxVoxels = DEFAULT_CUTOUT_VOXELS }: VolumeCutoutOptions): Image {
  const shape = image.shape.slice(0, 3)
  const { start, end } = boxMm ? voxelsIn(image, boxMm) : { start: [0, 0, 0], end: shape }
  const size = end.map((to, axis) => to - start[axis]!)
  const count = size.reduce((product, length) => product * length, 1)
  if (count > maxVoxels) {
    const sizesMm = voxelSizesOf(image.voxelToWorldMm)
    throw tooMany('bbox', count, maxVoxels, [], {
      atMm: Number(Math.max(...sizesMm).toPrecision(6)),
      sizeMm: size.map((length, axis) => length * sizesMm[axis]!),
    })
  }
  if (!boxMm) return image
  const [nx, ny] = [shape[0]!, shape[1]!]
  const volumes = image.shape.slice(3).reduce((product, length) => product * length, 1)
  const data = new (image.data.constructor as new (length: number) => VoxelArray)(count * volumes)
  for (let t = 0, to = 0; t < volumes; t++) {
    for (let k = start[2]!; k < end[2]!; k++) {
      for (let j = start[1]!; j < end[1]!; j++, to += size[0]!) {
        const from = ((t * shape[2]! + k) * ny + j) * nx + start[0]!
        data.set(image.data.subarray(from, from + size[0]!) as never, to)
      }
    }
  }
  const voxelToWorldMm = multiplyAffines(image.voxelToWorldMm, translationAffine([start[0]!, start[1]!, start[2]!]))
  return { data, dtype: image.dtype, shape: [...size, ...image.shape.slice(3)], voxelToWorldMm }
}

/** From the voxel whose cell holds the lower corner to before the upper one, as siibra cuts off what is behind the point; at least one. */
function voxelsIn({ shape, voxelToWorldMm }: Image, boxMm: BoundingBox) {
  const { minMm: min, maxMm: max } = transformBox(boxMm, invertAffine(voxelToWorldMm))
  // rounding of the affine must not cost a voxel
  const whole = (value: number) => Math.trunc(value + Math.sign(value) * 1e-6)
  const start = min.map((value) => Math.max(whole(value), 0))
  const end = max.map((value, axis) => Math.min(Math.max(whole(value), start[axis]! + 1), shape[axis]!))
  if (min.some((value, axis) => value > shape[axis]! - 0.5) || max.some((value) => value < -0.5)) {
    const held = transformBox(
      { minMm: [-0.5, -0.5, -0.5], maxMm: [shape[0]! - 0.5, shape[1]! - 0.5, shape[2]! - 0.5] },
      voxelToWorldMm,
    )
    throw outside(boxMm, held)
  }
  return { start, end }
}

/** siibra's rule: what is asked of a box beyond the volume is cut off. */
function intersect(box: BoundingBox, whole: BoundingBox): BoundingBox {
  const minMm = perAxis((axis) => Math.max(box.minMm[axis], whole.minMm[axis]))
  const maxMm = perAxis((axis) => Math.min(box.maxMm[axis], whole.maxMm[axis]))
  if (minMm.some((value, axis) => value >= maxMm[axis]!)) throw outside(box, whole)
  return { minMm, maxMm }
}

const textOf = ({ minMm, maxMm }: BoundingBox) =>
  JSON.stringify([minMm, maxMm].map((corner) => corner.map((value) => Number(value.toFixed(4)))))

function outside(asked: BoundingBox, held: BoundingBox): SiibraError {
  return invalidBox(`${textOf(asked)} lies outside of the volume, which is in ${textOf(held)}`, textOf(held))
}

function invalidBox(what: string, allowed?: string): SiibraError {
  return new SiibraError('INVALID_PARAMETER', `bbox: ${what}`, { parameter: 'bbox', ...(allowed ? { allowed } : {}) })
}

/** Says which resolutions would do for the box, and how large a box would do at the resolution. */
function tooMany(
  parameter: string,
  count: number,
  maxVoxels: number,
  resolutionsMm: readonly number[],
  { atMm, sizeMm }: { atMm: number; sizeMm: readonly number[] },
): SiibraError {
  const sideMm = Number((Math.cbrt(maxVoxels) * atMm).toPrecision(3))
  const size = sizeMm.map((mm) => Number(mm.toPrecision(4))).join(' x ')
  const coarser = resolutionsMm.length > 0 ? `this box at ${resolutionsMm.join(', ')} mm, or ` : ''
  const message = `${parameter}: ${count} voxels (${size} mm at ${atMm} mm) are more than ${maxVoxels}; possible are ${coarser}boxes of about ${sideMm} mm at ${atMm} mm`
  return new SiibraError('INVALID_PARAMETER', message, {
    parameter,
    allowed: { resolutions_mm: resolutionsMm, box_side_mm: sideMm, max_voxels: maxVoxels },
  })
}
