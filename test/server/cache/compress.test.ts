import * as zlib from 'node:zlib'
import { expect, test } from 'vitest'
import { negotiateEncoding, withCompressedBodies } from '../../../src/server/cache/compress.ts'
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
