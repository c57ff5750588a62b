/** GIFTI as nibabel reads it, broken, and as other programs write it. */
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { decodeGiftiLabels, decodeGiftiMesh, parseGifti } from '../../../../src/siibra/volumes/surfaces/gifti.ts'
import { fromBase64, readJsonFixture } from '../fixtures.ts'
import { expectRefusal, source } from './refusals.ts'

interface GiftiCase {
  name: string
  file: string
  arrays: { intent: string; dtype: string; shape: number[]; data: number[] }[]
  labels: [number, string, [number, number, number, number] | null][]
}

const giftis = readJsonFixture<GiftiCase[]>('gifti.json')
const giftiNamed = (name: string) => fromBase64(giftis.find((each) => each.name === name)!.file)

describe('parseGifti reads what nibabel reads', () => {
  test.each(giftis)('$name', ({ file, arrays, labels }) => {
    const gifti = parseGifti(fromBase64(file))
    expect(gifti.arrays.length).toBe(arrays.length)
    for (const [index, expected] of arrays.entries()) {
      const { intent, dtype, shape, data } = gifti.arrays[index]!
      expect([intent, shape]).toEqual([expected.intent, expected.shape])
      expect(dtype).toBe(expected.dtype === 'int64' ? 'int32' : expected.dtype)
      expect(Array.from(data)).toEqual(expected.data)
    }
    for (const [key, name, rgba] of labels) {
      expect(gifti.labels.get(key)).toEqual(rgba ? { name, rgba } : { name })
    }
    expect(gifti.labels.size).toBe(labels.length)
  })

  test('gzipped as a whole, too', () => {
    const bytes = giftiNamed('written by nibabel')
    expect(parseGifti(gzipSync(bytes))).toEqual(parseGifti(bytes))
  })
})

describe('GIFTI meshes, labels and values', () => {
  test('a mesh is found by its intents', () => {
    const mesh = decodeGiftiMesh(giftiNamed('triangles first'))
    expect(mesh).toEqual(decodeGiftiMesh(giftiNamed('mesh, ASCII, C order, <')))
    expect(mesh.vertices.length).toBe(18)
    expect(Array.from(mesh.faces.subarray(0, 6))).toEqual([0, 1, 2, 2, 1, 3])
  })

  test.each(['int32', 'uint8', 'float32', 'int64'])('labels of type %s are integers', (type) => {
    expect(decodeGiftiLabels(giftiNamed(`labels, Base64Binary, ${type}`)).labels).toEqual(Int32Array.of(0, 7, 7, 9, 0))
  })

  test('labels that are not integers are refused', () => {
    const text = new TextDecoder().decode(giftiNamed('labels, ASCII, float32')).replace('9.0', '9.5')
    expect(() => decodeGiftiLabels(Buffer.from(text), { source })).toThrow(`${source}: the label of vertex 3 is 9.5`)
  })

  test('several arrays of values are no labels', () => {
    const bytes = giftiNamed('three arrays of values')
    expect(parseGifti(bytes).arrays.map(({ data }) => data.length)).toEqual([4, 4, 4])
    expect(() => decodeGiftiLabels(bytes, { source })).toThrow(`${source}: 3 arrays of labels, not one`)
  })

  test('values are no mesh', () => {
    expect(() => decodeGiftiMesh(giftiNamed('three arrays of values'), { source })).toThrow(
      `${source}: no mesh: coordinates of shape 4, not n x 3`,
    )
  })
})

describe('GIFTI files that lie', () => {
  const change = (name: string, from: string | RegExp, to: string) =>
    Buffer.from(new TextDecoder().decode(giftiNamed(name)).replace(from, to))

  test.each([
    ['a vertex that is not there', change('triangles first', /\n5\n0\n2</, '\n6\n0\n2<'), 'BAD_DATA'],
    ['fewer numbers than promised', change('labels, ASCII, int32', 'Dim0="5"', 'Dim0="6"'), 'BAD_DATA'],
    ['fewer bytes than promised', change('labels, Base64Binary, int32', 'Dim0="5"', 'Dim0="6"'), 'BAD_DATA'],
    [
      'more inflated bytes than promised',
      change('labels, GZipBase64Binary, int32', 'Dim0="5"', 'Dim0="4"'),
      'BAD_DATA',
    ],
    ['a size beyond the bound', change('labels, ASCII, int32', 'Dim0="5"', 'Dim0="99999999999"'), 'BAD_DATA'],
    ['no integer', change('labels, ASCII, int32', 'Dim0="5"', 'Dim0="x"'), 'BAD_DATA'],
    ['a text for a number', change('labels, ASCII, int32', '9', 'nine'), 'BAD_DATA'],
    ['an unknown type', change('labels, ASCII, int32', 'TYPE_INT32', 'TYPE_COMPLEX64'), 'BAD_DATA'],
    ['an unknown encoding', change('labels, ASCII, int32', 'ASCII', 'Utf8'), 'BAD_DATA'],
    ['an unknown byte order', change('labels, Base64Binary, int32', 'LittleEndian', 'Middle'), 'BAD_DATA'],
    ['a wrong number of arrays', change('labels, ASCII, int32', 'DataArrays="1"', 'DataArrays="2"'), 'BAD_DATA'],
    ['external data', change('labels, ASCII, int32', 'ASCII', 'ExternalFileBinary'), 'UNSUPPORTED'],
    ['another kind of XML', Buffer.from('<html/>'), 'BAD_DATA'],
    ['no XML', Buffer.from('hello'), 'BAD_DATA'],
  ])('%s: %3$s', (_, bytes, code) => {
    expect(expectRefusal(() => decodeGiftiMesh(Buffer.from(bytes), { source }), [code])).toBe(true)
  })

  test('entities that multiply are not expanded', () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "${'a'.repeat(1000)}"><!ENTITY b "${'&a;'.repeat(1000)}"><!ENTITY c "${'&b;'.repeat(1000)}">]>
      <GIFTI><LabelTable><Label Key="1">&c;</Label></LabelTable></GIFTI>`
    expectRefusal(() => {
      const name = parseGifti(Buffer.from(bomb), { source }).labels.get(1)!.name
      expect(name.length).toBeLessThan(10_000)
    })
  })

  test.each(['mesh, ASCII, F order, >', 'mesh, GZipBase64Binary, C order, <'])(
    '%s: truncated anywhere it is refused',
    (name) => {
      const bytes = giftiNamed(name)
      const end = new TextDecoder().decode(bytes).indexOf('</GIFTI>') + '</GIFTI'.length
      for (let length = 0; length <= end; length += 7) {
        expect(expectRefusal(() => decodeGiftiMesh(bytes.subarray(0, length), { source }))).toBe(true)
      }
    },
  )
})

describe('GIFTI as other programs write it', () => {
  const data = Buffer.from(Float32Array.of(1, 2, 3).buffer).toString('base64')
  const file = (endian: string, encoding = 'UTF-8', extra = '') =>
    `<?xml version="1.0" encoding="${encoding}"?><GIFTI Version="1.0" NumberOfDataArrays="1"${extra}>` +
    `<DataArray Intent="NIFTI_INTENT_SHAPE" DataType="NIFTI_TYPE_FLOAT32" Dimensionality="1" Dim0="3" ` +
    `ArrayIndexingOrder="RowMajorOrder" Encoding="Base64Binary" Endian="${endian}"><Data>${data}</Data></DataArray></GIFTI>`
  const valuesOf = (bytes: Uint8Array) => parseGifti(bytes).arrays.map(({ data }) => [...data])

  test('with the names of byte orders of its first version', () => {
    expect(valuesOf(Buffer.from(file('GIFTI_ENDIAN_LITTLE')))).toEqual([[1, 2, 3]])
    const swapped = Buffer.from(data, 'base64').swap32().toString('base64')
    expect(valuesOf(Buffer.from(file('GIFTI_ENDIAN_BIG').replace(data, swapped)))).toEqual([[1, 2, 3]])
    expect(() => valuesOf(Buffer.from(file('GIFTI_ENDIAN_MIDDLE')))).toThrow('Endian is "GIFTI_ENDIAN_MIDDLE"')
  })

  test('in UTF-16, with and without a byte order mark, and in Latin 1', () => {
    const text = file('LittleEndian', 'UTF-16')
    const little = Buffer.from(text, 'utf16le')
    const marked = Buffer.from(`\ufeff${text}`, 'utf16le')
    const big = Buffer.from(marked).swap16()
    for (const bytes of [little, marked, big, Buffer.from(little).swap16()])
      expect(valuesOf(bytes)).toEqual([[1, 2, 3]])
    expect(valuesOf(Buffer.from(file('LittleEndian', 'ISO-8859-1', ' A="\u00e9"'), 'latin1'))).toEqual([[1, 2, 3]])
    expect(() => valuesOf(Buffer.from(file('LittleEndian', 'KLINGON')))).toThrow('"KLINGON", which cannot be read')
  })

  test('elements with attributes without end are refused, in no time', () => {
    const attributes = Array.from({ length: 200_000 }, (_, n) => ` a${n}="1"`).join('')
    expect(() => valuesOf(Buffer.from(file('LittleEndian', 'UTF-8', attributes)))).toThrow('characters of attributes')
  })
})
