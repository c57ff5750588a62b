import { deflateRawSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { createSlices } from '../../../../src/siibra/slices.ts'
import { openByteReader } from '../../../../src/siibra/volumes/stream/byte-reader.ts'
import { openCodec } from '../../../../src/siibra/volumes/stream/codec.ts'

const content = Uint8Array.from({ length: 700_000 }, (_, at) => (at % 3000 < 2000 ? 0 : (at * 31) % 253))
const options = { source: 'file', slices: createSlices() }

function* inPieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function readAll(chunks: Iterable<Uint8Array>, readBytes = 90_001): Promise<Buffer> {
  const reader = await openByteReader(chunks, options)
  const parts: Buffer[] = []
  for (;;) {
    const part = Buffer.alloc(readBytes)
    const count = await reader.read(part)
    parts.push(part.subarray(0, count))
    if (count < readBytes) break
  }
  await reader.finish()
  reader.close()
  return Buffer.concat(parts)
}

/** A member with all the fields that a header may have. */
function memberWithFields(bytes: Uint8Array): Buffer {
  const plain = gzipSync(bytes)
  const header = Buffer.from([0x1f, 0x8b, 8, 2 + 4 + 8 + 16, 0, 0, 0, 0, 0, 3])
  const fields = Buffer.concat([
    Buffer.from([5, 0]),
    Buffer.from('extra'),
    Buffer.from('name\0a comment\0'),
    Buffer.alloc(2),
  ])
  return Buffer.concat([header, fields, deflateRawSync(bytes), plain.subarray(-8)])
}

test('this node has the quick way', () => {
  expect(openCodec('inflate')).toBeDefined()
})

test.each([1_000_000, 1000, 7])('plain and gzipped bytes that come in pieces of %i bytes', async (size) => {
  const half = content.length >> 1
  const members = Buffer.concat([gzipSync(content.subarray(0, half)), memberWithFields(content.subarray(half))])
  for (const file of [content, gzipSync(content), members, memberWithFields(content)]) {
    expect((await readAll(inPieces(file, size))).equals(content)).toBe(true)
  }
})

test('an exact end: neither too many bytes nor too few are wanted', async () => {
  expect((await readAll([gzipSync(content)], content.length)).equals(content)).toBe(true)
  expect((await readAll([gzipSync(new Uint8Array(0))])).length).toBe(0)
  expect((await readAll([])).length).toBe(0)
})

test('bytes behind the last member are ignored', async () => {
  const behind = [Buffer.alloc(512), Buffer.from('no gzip at all'), Buffer.from([0x1f])]
  for (const rest of behind) {
    expect((await readAll([Buffer.concat([gzipSync(content), rest])])).equals(content)).toBe(true)
  }
})

test('a file that is cut anywhere is told', async () => {
  const file = gzipSync(content)
  for (const length of [5, 12, file.length >> 1, file.length - 9, file.length - 8, file.length - 1]) {
    await expect(readAll([file.subarray(0, length)])).rejects.toMatchObject({
      code: 'BAD_DATA',
      details: { url: 'file' },
      message: expect.stringContaining('unexpected end of file'),
    })
  }
})

test('a broken member in the middle is told, after those before it were given', async () => {
  const members = [0, 1, 2].map((n) => gzipSync(content.subarray(n * 200_000, (n + 1) * 200_000)))
  const second = members[1]!
  second.fill(0xff, 30, 60)
  const reader = await openByteReader([Buffer.concat(members)], options)
  const first = Buffer.alloc(200_000)
  expect(await reader.read(first)).toBe(200_000)
  expect(first.equals(content.subarray(0, 200_000))).toBe(true)
  await expect(reader.read(Buffer.alloc(200_000))).rejects.toMatchObject({
    code: 'BAD_DATA',
    message: expect.stringContaining('after 200000 bytes'),
  })
})

test('a wrong checksum is told by who reads to the end, also where more was not wanted', async () => {
  const file = gzipSync(content)
  file[file.length - 8]! ^= 1
  await expect(readAll([file])).rejects.toMatchObject({ message: expect.stringContaining('incorrect data check') })
  const reader = await openByteReader([file], options)
  await reader.read(Buffer.alloc(1000))
  await expect(reader.finish()).rejects.toMatchObject({ code: 'BAD_DATA' })
})

test('skipping gives how much there was', async () => {
  const reader = await openByteReader([gzipSync(content)], options)
  expect(await reader.skip(500_000)).toBe(500_000)
  expect(await reader.skip(500_000)).toBe(200_000)
})

test('of a plain file it is not told whether it is one member', async () => {
  const reader = await openByteReader([content], options)
  await reader.read(Buffer.alloc(content.length))
  expect(await reader.finish()).toBe(false)
})
