import { expect, test } from 'vitest'
import { encodeIndexFile, openIndexFile } from '../../../src/siibra/maps/index-file.ts'

const MAGIC = 0x31585054
const arrays = [Float64Array.of(0.5, -1, 7), Uint16Array.of(1, 2, 3, 4)]
const SIZE = 3 * 8 + 4 * 2
const encoded = (fingerprint = 'abc') => encodeIndexFile(MAGIC, { fingerprint }, arrays)
const open = (bytes: Uint8Array, arrayBytes = SIZE) => openIndexFile(bytes, MAGIC, 'abc', () => arrayBytes)
/** These bytes behind others, so that they are not aligned as they were. */
const behind = (bytes: Uint8Array, before: number) => {
  const all = new Uint8Array(before + bytes.length + 16)
  all.set(bytes, before)
  return all.subarray(before, before + bytes.length)
}
/** A file of which this text is the header, as long as it is, without arrays. */
const withHeader = (text: string, headerBytes = text.length, magic = MAGIC) => {
  const bytes = new Uint8Array(8 + text.length)
  bytes.set(new Uint8Array(Uint32Array.of(magic, headerBytes).buffer))
  bytes.set(new TextEncoder().encode(text), 8)
  return bytes
}
const HEADER = '{"fingerprint":"abc"}'.padEnd(24)

test.each(['abc', '', 'ä', 'äöü€', '12345678'])(
  'arrays begin at a multiple of 8, whatever the header says: %j',
  (text) => {
    const bytes = encoded(text)
    const json = Buffer.byteLength(JSON.stringify({ fingerprint: text }))
    expect(bytes.length).toBe(8 + Math.ceil(json / 8) * 8 + SIZE)
    expect(openIndexFile(bytes, MAGIC, text, () => SIZE)?.header).toEqual({ fingerprint: text })
  },
)

test.each([0, 8, 16, 1, 4])('arrays are as they were, %i bytes behind others', (before) => {
  const bytes = behind(encoded(), before)
  const file = open(bytes)
  const read = [file?.take(Float64Array, 3), file?.take(Uint16Array, 4)]
  expect(read).toEqual(arrays)
  // without a copy, where that can be
  expect(read.map((array) => array?.buffer === bytes.buffer)).toEqual(Array(2).fill(before % 8 === 0))
})

test('an index may have no arrays', () => {
  expect(open(withHeader(HEADER), 0)?.header).toEqual({ fingerprint: 'abc' })
  expect(open(behind(withHeader(HEADER), 8), 0)?.header).toEqual({ fingerprint: 'abc' })
})

test.each<[string, Uint8Array, number?]>([
  ['nothing', new Uint8Array(0)],
  ['less than a prefix', encoded().subarray(0, 7)],
  ['a prefix alone', withHeader(''), 0],
  ['another kind', withHeader(HEADER, 24, MAGIC + 1), 0],
  ['a header of no whole words', withHeader(HEADER.slice(0, 22)), 0],
  ['a header longer than the file', withHeader(HEADER, 28), 4],
  ['a header longer than the file, behind others', behind(withHeader(HEADER, 28), 8), -4],
  ['a header that is no JSON', withHeader('{"fingerprint":"abc",   '), 0],
  ['something else', encoded('abd')],
  ['a byte too few', encoded().subarray(0, -1)],
  ['a byte too many', encoded(), SIZE - 1],
])('bytes are no index: %s', (_, bytes, arrayBytes) => {
  expect(open(bytes, arrayBytes)).toBeUndefined()
})
