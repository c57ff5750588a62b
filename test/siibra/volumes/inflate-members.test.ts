import { crc32, deflateRawSync, gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { badData, gunzipBounded, gzipBytes, isGzip } from '../../../src/siibra/volumes/inflate.ts'

const text = Buffer.from('atlas '.repeat(1000))
/** Begins like a member and is none: zlib gives up there, and what came before is read again by itself. */
const broken = Buffer.of(0x1f, 0x8b, 8, 0, 1, 2, 3)

it.each([
  [[0x1f, 0x8b, 8], true],
  [[0x1f, 0x8b, 8, 0], true],
  [[0x1f, 0x8b], false],
  [[0x1f, 0x8b, 7], false],
  [[0x1f, 0, 8], false],
  [[0, 0x8b, 8], false],
  [[0, 0, 8], false],
  [[0x1f, 0, 0], false],
  [[], false],
])('%j begin like gzip: %j', (bytes, expected) => {
  expect(isGzip(Uint8Array.from(bytes))).toBe(expected)
})

describe('members of gzip by RFC 1952', () => {
  const uint16 = (value: number) => Buffer.of(value & 255, value >> 8)
  const uint32 = (value: number) => Buffer.concat([uint16(value & 0xffff), uint16(value >>> 16)])
  const EXTRA = Buffer.concat([uint16(515), Buffer.alloc(515, 1)])
  const FIELDS: Record<number, Buffer> = { 4: EXTRA, 8: Buffer.from('a.nii\0'), 16: Buffer.from('a comment\0') }

  /** A member whose header has the fields that the flags name; 2 is its check sum. */
  function member(content: Uint8Array, flags = 0) {
    const fields = [4, 8, 16].flatMap((flag) => (flags & flag ? [FIELDS[flag]!] : []))
    const header = Buffer.concat([Buffer.of(0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3), ...fields])
    const sum = flags & 2 ? uint16(crc32(header) & 0xffff) : Buffer.alloc(0)
    return Buffer.concat([header, sum, deflateRawSync(content), uint32(crc32(content)), uint32(content.length)])
  }

  it.each([0, 2, 4, 8, 16, 24, 30])('with the flags %i, and something behind', (flags) => {
    const file = member(text, flags)
    expect(gunzipSync(file).equals(text)).toBe(true)
    expect(Buffer.from(gunzipBounded(Buffer.concat([file, broken]))).equals(text)).toBe(true)
    const two = Buffer.concat([file, member(Buffer.from('end'), flags), broken])
    expect(Buffer.from(gunzipBounded(two)).toString()).toBe(`${text}end`)
  })

  it.each([
    ['a name', 8],
    ['more fields', 4],
  ])('of which %s does not end are none', (_, flags) => {
    const bytes = Buffer.concat([Buffer.of(0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3), Buffer.alloc(40, 255)])
    expect(() => gunzipBounded(bytes, { source: 'a' })).toThrow('a: 50 bytes cannot be inflated: ')
  })

  it.each([
    ['the check sum', 8],
    ['the size', 4],
  ])('whose end has %s of another are none', (_, fromEnd) => {
    const file = member(text)
    file[file.length - fromEnd]! ^= 1
    expect(() => gunzipBounded(Buffer.concat([file, broken]))).toThrow('cannot be inflated')
  })
})

describe('the bound of what is inflated', () => {
  it('holds for all members together: what is beyond is refused, not left out', () => {
    const ten = gzipSync(Buffer.alloc(10, 1))
    for (const rest of [Buffer.alloc(0), broken]) {
      const bytes = Buffer.concat([ten, ten, rest])
      expect(gunzipBounded(bytes, { maxBytes: 20 })).toHaveLength(20)
      const message = `a: ${bytes.length} bytes inflate to more than the bound of 19 bytes`
      expect(() => gunzipBounded(bytes, { source: 'a', maxBytes: 19 })).toThrow(message)
    }
  })

  it('holds for each of them, too', () => {
    const bytes = Buffer.concat([gzipSync(Buffer.alloc(10, 1)), gzipSync(Buffer.alloc(30, 1)), broken])
    expect(gunzipBounded(bytes, { maxBytes: 40 })).toHaveLength(40)
    expect(() => gunzipBounded(bytes, { maxBytes: 29 })).toThrow('inflate to more than the bound of 29 bytes')
  })

  it('a few bytes keep no large buffer', () => {
    expect(gunzipBounded(gzipSync(Buffer.alloc(10))).buffer.byteLength).toBe(10)
  })
})

it('what is gzipped can be read, at any level', () => {
  for (const level of [undefined, 9]) expect(gunzipSync(gzipBytes(text, level)).equals(text)).toBe(true)
})

it('an error has its cause where there is one', () => {
  const cause = new Error('why')
  expect(badData('a', 'broken', cause)).toMatchObject({ code: 'BAD_DATA', message: 'a: broken', cause })
  expect(badData('a', 'broken')).not.toHaveProperty('cause')
})
