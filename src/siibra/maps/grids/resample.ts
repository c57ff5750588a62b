import { identityAffine, invertAffine, multiplyAffines } from '../../volumes/affine.ts'
import type { Affine, Image, VoxelArray, VoxelType } from '../../volumes/image.ts'
import { createVoxels } from '../../volumes/typed-bytes.ts'
import { type Grid, sameGrid } from './grid.ts'
import { cubicWeights, mirrorIndex, splineCoefficients } from './spline.ts'

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

/** nilearn turns signed integers into floats before it interpolates them by splines. */
function resampledType(dtype: VoxelType, interpolation: Interpolation): VoxelType {
  return interpolation === 'continuous' && dtype.startsWith('int') ? 'float32' : dtype
}

/** A 3D image (the first volume of a 4D one) in the voxels of `grid`. The image itself where it has that grid already. */
export function resampleImage(image: Image, grid: Grid, { interpolation, clip = false }: ResampleOptions): Image {
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
  const samples = interpolation === 'continuous' ? splineCoefficients(withoutNaN(data), source) : data
  const store = storeFor(out, dtype, clip ? rangeWithZero(data) : undefined)
  const axes = separableAxes(targetToSource)
  if (axes) resampleSeparably(samples, source, target, targetToSource, axes, TAPS[interpolation], store)
  else resampleObliquely(samples, source, target, targetToSource, TAPS[interpolation], store)
  return { data: out, dtype, shape: target, voxelToWorldMm: Float64Array.from(grid.voxelToWorldMm) }
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

/** Writes a number as scipy does: integers are rounded half away from zero and kept within the range of their type. */
function storeFor(out: VoxelArray, dtype: VoxelType, range: [number, number] | undefined) {
  const [low, high] = range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  const limits = LIMITS[dtype]
  if (!limits) {
    return (at: number, value: number) => {
      out[at] = Math.min(Math.max(value, low), high)
    }
  }
  const [least, most] = [Math.max(limits[0], low), Math.min(limits[1], high)]
  return (at: number, value: number) => {
    const rounded = value > 0 ? Math.floor(value + 0.5) : Math.ceil(value - 0.5)
    out[at] = Math.min(Math.max(rounded, least), most)
  }
}

/** The target axis that each source axis depends on, where each depends on one alone and all are used; else undefined. */
function separableAxes(affine: Affine): number[] | undefined {
  const axes: number[] = []
  for (let row = 0; row < 3; row++) {
    const columns = [0, 1, 2].filter((column) => affine[row * 4 + column] !== 0)
    if (columns.length !== 1 || axes.includes(columns[0]!)) return undefined
    axes.push(columns[0]!)
  }
  return axes
}

/** Where along one source axis each target index falls: indices of the samples that count and their weights. */
interface AxisTaps {
  /** `taps` sample indices per target index; -1 in the first where the position is outside. */
  index: Int32Array
  weight: Float64Array
}

function tapsAlong(positions: Float64Array, length: number, taps: number): AxisTaps {
  const index = new Int32Array(positions.length * taps)
  const weight = new Float64Array(positions.length * taps)
  for (let n = 0; n < positions.length; n++) fillTaps(positions[n]!, length, taps, index, weight, n * taps)
  return { index, weight }
}

/** False (and -1 as index) for a position outside of [0, length - 1]. */
function fillTaps(x: number, length: number, taps: number, index: Int32Array, weight: Float64Array, at: number) {
  if (!(x >= 0 && x <= length - 1)) {
    index[at] = -1
    return false
  }
  const floor = Math.floor(x)
  if (taps === 1) {
    index[at] = Math.floor(x + 0.5)
    weight[at] = 1
  } else if (taps === 2) {
    index[at] = floor
    index[at + 1] = Math.min(floor + 1, length - 1)
    weight[at] = 1 - (x - floor)
    weight[at + 1] = x - floor
  } else {
    cubicWeights(x - floor, weight, at)
    for (let tap = 0; tap < 4; tap++) index[at + tap] = mirrorIndex(floor - 1 + tap, length)
  }
  return true
}

type Store = (at: number, value: number) => void

/**
 * Axis by axis, for grids whose axes are parallel (possibly swapped or flipped): each pass replaces one source axis by the
 * target axis that it depends on. The last pass writes in the order of the target.
 */
function resampleSeparably(
  samples: ArrayLike<number>,
  source: number[],
  target: number[],
  targetToSource: Affine,
  axes: number[],
  taps: number,
  store: Store,
): void {
  const isDiagonal = axes.every((axis, row) => axis === row)
  const along = axes.map((axis, row) => {
    const scale = targetToSource[row * 4 + axis]!
    const offset = targetToSource[row * 4 + 3]!
    // scipy takes another road for diagonal matrices, which rounds differently.
    const shift = offset / scale
    const positions = Float64Array.from({ length: target[axis]! }, (_, n) =>
      isDiagonal ? (n + shift) * scale : n * scale + offset,
    )
    return tapsAlong(positions, source[row]!, taps)
  })
  // Source axis 0 first, then 1, then 2: the intermediate volumes keep the order of the source axes.
  let current = samples
  const shape = [...source]
  for (let axis = 0; axis < 3; axis++) {
    const isLast = axis === 2
    const length = target[axes[axis]!]!
    const result = isLast ? undefined : new Float64Array((shape[0]! * shape[1]! * shape[2]! * length) / shape[axis]!)
    const stride = axis === 0 ? 1 : axis === 1 ? shape[0]! : shape[0]! * shape[1]!
    const inner = stride
    const outer = (shape[0]! * shape[1]! * shape[2]!) / (stride * shape[axis]!)
    const { index, weight } = along[axis]!
    for (let o = 0; o < outer; o++) {
      const from = o * stride * shape[axis]!
      for (let n = 0; n < length; n++) {
        const first = n * taps
        if (index[first] === -1) continue
        for (let i = 0; i < inner; i++) {
          let value = 0
          for (let tap = first; tap < first + taps; tap++) {
            value += current[from + index[tap]! * stride + i]! * weight[tap]!
          }
          if (result) result[(o * length + n) * stride + i] = value
          else store(targetIndex(i, n, shape, axes, target), value)
        }
      }
    }
    if (result) current = result
    shape[axis] = length
  }
}

/** Index in the target of what stands at (`inner` over source axes 0 and 1, `n` on source axis 2). */
function targetIndex(inner: number, n: number, shape: number[], axes: number[], target: number[]): number {
  const strides = [1, target[0]!, target[0]! * target[1]!]
  const a = inner % shape[0]!
  return a * strides[axes[0]!]! + ((inner - a) / shape[0]!) * strides[axes[1]!]! + n * strides[axes[2]!]!
}

/** Any other affine: all taps of all axes for each target voxel. */
function resampleObliquely(
  samples: ArrayLike<number>,
  source: number[],
  target: number[],
  m: Affine,
  taps: number,
  store: Store,
): void {
  const [nx, ny] = [source[0]!, source[1]!]
  const index = new Int32Array(3 * taps)
  const weight = new Float64Array(3 * taps)
  let at = -1
  for (let k = 0; k < target[2]!; k++) {
    for (let j = 0; j < target[1]!; j++) {
      for (let i = 0; i < target[0]!; i++) {
        at++
        let isInside = true
        for (let row = 0; row < 3 && isInside; row++) {
          const x = i * m[row * 4]! + j * m[row * 4 + 1]! + k * m[row * 4 + 2]! + m[row * 4 + 3]!
          isInside = fillTaps(x, source[row]!, taps, index, weight, row * taps)
        }
        if (!isInside) continue
        let value = 0
        for (let c = 2 * taps; c < 3 * taps; c++) {
          for (let b = taps; b < 2 * taps; b++) {
            const row = (index[c]! * ny + index[b]!) * nx
            let sum = 0
            for (let a = 0; a < taps; a++) sum += samples[row + index[a]!]! * weight[a]!
            value += sum * weight[b]! * weight[c]!
          }
        }
        store(at, value)
      }
    }
  }
}
