import { gzipSync } from 'node:zlib'
import { expect, test, vi } from 'vitest'
import { createSlices } from '../../../../src/siibra/slices.ts'
import { openByteReader } from '../../../../src/siibra/volumes/stream/byte-reader.ts'

// A node whose zlib has no handle of the form that we know.
vi.mock('../../../../src/siibra/volumes/stream/codec.ts', () => ({ openCodec: () => undefined }))

const content = Uint8Array.from({ length: 700_000 }, (_, at) => (at % 3000 < 2000 ? 0 : (at * 31) % 253))
const options = { source: 'file', slices: createSlices() }

test('without the quick way files are read by what node documents', async () => {
  const half = content.length >> 1
  const file = Buffer.concat([gzipSync(content.subarray(0, half)), gzipSync(content.subarray(half))])
  const reader = await openByteReader([file.subarray(0, 100), file.subarray(100)], options)
  expect(await reader.skip(1000)).toBe(1000)
  const rest = Buffer.alloc(content.length)
  expect(await reader.read(rest)).toBe(content.length - 1000)
  expect(rest.subarray(0, content.length - 1000).equals(content.subarray(1000))).toBe(true)
})

test('and broken ones are told', async () => {
  const file = gzipSync(content)
  for (const broken of [file.subarray(0, file.length >> 1), file.fill(0x55, 200, 260)]) {
    const reader = await openByteReader([broken], options)
    await expect(reader.read(Buffer.alloc(content.length))).rejects.toMatchObject({
      code: 'BAD_DATA',
      details: { url: 'file' },
    })
  }
})

test('who leaves in mid-file leaves nothing behind', async () => {
  const reader = await openByteReader([gzipSync(content)], options)
  await reader.read(Buffer.alloc(1000))
  reader.close()
})
