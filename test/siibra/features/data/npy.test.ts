import { expect, test } from 'vitest'
import { parseNpy } from '../../../../src/siibra/features/data/npy.ts'

/** A file of a version, as numpy writes it: the header is padded to a multiple of 64 bytes. */
function npy(header: string, data: ArrayBufferView, version = 1): Uint8Array {
  const start = version === 1 ? 10 : 12
  const text = `${header.padEnd(Math.ceil((start + header.length + 1) / 64) * 64 - start - 1)}\n`
  const length =
    version === 1
      ? Uint8Array.of(text.length & 255, text.length >> 8)
      : Uint8Array.of(text.length & 255, text.length >> 8, 0, 0)
  const items = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return Buffer.concat([
    Uint8Array.of(0x93),
    Buffer.from('NUMPY'),
    Uint8Array.of(version, 0),
    length,
    Buffer.from(text),
    items,
  ])
}
const header = (descr: string, shape: string, fortran = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (${shape}), }`

test.each([
  ['<f4', Float32Array.of(1.5, 2, 3, 4, 5, 6)],
  ['<f8', Float64Array.of(0.1, 2, 3, 4, 5, 6)],
  ['<i4', Int32Array.of(-1, 2, 3, 4, 5, 6)],
  ['|u1', Uint8Array.of(255, 2, 3, 4, 5, 6)],
  ['<i8', BigInt64Array.of(-1n, 2n, 3n, 4n, 5n, 6n)],
] as const)('numbers of type %s, of all versions of the header, row by row or column by column', (descr, data) => {
  const values = Array.from(data, Number)
  for (const version of [1, 2, 3]) {
    expect(parseNpy(npy(header(descr, '2, 3'), data, version))).toMatchObject({ shape: [2, 3] })
    expect([...parseNpy(npy(header(descr, '2, 3'), data, version)).data]).toEqual(values)
  }
  const [a, b, c, d, e, f] = values
  expect([...parseNpy(npy(header(descr, '2, 3', 'True'), data)).data]).toEqual([a, c, e, b, d, f])
  expect([...parseNpy(npy(header(descr, '6,', 'True'), data)).data]).toEqual(values)
})

test.each([
  {
    name: 'a header that has not begun',
    bytes: npy('', Uint8Array.of()).subarray(0, 9),
    message: 'broken .npy header: 9 bytes',
  },
  {
    name: 'one that has not begun, of version 2',
    bytes: npy('', Uint8Array.of(), 2).subarray(0, 11),
    message: 'broken .npy header: 11 bytes',
  },
  { name: 'one without text', bytes: npy('', Uint8Array.of()).subarray(0, 10), message: 'broken .npy header' },
  { name: 'one without a shape', bytes: npy("{'descr': '<f4'}", Uint8Array.of()), message: 'broken .npy header' },
  { name: 'one without a type', bytes: npy("{'shape': (2,)}", Uint8Array.of()), message: 'broken .npy header' },
])('$name is broken', ({ bytes, message }) => {
  expect(() => parseNpy(bytes)).toThrow(expect.objectContaining({ code: 'BAD_DATA', message }))
})

test('other types are not supported', () => {
  expect(() => parseNpy(npy(header('<c8', '1,'), Float32Array.of(1, 2)))).toThrow(
    '.npy data of type <c8 are not supported',
  )
})
