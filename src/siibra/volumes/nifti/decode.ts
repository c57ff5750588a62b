/** NIfTI-1 and NIfTI-2 files, plain or gzipped, as images; values and affine as nibabel gives them. */
import type { Image, VoxelArray } from '../image.ts'
import { badData, type DecodeOptions, defaultMaxBytes, gunzipIfNeeded } from '../inflate.ts'
import { itemBytesOf, readTyped, readWideAsFloat64 } from '../typed-bytes.ts'
import { type NiftiHeader, parseNiftiHeader } from './header.ts'

export { encodeNifti } from './encode.ts'
export { type NiftiHeader, parseNiftiHeader } from './header.ts'

/**
 * Decodes a whole file. Without scaling the voxels keep their type (as nibabel's `dataobj`; 64-bit integers are narrowed to 32 bits or
 * refused), with slope or intercept they become float64. Where type and order allow, `data` is a view into the (inflated) bytes, not a
 * copy. Errors: BAD_DATA (truncated, lying, larger than `maxBytes`), UNSUPPORTED (complex or RGB voxels, two-file NIfTI).
 */
export function decodeNifti(bytes: Uint8Array, options: DecodeOptions = {}): Image {
  const { source = 'the NIfTI file', maxBytes = defaultMaxBytes } = options
  const inflated = gunzipIfNeeded(bytes, { source, maxBytes })
  const header = parseNiftiHeader(inflated, source)
  const { dataOffsetBytes, dataBytes, storedType, shape, voxelToWorldMm } = header
  const available = Math.max(0, inflated.length - dataOffsetBytes)
  if (available < dataBytes) {
    throw badData(
      source,
      `${shape.join(' x ')} voxels of ${storedType} take ${dataBytes} bytes from byte ${dataOffsetBytes}, ` +
        `but there are ${available} (${inflated.length} in all)`,
    )
  }
  const decodedBytes = header.scaling ? 8 * (dataBytes / itemBytesOf(storedType)) : dataBytes
  if (decodedBytes > maxBytes) {
    throw badData(source, `${shape.join(' x ')} voxels take ${decodedBytes} bytes, the bound is ${maxBytes} bytes`)
  }
  const stored = inflated.subarray(dataOffsetBytes, dataOffsetBytes + dataBytes)
  const count = shape.reduce((product, size) => product * size, 1)
  return { ...decodeVoxels(stored, count, header, source), shape, voxelToWorldMm }
}

export type DecodedVoxels = Pick<Image, 'data' | 'dtype'>

/** `count` voxels from the start of `bytes`, as values. */
export function decodeVoxels(bytes: Uint8Array, count: number, header: NiftiHeader, source: string): DecodedVoxels {
  const { storedType, littleEndian, scaling } = header
  if (!scaling) return readTyped(bytes, storedType, count, { littleEndian, source })
  const isWide = storedType === 'int64' || storedType === 'uint64'
  const stored = isWide
    ? readWideAsFloat64(bytes, storedType, count, littleEndian)
    : readTyped(bytes, storedType, count, { littleEndian, source }).data
  return { data: applyScaling(stored, scaling), dtype: 'float64' }
}

function applyScaling(stored: VoxelArray, { slope, intercept }: { slope: number; intercept: number }): Float64Array {
  const values = new Float64Array(stored.length)
  for (let i = 0; i < values.length; i++) values[i] = stored[i]! * slope
  if (intercept !== 0) for (let i = 0; i < values.length; i++) values[i]! += intercept
  return values
}
