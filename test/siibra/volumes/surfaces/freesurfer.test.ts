/** Surfaces and labels of FreeSurfer as nibabel reads them, and broken. */
import { describe, expect, test } from 'vitest'
import { decodeAnnot, decodeFreesurferSurface } from '../../../../src/siibra/volumes/surfaces/freesurfer.ts'
import { fromBase64, readJsonFixture } from '../fixtures.ts'
import { expectRefusal, source } from './refusals.ts'

interface FreesurferCases {
  annots: { name: string; file: string; labels: number[]; table: number[][]; names: string[] }[]
  surfaces: { name: string; file: string; vertices: number[]; faces: number[] }[]
}
const { annots, surfaces } = readJsonFixture<FreesurferCases>('freesurfer.json')

describe('decodeAnnot reads what nibabel reads', () => {
  test.each(annots)('$name', ({ file, labels, table, names }) => {
    const annotation = decodeAnnot(fromBase64(file))
    expect(Array.from(annotation.labels)).toEqual(labels)
    const entries = annotation.table.map((entry) => entry?.rgbt ?? [0, 0, 0, 0])
    expect(entries).toEqual(table)
    const found = annotation.table.flatMap((entry) => (entry ? [entry.name] : []))
    expect(found.toSorted()).toEqual(names.toSorted())
  })

  test('a colour that is not in the table is no label', () => {
    const bytes = fromBase64(annots[0]!.file)
    new DataView(bytes.buffer).setInt32(4 + 4, 12345)
    expect(decodeAnnot(bytes).labels[0]).toBe(-1)
  })
})

describe('decodeFreesurferSurface reads what nibabel reads', () => {
  test.each(surfaces)('$name', ({ file, vertices, faces }) => {
    const mesh = decodeFreesurferSurface(fromBase64(file))
    expect(Array.from(mesh.vertices)).toEqual(vertices)
    expect(Array.from(mesh.faces)).toEqual(faces)
  })

  test('quadrangles are unsupported, other files are none', () => {
    expect(() => decodeFreesurferSurface(Uint8Array.of(255, 255, 255, 0, 0, 0), { source })).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED' }),
    )
    expect(() => decodeFreesurferSurface(Uint8Array.of(1, 2, 3), { source })).toThrow(
      `${source}: no surface: its magic number is 0x10203`,
    )
  })
})

describe('FreeSurfer files that are broken', () => {
  const [plainSurface] = surfaces
  test.each([
    ...annots.map(({ name, file }) => ({ name, file, decode: decodeAnnot })),
    { name: plainSurface!.name, file: plainSurface!.file, decode: decodeFreesurferSurface },
  ])('truncated anywhere they are refused, with bytes changed read or refused: $name', ({ file, decode }) => {
    const bytes = fromBase64(file)
    for (let length = 0; length < bytes.length; length++) {
      expect(expectRefusal(() => decode(bytes.subarray(0, length), { source }))).toBe(true)
    }
    let readCount = 0
    for (let at = 0; at < bytes.length; at++) {
      for (const value of [0x00, 0x7f, 0xff]) {
        const changed = bytes.slice()
        changed[at] = value
        if (!expectRefusal(() => decode(changed, { source }))) readCount++
      }
    }
    expect(readCount).toBeGreaterThan(0)
  })

  test('the arithmetic is in the error', () => {
    expect(() => decodeAnnot(fromBase64(annots[0]!.file).subarray(0, 40), { source })).toThrow(
      `${source}: 9 pairs of vertex and colour would take 72 bytes from byte 4, but there are 40 in all`,
    )
  })
})

describe('the numbers of a FreeSurfer file, exactly', () => {
  const int32s = (...numbers: number[]) => {
    const bytes = Buffer.alloc(4 * numbers.length)
    for (const [n, number] of numbers.entries()) bytes.writeInt32BE(number, 4 * n)
    return bytes
  }
  const text = (content: string) => Buffer.concat([int32s(content.length), Buffer.from(content)])
  const colour = (name: string, ...rgbt: number[]) => Buffer.concat([text(name), int32s(...rgbt)])
  /** Vertices of these colours, and a table of the new layout: rows of so many, entries. */
  const annot = (colours: number[], rows: number, ...entries: Uint8Array[]) =>
    Buffer.concat([
      int32s(colours.length, ...colours.flatMap((value, vertex) => [vertex, value])),
      int32s(1, -2, rows),
      text('table'),
      int32s(entries.length),
      ...entries,
    ])
  const entry = (row: number, name: string, ...rgbt: number[]) => Buffer.concat([int32s(row), colour(name, ...rgbt)])

  test('colours are red, then 256 times green, then 65536 times blue; of two alike the first counts, black none', () => {
    const file = annot(
      [3 + 2 * 256 + 65_536, 9, 0],
      5,
      entry(0, 'black', 0, 0, 0, 0),
      entry(1, 'one\0rest', 3, 2, 1, 7),
      entry(3, 'again', 3, 2, 1, 0),
      entry(4, 'red', 9, 0, 0, 0),
    )
    const { labels, table } = decodeAnnot(file)
    expect([...labels]).toEqual([1, 4, -1])
    expect(table).toEqual([
      { name: 'black', rgbt: [0, 0, 0, 0] },
      { name: 'one', rgbt: [3, 2, 1, 7] },
      undefined,
      { name: 'again', rgbt: [3, 2, 1, 0] },
      { name: 'red', rgbt: [9, 0, 0, 0] },
    ])
  })

  test.each([
    ['a row below 0', annot([9], 2, entry(-1, 'a', 9, 0, 0, 0)), 'a colour is for row -1, but there are 2'],
    ['a row too many', annot([9], 2, entry(2, 'a', 9, 0, 0, 0)), 'a colour is for row 2, but there are 2'],
    ['a million rows', annot([9], 2e6, entry(1e6, 'a', 9, 0, 0, 0)), 'a colour table of 1000001 rows'],
    ['another version', Buffer.concat([int32s(1, 0, 9, 1, -3)]), 'colour tables of version 3 are unknown'],
    [
      'fewer colours than promised',
      Buffer.concat([int32s(0, 1, -2, 5), text('table'), int32s(3), Buffer.alloc(59)]),
      '3 colours would take 60 bytes from byte 29, but there are 88 in all',
    ],
    ['no table', int32s(1, 0, 9), 'there is no colour table'],
    ['the mark of none', int32s(1, 0, 9, 0), 'there is no colour table'],
    ['vertices below 0', int32s(-1), 'the number of vertices is -1'],
  ])('%s is refused', (_, file, message) => {
    expect(() => decodeAnnot(file, { source })).toThrow(`${source}: ${message}`)
  })

  test('the largest table there may be, the smallest, and none of vertices', () => {
    const empty = Buffer.concat([int32s(1, 0, 9, 1, 0), text('table')])
    expect(decodeAnnot(empty)).toEqual({ labels: Int32Array.of(-1), table: [] })
    expect(decodeAnnot(annot([9], 1e6, entry(1e6 - 1, 'a', 9, 0, 0, 0))).labels[0]).toBe(999_999)
    expect(decodeAnnot(annot([], 1, entry(0, 'a', 9, 0, 0, 0))).labels).toHaveLength(0)
  })

  const surface = (vertices: number, faces: number, rest: Uint8Array, magic = [255, 255, 254]) =>
    Buffer.concat([Buffer.from(magic), Buffer.from('made by\n\n'), int32s(vertices, faces), rest])

  test.each([
    [0, 0, undefined],
    [-1, 0, '-1 vertices, 0 triangles'],
    [0, -1, '0 vertices, -1 triangles'],
    [1, 0, '1 vertices would take 12 bytes from byte 20, but there are 20 in all'],
  ])('a surface of %i vertices and %i triangles, with nothing behind', (vertices, faces, message) => {
    const decode = () => decodeFreesurferSurface(surface(vertices, faces, Buffer.alloc(0)), { source })
    if (message) expect(decode).toThrow(`${source}: ${message}`)
    else expect(decode()).toEqual({ vertices: new Float32Array(0), faces: new Uint32Array(0) })
  })

  test.each([[[255, 255, 255]], [[255, 255, 253]]])('quadrangles, %j, are told', (magic) => {
    expect(() => decodeFreesurferSurface(surface(0, 0, Buffer.alloc(0), magic))).toThrow('a surface of quadrangles')
  })
})
