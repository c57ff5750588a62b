/** The numbers of one DataArray of a GIFTI file. */
import { SiibraError } from '../../errors.ts'
import { badData, type DecodeOptions, gunzipBounded, inflateZlibBounded, isGzip } from '../inflate.ts'
import { createVoxels, itemBytesOf, readTyped, type StoredType, type TypedBytes } from '../typed-bytes.ts'

const storedTypes: Record<string, StoredType> = {
  NIFTI_TYPE_UINT8: 'uint8',
  NIFTI_TYPE_INT8: 'int8',
  NIFTI_TYPE_UINT16: 'uint16',
  NIFTI_TYPE_INT16: 'int16',
  NIFTI_TYPE_UINT32: 'uint32',
  NIFTI_TYPE_INT32: 'int32',
  NIFTI_TYPE_UINT64: 'uint64',
  NIFTI_TYPE_INT64: 'int64',
  NIFTI_TYPE_FLOAT32: 'float32',
  NIFTI_TYPE_FLOAT64: 'float64',
}

/** Names of byte orders, those of the first version of the format too; whether they mean the little end first. */
const ENDIANS = new Map([
  ['LittleEndian', true],
  ['GIFTI_ENDIAN_LITTLE', true],
  ['BigEndian', false],
  ['GIFTI_ENDIAN_BIG', false],
])

/** The numbers in row-major order, with their shape. `attributes` are those of the element DataArray, `text` is that of its Data. */
export function decodeGiftiData(
  attributes: Record<string, string>,
  text: string,
  { source, maxBytes }: Required<DecodeOptions>,
): TypedBytes & { shape: number[] } {
  const type = storedTypes[attributes.DataType ?? '']
  if (!type) throw badData(source, `unknown DataType ${JSON.stringify(attributes.DataType)}`)
  const shape = readShape(attributes, source)
  const count = shape.reduce((product, size) => product * size, 1)
  const byteCount = count * itemBytesOf(type)
  if (byteCount > maxBytes) throw badData(source, `${shape.join(' x ')} numbers of ${type} exceed ${maxBytes} bytes`)
  const stored =
    attributes.Encoding === 'ASCII'
      ? parseNumbers(text, type, count, source)
      : readBinary(attributes, text, type, count, source)
  const isColumnMajor = attributes.ArrayIndexingOrder === 'ColumnMajorOrder' && shape.length > 1
  return { ...(isColumnMajor ? { ...stored, data: toRowMajor(stored.data, shape) } : stored), shape }
}

function readShape(attributes: Record<string, string>, source: string): number[] {
  const rank = Number(attributes.Dimensionality)
  if (!(Number.isInteger(rank) && rank >= 1 && rank <= 6)) {
    throw badData(source, `Dimensionality is ${JSON.stringify(attributes.Dimensionality)}`)
  }
  const shape = Array.from({ length: rank }, (_, axis) => Number(attributes[`Dim${axis}`]))
  if (!shape.every((size) => Number.isInteger(size) && size >= 0)) {
    throw badData(source, `the sizes of an array are ${shape.join(' x ')}`)
  }
  return shape
}

function readBinary(attributes: Record<string, string>, text: string, type: StoredType, count: number, source: string) {
  const expected = count * itemBytesOf(type)
  const bytes = decodeBytes(attributes.Encoding, text, expected, source)
  if (bytes.length !== expected) {
    throw badData(source, `${count} numbers of ${type} take ${expected} bytes, there are ${bytes.length}`)
  }
  const littleEndian = ENDIANS.get(attributes.Endian ?? '')
  if (littleEndian === undefined) throw badData(source, `Endian is ${JSON.stringify(attributes.Endian)}`)
  return readTyped(bytes, type, count, { littleEndian, source })
}

function decodeBytes(encoding: string | undefined, text: string, expected: number, source: string): Uint8Array {
  switch (encoding) {
    case 'Base64Binary':
      return Buffer.from(text, 'base64')
    case 'GZipBase64Binary': {
      // Despite its name a zlib stream; some programs write gzip all the same.
      const packed = Buffer.from(text, 'base64')
      const bound = { source, maxBytes: expected }
      return isGzip(packed) ? gunzipBounded(packed, bound) : inflateZlibBounded(packed, expected, bound)
    }
    case 'ExternalFileBinary':
      throw new SiibraError('UNSUPPORTED', `${source}: its numbers lie in another file`, { url: source })
    default:
      throw badData(source, `unknown Encoding ${JSON.stringify(encoding)}`)
  }
}

/** Numbers as text; integers must be integers and fit. 64-bit ones are read as 32-bit ones. */
function parseNumbers(text: string, type: StoredType, count: number, source: string): TypedBytes {
  const words = text.split(/\s+/).filter((word) => word !== '')
  if (words.length !== count) throw badData(source, `${count} numbers are promised, there are ${words.length}`)
  const dtype = type === 'int64' ? 'int32' : type === 'uint64' ? 'uint32' : type
  const data = createVoxels(dtype, count)
  const isFloat = dtype === 'float32' || dtype === 'float64'
  for (let i = 0; i < count; i++) {
    const value = isFloat ? parseFloatWord(words[i]!) : Number(words[i])
    data[i] = value
    if (isFloat ? Number.isNaN(value) && !/^[+-]?nan$/i.test(words[i]!) : data[i] !== value) {
      throw badData(source, `${JSON.stringify(words[i])} is no ${type}`)
    }
  }
  return { data, dtype }
}

/** As C prints them: also inf. */
function parseFloatWord(word: string): number {
  const infinite = /^([+-]?)inf(inity)?$/i.exec(word)
  return infinite ? Number(`${infinite[1]}Infinity`) : Number(word)
}

function toRowMajor(data: TypedBytes['data'], shape: number[]): TypedBytes['data'] {
  const reordered = data.slice()
  const index = shape.map(() => 0)
  const columnStrides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1))
  for (let i = 0; i < data.length; i++) {
    reordered[i] = data[index.reduce((sum, position, axis) => sum + position * columnStrides[axis]!, 0)]!
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++
      if (index[axis]! < shape[axis]!) break
      index[axis] = 0
    }
  }
  return reordered
}
