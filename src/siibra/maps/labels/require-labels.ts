import type { Image, VoxelArray } from '../../volumes/image.ts'
import { badData } from '../../volumes/inflate.ts'

/** How far a value may lie beside an integer to be taken for it: slopes such as 1/255 and conversions leave such values. */
const LABEL_TOLERANCE = 1e-3

/**
 * A labelled volume: of three axes, its values are integers. The image itself where they are, else a copy of the same type in which values
 * within a thousandth of an integer are that integer, and NaN is background (0). BAD_DATA, saying what was found, where there are several
 * volumes in the image, a value between integers, an infinite one, or a label above 2^53.
 */
export function requireLabels(image: Image, what: string): Image {
  const { data, shape } = image
  if (shape.length > 3) {
    const [nx, ny, nz, count] = shape
    throw badData(
      what,
      `${count} volumes of ${nx} x ${ny} x ${nz} labels, and the configuration does not say which (z)`,
    )
  }
  const labels = toLabels(data, what)
  return labels === data ? image : { ...image, data: labels }
}

/** The same for a piece of a volume; `start` is the index of its first voxel, for what is said of a value that is no label. */
export function toLabels(values: VoxelArray, what: string, start = 0): VoxelArray {
  if (!(values instanceof Float32Array || values instanceof Float64Array)) return values
  return isEveryLabel(values, what, start) ? values : rounded(values)
}

function isEveryLabel(data: Float32Array | Float64Array, what: string, start: number): boolean {
  let areIntegers = true
  for (let at = 0; at < data.length; at++) {
    const value = data[at]!
    if (Number.isSafeInteger(value)) continue
    areIntegers = false
    // of NaN nothing is larger
    if (Math.abs(value - Math.round(value)) > LABEL_TOLERANCE || Math.abs(value) > Number.MAX_SAFE_INTEGER) {
      throw badData(what, `the value ${value} (voxel ${start + at} in file order) is no label`)
    }
  }
  return areIntegers
}

function rounded(data: Float32Array | Float64Array): VoxelArray {
  // adding 0 makes 0 of -0
  return data.map((value) => (Number.isNaN(value) ? 0 : Math.round(value) + 0))
}

/** Refuses to write labels that 32 bits cannot hold: readers of NIfTI rarely know more, and floats would round some. BAD_DATA. */
export function requireLabelsOf32Bits({ data }: Image, what: string): void {
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return
  const beyond = data.find((value) => value > 0xffffffff || value < -0x80000000)
  if (beyond !== undefined) {
    throw badData(
      what,
      `the label ${beyond} does not fit 32 bits: there are masks and assignments, but no map as a whole`,
    )
  }
}

/** How error texts name a volume: by its first address. */
export function describeVolume({ name, providers }: { name: string | null; providers: object }): string {
  const [provider] = Object.values(providers) as (string | Record<string, string>)[]
  const url = typeof provider === 'object' ? Object.values(provider)[0] : provider
  return url ?? `The volume '${name}'`
}
