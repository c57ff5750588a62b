/** numpy's `.npy` files, format versions 1 to 3: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
import { SiibraError } from '../../errors.ts'

export interface NpyArray {
  /** Sizes along the axes. */
  shape: number[]
  /** In C order (last axis fastest), whatever the file's order. */
  data: Float32Array | Float64Array | Int32Array | Uint8Array
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

/**
 * Reads an array of little-endian float32, float64, int32, int64 (as doubles) or uint8 numbers.
 * @throws BAD_DATA where the header is broken or bytes are missing; UNSUPPORTED for other types.
 */
export function parseNpy(bytes: Uint8Array): NpyArray {
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) throw new SiibraError('BAD_DATA', 'not an .npy file: no magic bytes')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const wide = bytes[6]! >= 2
  const headerStart = wide ? 12 : 10
  if (bytes.length < headerStart) throw new SiibraError('BAD_DATA', `broken .npy header: ${bytes.length} bytes`)
  const headerLength = wide ? view.getUint32(8, true) : view.getUint16(8, true)
  const header = new TextDecoder('latin1').decode(bytes.subarray(headerStart, headerStart + headerLength))
  const descr = /'descr':\s*'([^']+)'/.exec(header)?.[1]
  const fortran = /'fortran_order':\s*True/.test(header)
  const shapeText = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1]
  if (!descr || shapeText === undefined) throw new SiibraError('BAD_DATA', 'broken .npy header')
  const shape = shapeText
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
    .map(Number)
  const count = shape.reduce((a, b) => a * b, 1)
  const start = headerStart + headerLength
  const itemBytes = Number(descr.slice(2))
  if (start + count * itemBytes > bytes.length) {
    throw new SiibraError(
      'BAD_DATA',
      `.npy is truncated: ${shape.join(' x ')} x ${itemBytes} bytes after ${start} bytes of header are ${start + count * itemBytes}, the file has ${bytes.length}`,
    )
  }
  // A Buffer shares its memory with others, and its slices do.
  const raw = Uint8Array.from(bytes.subarray(start, start + count * itemBytes))
  const data = toTyped(descr, raw.buffer, count)
  return { shape, data: fortran && shape.length === 2 ? transposed(data, shape[1]!, shape[0]!) : data }
}

function toTyped(descr: string, buffer: ArrayBuffer, count: number): NpyArray['data'] {
  switch (descr) {
    case '<f4':
      return new Float32Array(buffer)
    case '<f8':
      return new Float64Array(buffer)
    case '<i4':
      return new Int32Array(buffer)
    case '|u1':
      return new Uint8Array(buffer)
    case '<i8': {
      const wide = new BigInt64Array(buffer)
      const doubles = new Float64Array(count)
      for (let i = 0; i < count; i++) doubles[i] = Number(wide[i])
      return doubles
    }
    default:
      throw new SiibraError('UNSUPPORTED', `.npy data of type ${descr} are not supported`)
  }
}

function transposed<T extends NpyArray['data']>(data: T, rowCount: number, columnCount: number): T {
  const out = data.slice() as T
  for (let r = 0; r < rowCount; r++) {
    for (let c = 0; c < columnCount; c++) out[c * rowCount + r] = data[r * columnCount + c]!
  }
  return out
}
