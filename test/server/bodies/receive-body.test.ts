import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import * as zlib from 'node:zlib'
import { afterAll, expect, test, vi } from 'vitest'
import { ACCEPTED_ENCODINGS, type ReceiveOptions, receiveBody } from '../../../src/server/bodies/receive-body.ts'
import { MAX_INLINE_BYTES } from '../../../src/tasks/answer/body.ts'

const top = mkdtempSync(join(tmpdir(), 'siibra-api-bodies-'))
const folder = join(top, 'of', 'ours')
afterAll(() => rmSync(top, { recursive: true }))

const CSV = { 'content-type': 'text/csv' }
const LIMIT = MAX_INLINE_BYTES + 10
type Sent = (string | Uint8Array)[]

/** A request that has come whole when all of its pieces have, or that never ends. */
function messageOf(pieces: Sent, headers: Record<string, string>): IncomingMessage {
  const stream = Object.assign(Readable.from(pieces, { objectMode: false }), { headers, complete: false })
  stream.on('end', () => {
    stream.complete = true
  })
  return stream as unknown as IncomingMessage
}

const accepts = { 'text/csv': { description: 'x' }, 'multipart/form-data': { description: 'parts' } }
async function receive(pieces: Sent, headers: Record<string, string> = CSV, more: Partial<ReceiveOptions> = {}) {
  const onWanted = vi.fn()
  const message = messageOf(pieces, headers)
  const received = await receiveBody(message, { spec: { accepts, maxBytes: LIMIT }, folder, onWanted, ...more })
  return { ...received, isWanted: onWanted.mock.calls.length === 1 }
}

const files = () => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

test.each([1, MAX_INLINE_BYTES, MAX_INLINE_BYTES + 1, LIMIT])('%i bytes come whole', async (length) => {
  const bytes = Buffer.alloc(length, 'a1,b2\n')
  const pieces = [bytes.subarray(0, length >> 1), bytes.subarray(length >> 1, length - 1), bytes.subarray(length - 1)]
  const received = await receive(pieces.filter((piece) => piece.length > 0))
  expect(received).toMatchObject({ ok: true, mediaType: 'text/csv', sha256: sha256(bytes), bytes: length })
  if (!received.ok) return
  const isInFile = length > MAX_INLINE_BYTES
  expect('file' in received.content).toBe(isInFile)
  const content =
    'file' in received.content ? readFileSync(join(folder, received.content.file)) : received.content.bytes
  expect(Buffer.compare(content, bytes)).toBe(0)
  expect(files()).toHaveLength(isInFile ? 1 : 0)
  rmSync(folder, { recursive: true, force: true })
})

test.each<[string, Record<string, string>, Sent, object]>([
  ['no type', {}, ['x'], { status: 415, detail: expect.stringContaining('is missing; allowed: text/csv, multipart') }],
  ['another type', { 'content-type': 'text/odd' }, ['x'], { status: 415, headers: ['accept-post', expect.anything()] }],
  ['parts without a boundary', { 'content-type': 'multipart/form-data' }, ['x'], { status: 415 }],
  ['another encoding', { ...CSV, 'content-encoding': 'lzw' }, ['x'], { status: 415 }],
  ['a length that is too much', { ...CSV, 'content-length': String(LIMIT + 1) }, ['x'], { status: 413 }],
])('%s is refused before it is asked for', async (_, headers, pieces, refusal) => {
  expect(await receive(pieces, headers)).toMatchObject({ ok: false, isWanted: false, ...refusal })
})

test.each<[string, Record<string, string>, Sent, object]>([
  ['nothing', CSV, [], { status: 422, detail: 'The body is missing' }],
  ['a byte too many', CSV, [Buffer.alloc(LIMIT), 'x'], { status: 413 }],
  [
    'what is too long when it is inflated',
    { ...CSV, 'content-encoding': 'gzip' },
    [zlib.gzipSync(Buffer.alloc(LIMIT + 1))],
    { status: 413 },
  ],
  ['what is not in its encoding', { ...CSV, 'content-encoding': 'gzip' }, ['x,y'], { status: 400 }],
  ['what is cut off', { ...CSV, 'content-encoding': 'gzip' }, [zlib.gzipSync('x').subarray(0, 9)], { status: 400 }],
])('%s is refused, and leaves nothing', async (_, headers, pieces, refusal) => {
  expect(await receive(pieces, headers)).toMatchObject({ ok: false, isWanted: true, ...refusal })
  // a file that would be begun by now would be there soon
  await delay(50)
  expect(files()).toEqual([])
})

test('a length of exactly the bound is taken, and so is each encoding, in any case', async () => {
  expect(await receive(['x'], { ...CSV, 'content-length': String(LIMIT) })).toMatchObject({ ok: true, isWanted: true })
  const packed: Record<string, Uint8Array> = {
    identity: Buffer.from('x,y'),
    ' GZIP ': zlib.gzipSync('x,y'),
    'x-gzip': zlib.gzipSync('x,y'),
    deflate: zlib.deflateSync('x,y'),
    br: zlib.brotliCompressSync('x,y'),
  }
  for (const [encoding, bytes] of Object.entries(packed))
    expect(await receive([bytes], { ...CSV, 'content-encoding': encoding })).toMatchObject({ ok: true, bytes: 3 })
  const hasZstd = 'createZstdDecompress' in zlib
  expect(ACCEPTED_ENCODINGS).toEqual(['gzip', 'deflate', 'br', ...(hasZstd ? ['zstd'] : [])])
  const refusal = await receive(['x'], { ...CSV, 'content-encoding': 'zstd' })
  if (!hasZstd) expect(refusal).toMatchObject({ status: 415, headers: ['accept-encoding', 'gzip, deflate, br'] })
})

test.each([
  ['multipart/form-data; boundary=abc', 'abc'],
  ['Multipart/Form-Data; charset=x; Boundary = "a b"; y=z', 'a b'],
  ['text/csv; boundary=abc', undefined],
])('%s has the boundary %s', async (type, boundary) => {
  const received = await receive(['x'], { 'content-type': type })
  expect(received).toMatchObject({ ok: true, mediaType: type.split(';', 1)[0]?.toLowerCase() })
  expect('boundary' in received && received.boundary).toBe(boundary)
})

test('where there is no room for a file, that is said', async () => {
  const large = [Buffer.alloc(MAX_INLINE_BYTES), Buffer.alloc(2)]
  const file = join(top, 'file')
  writeFileSync(file, '')
  const refusal = { ok: false, status: 503, headers: ['retry-after', '30'] }
  expect(await receive(large, CSV, { folder: file })).toMatchObject(refusal)
  // what is small needs none
  expect(await receive(['x'], CSV, { folder: file })).toMatchObject({ ok: true })
})

test('who goes before all has come is told to nobody, and leaves nothing', async () => {
  for (const hasFile of [false, true]) {
    const slow = Object.assign(new Readable({ read() {} }), { headers: CSV, complete: false })
    const options = { spec: { accepts, maxBytes: LIMIT }, folder, onWanted() {} }
    const receiving = receiveBody(slow as unknown as IncomingMessage, options)
    slow.push(Buffer.alloc(hasFile ? MAX_INLINE_BYTES + 1 : 1))
    if (hasFile) await expect.poll(files).toHaveLength(1)
    slow.destroy()
    await expect(receiving).rejects.toThrow('The client has gone')
    expect(files()).toEqual([])
  }
})
