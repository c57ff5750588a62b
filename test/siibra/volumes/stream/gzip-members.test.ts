import { crc32, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { createSlices } from '../../../../src/siibra/slices.ts'
import { openByteReader } from '../../../../src/siibra/volumes/stream/byte-reader.ts'

const content = Uint8Array.from({ length: 1000 }, (_, at) => (at * 31) % 253)
const open = (...chunks: Uint8Array[]) => openByteReader(chunks, { source: 'file', slices: createSlices() })

/** Reads so many bytes; whether the file was exactly that. */
async function isAllOf(bytes: number, ...chunks: Uint8Array[]): Promise<boolean> {
  const reader = await open(...chunks)
  expect(await reader.read(new Uint8Array(bytes))).toBe(bytes)
  return reader.finish()
}

describe('a file is one member and nothing else', () => {
  const member = gzipSync(content)
  test.each([
    ['where all of it was read', true, 1000, [member]],
    ['not where more of the member follows', false, 999, [member]],
    ['not where another member follows', false, 1000, [member, gzipSync(content)]],
    ['not where an empty member follows', false, 1000, [member, gzipSync('')]],
    ['not where it is the second', false, 2000, [member, member]],
    ['not where other bytes follow, however few', false, 1000, [member, Buffer.alloc(1)]],
    ['whatever the pieces in which it comes', true, 1000, [member.subarray(0, 7), member.subarray(7)]],
  ])('%s', async (_, isAll, bytes, chunks) => {
    expect(await isAllOf(bytes, ...chunks)).toBe(isAll)
    expect(await isAllOf(bytes, Buffer.concat(chunks))).toBe(isAll)
  })
})

test('the length that stands at the end counts, too', async () => {
  const member = gzipSync(content)
  member[member.length - 4]! ^= 1
  await expect(isAllOf(1000, member)).rejects.toThrow('cannot be inflated after 1000 bytes: incorrect length check')
})

test('a checksum further away than 16 MiB is not looked for', async () => {
  const long = (bytes: number) => {
    const member = gzipSync(new Uint8Array(bytes), { level: 1 })
    member[member.length - 8]! ^= 1
    return member
  }
  await expect(isAllOf(1000, long(1000 + 16 * 1024 ** 2 - 1))).rejects.toThrow('incorrect data check')
  expect(await isAllOf(1000, long(1000 + 16 * 1024 ** 2 + 128 * 1024))).toBe(false)
})

describe('what stands in a header before the data', () => {
  const deflated = gzipSync(content).subarray(10)
  const member = (flags: number, ...fields: Uint8Array[]) =>
    Buffer.concat([Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3]), ...fields, deflated])
  const name = (length: number) => Buffer.from(`${'n'.repeat(length)}\0`)
  test.each([
    ['an extra field of 258 bytes', member(4, Buffer.from([2, 1]), Buffer.alloc(258, 1))],
    ['a name', member(8, name(5))],
    ['an empty name', member(8, name(0))],
    ['a name of 63 bytes', member(8, name(63))],
    ['a name of 64 bytes', member(8, name(64))],
    ['a name of 1000 bytes', member(8, name(1000))],
    ['a comment', member(16, name(3))],
    ['a checksum', member(2, Buffer.alloc(2, 0xff))],
    ['name and comment', member(24, name(4), name(9))],
  ])('%s', async (_, file) => {
    for (const size of [1, 13, file.length]) {
      const chunks = Array.from({ length: Math.ceil(file.length / size) }, (_, n) =>
        file.subarray(n * size, (n + 1) * size),
      )
      const target = new Uint8Array(1000)
      expect(await (await open(...chunks)).read(target)).toBe(1000)
      expect(crc32(target)).toBe(crc32(content))
    }
  })

  test.each([
    ['a name without end', Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]), Buffer.alloc(64, 65)])],
    ['an extra field that is cut', Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 3, 3, 0, 1, 1])],
  ])('%s is an unexpected end', async (_, file) => {
    await expect((await open(file)).read(new Uint8Array(10))).rejects.toThrow(
      'cannot be inflated after 0 bytes: unexpected end of file',
    )
  })
})
