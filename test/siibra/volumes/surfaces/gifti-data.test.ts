import { deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { decodeGiftiData } from '../../../../src/siibra/volumes/surfaces/gifti-data.ts'

const source = 'https://a.org/a.gii'

/** The numbers of an array of these sizes; its text is of whichever encoding. */
function decode(sizes: unknown[], text: string, more: Record<string, string> = {}, maxBytes = 1000) {
  const attributes = {
    DataType: 'NIFTI_TYPE_INT32',
    Encoding: 'ASCII',
    Endian: 'LittleEndian',
    Dimensionality: String(sizes.length),
    ...Object.fromEntries(sizes.map((size, axis) => [`Dim${axis}`, String(size)])),
    ...more,
  }
  const { data, dtype, shape } = decodeGiftiData(attributes, text, { source, maxBytes })
  return { data: [...data], dtype, shape }
}

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at + 1)

describe('the sizes of an array of GIFTI', () => {
  it('may be one to six, each from 0', () => {
    expect(decode([3], '1 2 3')).toEqual({ data: [1, 2, 3], dtype: 'int32', shape: [3] })
    expect(decode([1, 1, 1, 1, 1, 2], ' 5\n6 ')).toMatchObject({ data: [5, 6], shape: [1, 1, 1, 1, 1, 2] })
    expect(decode([0, 3], '')).toEqual({ data: [], dtype: 'int32', shape: [0, 3] })
  })

  it.each([['0'], ['7'], ['1.5'], ['x']])('are not %s', (Dimensionality) => {
    const message = `${source}: Dimensionality is ${JSON.stringify(Dimensionality)}`
    expect(() => decode([1, 1, 1, 1, 1, 1, 1], '1', { Dimensionality })).toThrow(message)
  })

  it.each([
    [[2, -1], '2 x -1'],
    [[1.5], '1.5'],
    [['x'], 'NaN'],
  ])('are not %j', (sizes, shown) => {
    expect(() => decode(sizes, '1')).toThrow(`${source}: the sizes of an array are ${shown}`)
  })

  it('may take what the bound allows, and no byte more', () => {
    expect(decode([2, 3], '1 2 3 4 5 6', {}, 24).data).toEqual(numbers(6))
    expect(() => decode([2, 3], '1 2 3 4 5 6', {}, 23)).toThrow('2 x 3 numbers of int32 exceed 23 bytes')
  })
})

describe('the order of an array of GIFTI', () => {
  const columnMajor = { ArrayIndexingOrder: 'ColumnMajorOrder' }

  it('is that of rows, unless it says columns', () => {
    expect(decode([2, 3], '1 2 3 4 5 6').data).toEqual([1, 2, 3, 4, 5, 6])
    expect(decode([2, 3], '1 4 2 5 3 6', columnMajor).data).toEqual([1, 2, 3, 4, 5, 6])
    expect(decode([3], '1 2 3', columnMajor).data).toEqual([1, 2, 3])
  })

  it('of three axes: the first goes fastest in the file', () => {
    const text = numbers(24).join(' ')
    const expected = []
    for (let i = 0; i < 2; i++)
      for (let j = 0; j < 3; j++) for (let k = 0; k < 4; k++) expected.push(1 + i + 2 * j + 6 * k)
    expect(decode([2, 3, 4], text, columnMajor).data).toEqual(expected)
  })
})

describe('numbers of GIFTI as text', () => {
  const read = (type: string, text: string) =>
    decode([text.split(' ').length], text, { DataType: `NIFTI_TYPE_${type.toUpperCase()}` })

  it.each([
    ['uint8', '0 255', [0, 255], 'uint8'],
    ['int16', '-32768 32767', [-32768, 32767], 'int16'],
    ['int64', '-2147483648 7', [-2147483648, 7], 'int32'],
    ['uint64', '4294967295', [4294967295], 'uint32'],
    ['float32', '0.5 -inf Infinity -1e3', [0.5, -Infinity, Infinity, -1000], 'float32'],
    ['float64', '0.1 +INF nan -NaN', [0.1, Infinity, Number.NaN, Number.NaN], 'float64'],
    ['float32', 'nan', [Number.NaN], 'float32'],
  ])('of %s: %s', (type, text, data, dtype) => {
    expect(read(type, text)).toMatchObject({ data, dtype })
  })

  it.each([
    ['uint8', '1 256', '"256" is no uint8'],
    ['int32', '1 1.5', '"1.5" is no int32'],
    ['int64', '2147483648', '"2147483648" is no int64'],
    ['int32', 'nan', '"nan" is no int32'],
    ['float64', '1 one', '"one" is no float64'],
    ['float32', '1,5', '"1,5" is no float32'],
  ])('of %s are not %s', (type, text, message) => {
    expect(() => read(type, text)).toThrow(`${source}: ${message}`)
  })

  it('are as many as promised', () => {
    expect(() => decode([2], '1')).toThrow(`${source}: 2 numbers are promised, there are 1`)
    expect(() => decode([1], '1 2')).toThrow(`${source}: 1 numbers are promised, there are 2`)
  })
})

describe('numbers of GIFTI as bytes', () => {
  const int16 = { DataType: 'NIFTI_TYPE_INT16', Encoding: 'Base64Binary' }
  const bytes = Buffer.from([1, 0, 0, 2])

  it('in either order', () => {
    expect(decode([2], bytes.toString('base64'), int16).data).toEqual([1, 512])
    expect(decode([2], bytes.toString('base64'), { ...int16, Endian: 'BigEndian' }).data).toEqual([256, 2])
  })

  it.each([
    ['zlib', deflateSync],
    ['gzip', gzipSync],
  ])('packed by %s', (_, pack) => {
    const text = pack(bytes).toString('base64')
    expect(decode([2], text, { ...int16, Encoding: 'GZipBase64Binary' }).data).toEqual([1, 512])
    const nothing = pack(Buffer.alloc(0)).toString('base64')
    expect(decode([0, 3], nothing, { ...int16, Encoding: 'GZipBase64Binary' }).data).toEqual([])
    expect(() => decode([1], text, { ...int16, Encoding: 'GZipBase64Binary' })).toThrow(
      'more than the bound of 2 bytes',
    )
  })

  it.each([1, 3])('are not those of %i numbers', (count) => {
    const message = `${count} numbers of int16 take ${2 * count} bytes, there are 4`
    expect(() => decode([count], bytes.toString('base64'), int16)).toThrow(message)
  })
})
