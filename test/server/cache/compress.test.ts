import * as zlib from 'node:zlib'
import { expect, test } from 'vitest'
import { createCompressor, negotiateEncoding, withCompressedBodies } from '../../../src/server/cache/compress.ts'
import { createMemoryCache } from '../../../src/server/cache/memory.ts'
import { untilTrue } from '../../until.ts'
import { createEntry } from './conformance.ts'

const text = Buffer.from('words and more words '.repeat(500))
const zstdDecompress = (zlib as { zstdDecompressSync?: (bytes: Uint8Array) => Buffer }).zstdDecompressSync

test('every form unpacks to the same bytes; zstd is made where node has it', async () => {
  const { bodies } = await withCompressedBodies(createEntry({ bodies: { identity: text } }))
  expect(zlib.gunzipSync(bodies.gzip!).equals(text)).toBe(true)
  expect(zlib.brotliDecompressSync(bodies.br!).equals(text)).toBe(true)
  expect(bodies.zstd === undefined).toBe(zstdDecompress === undefined)
  if (bodies.zstd) expect(zstdDecompress?.(bodies.zstd).equals(text)).toBe(true)
})

const all = { identity: text, gzip: text, br: text, zstd: text }
test.each([
  [undefined, 'identity'],
  ['', 'identity'],
  ['gzip', 'gzip'],
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip, zstd', 'zstd'],
  ['zstd;q=1, br;q=0.9', 'zstd'],
  ['br;q=0, gzip;q=0.1', 'gzip'],
  ['*', 'br'],
  ['*;q=0', 'identity'],
  ['deflate', 'identity'],
  ['BR', 'br'],
])('of %s, %s is sent', (accept, encoding) => {
  expect(negotiateEncoding(accept, all)).toBe(encoding)
})

test('what was not made is not sent', () => {
  expect(negotiateEncoding('br, zstd, gzip', { identity: text })).toBe('identity')
  expect(negotiateEncoding('zstd, gzip', { identity: text, gzip: text, br: text })).toBe('gzip')
})

test('the window is that of the text', async () => {
  // a Brotli stream begins with a 0 where its window has 16 bits
  const beginsWith = async (bytes: number) => {
    const { bodies } = await withCompressedBodies(createEntry({ bodies: { identity: Buffer.alloc(bytes, 'text') } }))
    return bodies.br![0]! & 1
  }
  expect([await beginsWith(65_520), await beginsWith(65_521)]).toEqual([0, 1])
})

test('answers that are worth it are compressed behind, unless they have been replaced', async () => {
  const cache = createMemoryCache({ maxBytes: 2 ** 24 })
  const compress = createCompressor(cache)
  const json = (bytes: number, etag = '"1"') => createEntry({ etag, bodies: { identity: Buffer.alloc(bytes, '1') } })
  const add = async (key: string, entry: ReturnType<typeof json>) => {
    await cache.set(key, entry)
    compress(key, entry)
  }
  await add('picture', { ...json(2000), contentType: 'image/png' })
  await add('short', json(1023))
  await add('replaced', json(2000))
  await cache.set('replaced', json(2000, '"2"'))
  await add('gone', json(2000))
  await cache.delete('gone')
  await add('page', { ...json(1024), contentType: 'text/html' })
  const isCompressed = (key: string) => cache.peek(key)?.bodies.gzip !== undefined
  await untilTrue(() => isCompressed('page'))
  expect(['picture', 'short', 'replaced', 'gone'].filter(isCompressed)).toEqual([])
  await add('next', json(1024))
  await untilTrue(() => isCompressed('next'))
})

test('so many may wait, and no more', async () => {
  const cache = createMemoryCache({ maxBytes: 2 ** 24 })
  // without a look of its own, a cache is told of all of them
  const set: string[] = []
  const compress = createCompressor({ ...cache, peek: undefined as never, set: async (key) => void set.push(key) })
  const entry = createEntry({ bodies: { identity: Buffer.alloc(1024, '1') } })
  for (let n = 0; n <= 500; n++) compress(`${n}`, entry)
  await untilTrue(() => set.length >= 500)
  compress('last', entry)
  await untilTrue(() => set.includes('last'))
  expect([set.length, set[499]]).toEqual([501, '499'])
})
