import { runInSlices, runSteps, type Slices, type Steps } from '../../slices.ts'
import { identityAffine, invertAffine, multiplyAffines } from '../../volumes/affine.ts'
import type { Affine, Image, VoxelArray, VoxelType } from '../../volumes/image.ts'
import { createVoxels } from '../../volumes/typed-bytes.ts'
import { type Grid, sameGrid } from './grid.ts'
import { resampleSeparably, type StoreRow, separableAxes } from './separable.ts'
import { splineCoefficients } from './spline.ts'
import { fillTaps } from './taps.ts'

/**
 * Resampling of a volume into another voxel grid with the conventions of nilearn.image.resample_img (0.14, on scipy.ndimage):
 * whatever lies beyond the centres of the outermost voxels is 0, `continuous` is a cubic spline, `linear` is trilinear.
 */
export type Interpolation = 'nearest' | 'linear' | 'continuous'

export interface ResampleOptions {
  interpolation: Interpolation
  /** Values are cut to the range of the source (which then includes 0), as `resample_img` does unless told otherwise. */
  clip?: boolean
}

const TAPS = { nearest: 1, linear: 2, continuous: 4 } as const
const LIMITS: Partial<Record<VoxelType, [number, number]>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65535],
  int16: [-32768, 32767],
  uint32: [0, 4294967295],
  int32: [-2147483648, 2147483647],
}

/** What is nearer to 0 is 0 as a whole number; with room for rounding errors of weights. */
const ROUNDED_AWAY = 0.49

/** A 3D image (the first volume of a 4D one) in the voxels of `grid`, on the spot. The image itself where it has that grid already. */
export function resampleImage(image: Image, grid: Grid, options: ResampleOptions): Image {
  return runSteps(resample(image, grid, options))
}

/** The same with pauses: hundreds of millions of voxels take seconds. */
export function resampleInSlices(image: Image, grid: Grid, options: ResampleOptions, slices: Slices): Promise<Image> {
  return runInSlices(resample(image, grid, options), slices)
}

/** Bytes that resampling takes at most beside the image, the result among them. */
export function resamplingBytes(image: Image, grid: Grid, interpolation: Interpolation): number {
  const [source, target] = [image.shape, grid.shape].map((shape) => shape[0]! * shape[1]! * shape[2]!) as [
    number,
    number,
  ]
  const itemBytes = createVoxels(resampledType(image.dtype, interpolation), 0).BYTES_PER_ELEMENT
  return target * itemBytes + (interpolation === 'continuous' ? source * 8 : 0)
}

function* resample(image: Image, grid: Grid, { interpolation, clip = false }: ResampleOptions): Steps<Image> {
  const target = [...grid.shape.slice(0, 3)]
  const source = image.shape.slice(0, 3)
  if (sameGrid(grid, image)) return image
  // Target voxels to source voxels; where only the sizes differ, exactly the same ones.
  const isSamePlace = grid.voxelToWorldMm.every((value, at) => value === image.voxelToWorldMm[at])
  const targetToSource = isSamePlace
    ? identityAffine()
    : multiplyAffines(invertAffine(image.voxelToWorldMm), grid.voxelToWorldMm)
  const size = source[0]! * source[1]! * source[2]!
  const data = image.data.length > size ? image.data.subarray(0, size) : image.data
  const dtype = resampledType(image.dtype, interpolation)
  const out = createVoxels(dtype, target[0]! * target[1]! * target[2]!)
  const samples = interpolation === 'continuous' ? yield* splineCoefficients(withoutNaN(data), source) : data
  const store = storeRowFor(out, dtype, clip ? rangeWithZero(data) : undefined)
  const axes = separableAxes(targetToSource)
  const taps = TAPS[interpolation]
  if (axes)
    yield* resampleSeparably(
      samples,
      { source, target, targetToSource, axes },
      taps,
      store,
      LIMITS[dtype] ? ROUNDED_AWAY : 0,
    )
  else yield* resampleObliquely(samples, source, target, targetToSource, taps, store)
  return { data: out, dtype, shape: target, voxelToWorldMm: Float64Array.from(grid.voxelToWorldMm) }
}

/** nilearn turns signed integers into floats before it interpolates them by splines. */
function resampledType(dtype: VoxelType, interpolation: Interpolation): VoxelType {
  return interpolation === 'continuous' && dtype.startsWith('int') ? 'float32' : dtype
}

function withoutNaN(data: VoxelArray): ArrayLike<number> {
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return data
  if (data.every(Number.isFinite)) return data
  return data.map((value) => (Number.isFinite(value) ? value : 0))
}

function rangeWithZero(data: VoxelArray): [number, number] {
  let [low, high] = [0, 0]
  for (const value of data) {
    if (value < low) low = value
    else if (value > high) high = value
  }
  return [low, high]
}

/** Writes numbers as scipy does: integers are rounded half away from zero and kept within the range of their type. */
function storeRowFor(out: VoxelArray, dtype: VoxelType, range: [number, number] | undefined): StoreRow {
  const [low, high] = range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  const limits = LIMITS[dtype]
  if (limits) {
    const [least, most] = [Math.max(limits[0], low), Math.min(limits[1], high)]
    return (at, stride, values, count) => storeWhole(out, at, stride, values, count, least, most)
  }
  return (at, stride, values, count) => {
    for (let i = 0; i < count; i++) out[at + i * stride] = Math.min(Math.max(values[i]!, low), high)
  }
}

function storeWhole(
  out: VoxelArray,
  at: number,
  stride: number,
  values: Float64Array,
  count: number,
  least: number,
  most: number,
): void {
  for (let i = 0; i < count; i++) {
    const value = values[i]!
    // typed arrays cut fractions off, towards zero
    out[at + i * stride] = value > most ? most : value < least ? least : value > 0 ? value + 0.5 : value - 0.5
  }
}

/** Any other affine: all taps of all axes for each target voxel, a row of the target a step. */
function* resampleObliquely(
  samples: ArrayLike<number>,
  source: number[],
  target: number[],
  m: Affine,
  taps: number,
  store: StoreRow,
): Steps<void> {
  const [nx, ny] = [source[0]!, source[1]!]
  const index = new Int32Array(3 * taps)
  const weight = new Float64Array(3 * taps)
  const values = new Float64Array(target[0]!)
  const valueAt = (i: number, j: number, k: number) => {
    for (let row = 0; row < 3; row++) {
      const x = i * m[row * 4]! + j * m[row * 4 + 1]! + k * m[row * 4 + 2]! + m[row * 4 + 3]!
      if (!fillTaps(x, source[row]!, taps, index, weight, row * taps)) return 0
    }
    let value = 0
    for (let c = 2 * taps; c < 3 * taps; c++) {
      for (let b = taps; b < 2 * taps; b++) {
        const row = (index[c]! * ny + index[b]!) * nx
        let sum = 0
        for (let a = 0; a < taps; a++) sum += samples[row + index[a]!]! * weight[a]!
        value += sum * weight[b]! * weight[c]!
      }
    }
    return value
  }
  for (let k = 0; k < target[2]!; k++) {
    for (let j = 0; j < target[1]!; j++) {
      for (let i = 0; i < values.length; i++) values[i] = valueAt(i, j, k)
      store((k * target[1]! + j) * target[0]!, 1, values, values.length)
      yield
    }
  }
}
