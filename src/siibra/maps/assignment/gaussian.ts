import { SiibraError } from '../../errors.ts'
import { invertAffine, multiplyAffines, type Triple, translationAffine } from '../../volumes/affine.ts'
import type { Affine, Image } from '../../volumes/image.ts'
import { type Grid, meanVoxelSizeMm, voxelAt } from '../grids/grid.ts'
import { resampleImage } from '../grids/resample.ts'

/** An isotropic Gaussian on voxels, as siibra draws it around an uncertain point. */
export interface GaussianKernel {
  /** Voxels from the centre to the border; the cube has `2 * radiusVox + 1` along each axis. */
  radiusVox: number
  /** Weights along one axis, from `-radiusVox` to `radiusVox`; that of a voxel is the product of three of them. They sum to 1. */
  line: Float64Array
}

/** Cut off at `truncate` standard deviations (siibra takes 3). */
export function createGaussianKernel(sigmaVox: number, truncate = 3): GaussianKernel {
  const radiusVox = Math.floor(truncate * sigmaVox)
  const line = Float64Array.from({ length: 2 * radiusVox + 1 }, (_, n) =>
    Math.exp((-0.5 * (n - radiusVox) ** 2) / (sigmaVox * sigmaVox)),
  )
  const sum = line.reduce((total, weight) => total + weight, 0)
  return { radiusVox, line: line.map((weight) => weight / sum) }
}

/** A position in mm of the space of a map, and the standard deviation of its location in mm. */
export interface UncertainPoint {
  pointMm: Triple
  sigmaMm: number
}

/** An uncertainty of fewer voxels than this counts as none. */
const EXACT_BELOW_VOX = 3

/** Below this many mm an uncertainty counts as none, in a map of such voxels. */
export const exactBelowMm = (voxelToWorldMm: Affine): number => EXACT_BELOW_VOX * meanVoxelSizeMm(voxelToWorldMm)

/** A wider Gaussian is refused: it would take long, and says nothing of where the point is. */
const MAX_RADIUS_VOX = 250
const MAX_TURNED_RADIUS_VOX = 100

/**
 * The Gaussian for a point in voxels of that size; undefined for one that counts as exact (`onExact` is told where its uncertainty is not 0).
 * INVALID_PARAMETER for too wide a one.
 */
export function kernelAround(
  { sigmaMm }: UncertainPoint,
  voxelToWorldMm: Affine,
  onExact?: (belowMm: number) => void,
): GaussianKernel | undefined {
  const voxelMm = meanVoxelSizeMm(voxelToWorldMm)
  const sigmaVox = sigmaMm / voxelMm
  if (sigmaVox < EXACT_BELOW_VOX) {
    if (sigmaMm > 0) onExact?.(EXACT_BELOW_VOX * voxelMm)
    return undefined
  }
  if (sigmaVox * 3 < MAX_RADIUS_VOX + 1) return createGaussianKernel(sigmaVox)
  const most = Math.floor((MAX_RADIUS_VOX / 3) * voxelMm)
  const message = `sigma_mm ${sigmaMm} is too large for the voxels of this map: ${most} at most`
  throw new SiibraError('INVALID_PARAMETER', message, { parameter: 'sigma_mm', allowed: `0 to ${most}` })
}

/** Weights in a box of voxels of some grid; 0 where the kernel does not reach. */
export interface Blob {
  /** The first voxel along i, j, k. */
  lowVox: Triple
  /** Number of voxels along i, j, k. */
  sizeVox: Triple
  /** The weights along the first axis at (j, k) of the box; good until the next call. */
  row(j: number, k: number): Float64Array
}

/** Calls `see` for each row of the box: the index of its first voxel in the data of an image of `shape`, and its weights. */
export function visitRows(
  blob: Blob,
  shape: readonly number[],
  see: (begin: number, weights: Float64Array) => void,
): void {
  const { lowVox, sizeVox } = blob
  const [nx, ny] = [shape[0]!, shape[1]!]
  for (let k = 0; k < sizeVox[2]; k++) {
    for (let j = 0; j < sizeVox[1]; j++) see(((lowVox[2] + k) * ny + lowVox[1] + j) * nx + lowVox[0], blob.row(j, k))
  }
}

/**
 * The kernel's cube with its centre at voxel `centreVox` of `home`, in the voxels of `grid`: the part that lies inside, with
 * linear interpolation as nilearn's (between parallel grids; siibra compares the result with its maps). Undefined where nothing does.
 */
export function placeKernel(kernel: GaussianKernel, home: Affine, centreVox: Triple, grid: Grid): Blob | undefined {
  const { line, radiusVox } = kernel
  const [x, y, z] = centreVox
  const kernelToWorld = multiplyAffines(home, translationAffine([x - radiusVox, y - radiusVox, z - radiusVox]))
  const gridToKernel = multiplyAffines(invertAffine(kernelToWorld), grid.voxelToWorldMm)
  const isParallel = [1, 2, 4, 6, 8, 9].every((at) => gridToKernel[at] === 0)
  if (!isParallel)
    return cropToPositive(resampleImage(cubeImage(kernel, kernelToWorld), grid, { interpolation: 'linear' }))
  const lines = [0, 1, 2].map((axis) =>
    placeLine(line, gridToKernel[axis * 5]!, gridToKernel[axis * 4 + 3]!, grid.shape[axis]!),
  )
  const [i, j, k] = lines as [PlacedLine, PlacedLine, PlacedLine]
  const sizeVox: Triple = [i.weights.length, j.weights.length, k.weights.length]
  if (sizeVox.includes(0)) return undefined
  const row = new Float64Array(sizeVox[0])
  return {
    lowVox: [i.low, j.low, k.low],
    sizeVox,
    row(b, c) {
      const weight = j.weights[b]! * k.weights[c]!
      for (let a = 0; a < row.length; a++) row[a] = i.weights[a]! * weight
      return row
    },
  }
}

interface PlacedLine {
  low: number
  weights: number[]
}

/** One axis of the kernel at the voxels of a grid; `n` of the grid is `(n + offset / scale) * scale` of the line, as scipy computes it. */
function placeLine(line: Float64Array, scale: number, offset: number, length: number): PlacedLine {
  const shift = offset / scale
  const last = line.length - 1
  const placed: PlacedLine = { low: 0, weights: [] }
  for (let n = 0; n < length; n++) {
    const at = (n + shift) * scale
    if (!(at >= 0 && at <= last)) continue
    const floor = Math.floor(at)
    const part = at - floor
    if (placed.weights.length === 0) placed.low = n
    placed.weights.push(line[floor]! * (1 - part) + line[Math.min(floor + 1, last)]! * part)
  }
  return placed
}

function outerProduct(i: ArrayLike<number>, j: ArrayLike<number>, k: ArrayLike<number>): Float64Array {
  const product = new Float64Array(i.length * j.length * k.length)
  let at = 0
  for (let c = 0; c < k.length; c++) {
    for (let b = 0; b < j.length; b++) {
      const weight = j[b]! * k[c]!
      for (let a = 0; a < i.length; a++) product[at++] = i[a]! * weight
    }
  }
  return product
}

/** All of the kernel as an image; for grids that are turned against each other, where it has to fit the memory. */
function cubeImage({ line, radiusVox }: GaussianKernel, voxelToWorldMm: Affine): Image {
  const size = line.length
  if (radiusVox > MAX_TURNED_RADIUS_VOX) {
    const message = `sigma_mm is too large for a map of turned voxels: ${Math.floor(MAX_TURNED_RADIUS_VOX / 3)} of them at most`
    throw new SiibraError('INVALID_PARAMETER', message, { parameter: 'sigma_mm' })
  }
  return { data: outerProduct(line, line, line), dtype: 'float64', shape: [size, size, size], voxelToWorldMm }
}

function cropToPositive({ data, shape }: Image): Blob | undefined {
  const [nx, ny] = [shape[0]!, shape[1]!]
  const low = [...shape]
  const high = [-1, -1, -1]
  for (let at = 0; at < data.length; at++) {
    if (!(data[at]! > 0)) continue
    for (const [axis, position] of voxelAt(at, shape).entries()) {
      low[axis] = Math.min(low[axis]!, position)
      high[axis] = Math.max(high[axis]!, position)
    }
  }
  if (high[0] === -1) return undefined
  const size = low.map((first, axis) => high[axis]! - first + 1)
  const weights = Float64Array.from(data)
  return {
    lowVox: [low[0]!, low[1]!, low[2]!],
    sizeVox: [size[0]!, size[1]!, size[2]!],
    row(j, k) {
      const from = ((low[2]! + k) * ny + low[1]! + j) * nx + low[0]!
      return weights.subarray(from, from + size[0]!)
    },
  }
}
