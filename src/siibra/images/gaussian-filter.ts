import { inSlices, type Slices } from '../slices.ts'

/** Standard deviations after which the kernel ends, as scipy has it. */
const TRUNCATE = 4
/** Lines between two looks at the clock. */
const LINES_A_STEP = 64

/**
 * A volume smoothed by a Gaussian, as scipy.ndimage.gaussian_filter does it with its defaults: the kernel ends after four standard deviations,
 * and the volume is mirrored at its faces (the outermost voxels twice).
 * @param data Voxels, first axis fastest; left as they are.
 * @param shape Size along i, j, k.
 * @param sigmaVox Standard deviation along i, j, k in voxels; an axis with 0 is left as it is.
 */
export async function gaussianFilter(
  data: ArrayLike<number>,
  shape: readonly number[],
  sigmaVox: readonly [number, number, number],
  slices: Slices,
): Promise<Float64Array> {
  const filtered = Float64Array.from(data)
  const [nx, ny, nz] = [shape[0]!, shape[1]!, shape[2]!]
  const strides = [1, nx, nx * ny]
  const sizes = [nx, ny, nz]
  for (let axis = 0; axis < 3; axis++) {
    if (!(sigmaVox[axis]! > 1e-15)) continue
    const kernel = halfKernel(sigmaVox[axis]!)
    const stride = strides[axis]!
    const length = sizes[axis]!
    const line = createLineFilter(kernel, length)
    await inSlices(filtered.length / length, LINES_A_STEP, slices, (from, to) => {
      for (let n = from; n < to; n++) {
        const inner = n % stride
        line(filtered, (n - inner) * length + inner, stride)
      }
    })
  }
  return filtered
}

/** Weights at 0, 1, 2 ... of a kernel whose sum over both sides is 1. */
function halfKernel(sigmaVox: number): Float64Array {
  const radius = Math.floor(TRUNCATE * sigmaVox + 0.5)
  const kernel = Float64Array.from({ length: radius + 1 }, (_, n) => Math.exp((-0.5 * n * n) / (sigmaVox * sigmaVox)))
  const sum = kernel.reduce((total, weight, n) => total + (n === 0 ? weight : 2 * weight), 0)
  return kernel.map((weight) => weight / sum)
}

/** Filters one line in place; lines of zeros stay as they are. */
function createLineFilter(kernel: Float64Array, length: number) {
  const radius = kernel.length - 1
  const padded = new Float64Array(length + 2 * radius)
  return (data: Float64Array, offset: number, stride: number) => {
    let isEmpty = true
    for (let n = 0, at = offset; n < length; n++, at += stride) {
      padded[radius + n] = data[at]!
      if (data[at] !== 0) isEmpty = false
    }
    if (isEmpty) return
    for (let n = 1; n <= radius; n++) {
      padded[radius - n] = padded[radius + mirrored(-n, length)]!
      padded[radius + length - 1 + n] = padded[radius + mirrored(length - 1 + n, length)]!
    }
    for (let n = 0, at = offset; n < length; n++, at += stride) {
      const centre = radius + n
      let total = kernel[0]! * padded[centre]!
      for (let k = 1; k <= radius; k++) total += kernel[k]! * (padded[centre - k]! + padded[centre + k]!)
      data[at] = total
    }
  }
}

/** Where a position beyond a line lies in it, mirrored at its ends with the outermost sample twice: -1 is 0, -2 is 1. */
function mirrored(position: number, length: number): number {
  const period = 2 * length
  const folded = ((position % period) + period) % period
  return folded < length ? folded : period - 1 - folded
}
