import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readBody } from '../../../../src/siibra/retrieval/stores/http-body.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => void vi.useRealTimers())

const nextRound = () => new Promise((resolve) => setImmediate(resolve))

/** An answer whose bytes come when the test says so. */
function begin(headers: IncomingHttpHeaders = {}, maxBytes = 1e6) {
  const stream = new PassThrough()
  const socket = { bytesRead: 5_000 }
  // of a message only these are used
  const incoming = Object.assign(stream, { headers, socket }) as unknown as IncomingMessage
  const read = readBody(incoming, 'http://a.example/x', { maxBytes, windowMs: 1_000 })
  read.catch(() => {})
  const send = (bytes: number, value = 1) => {
    socket.bytesRead += bytes
    stream.write(Buffer.alloc(bytes, value))
  }
  return { read, send, stream }
}

test('a body comes whole, whether its size is told or not', async () => {
  for (const headers of [{}, { 'content-length': '500' }]) {
    const { read, send, stream } = begin(headers)
    send(200, 1)
    await nextRound()
    send(300, 2)
    stream.end()
    const bytes = await read
    expect([bytes.length, bytes[0], bytes[199], bytes[200], bytes[499]]).toEqual([500, 1, 1, 2, 2])
    expect([bytes.buffer.byteLength, vi.getTimerCount()]).toEqual([500, 0])
  }
})

test('one that breaks off is told with its arithmetic', async () => {
  const { read, send, stream } = begin({ 'content-length': '500' })
  send(499)
  stream.end()
  await expect(read).rejects.toThrow('the connection broke after 499 of 500 bytes')
})

test('as much as is allowed may come, told before or not', async () => {
  for (const headers of [{}, { 'content-length': '100' }]) {
    const { read, send, stream } = begin(headers, 100)
    send(60)
    send(40)
    stream.end()
    expect((await read).length).toBe(100)
  }
  const { read, send } = begin({}, 100)
  send(101)
  await expect(read).rejects.toMatchObject({ code: 'BAD_DATA', details: { sizeBytes: 101, maxBytes: 100 } })
  await expect(begin({ 'content-length': '101' }, 100).read).rejects.toMatchObject({ details: { sizeBytes: 101 } })
})

test('in each window 512 bytes have to come', async () => {
  const { read, send } = begin()
  for (let i = 0; i < 3; i++) {
    send(512)
    await nextRound()
    vi.advanceTimersByTime(1_000)
  }
  send(511)
  await nextRound()
  vi.advanceTimersByTime(999)
  await nextRound()
  expect(await Promise.race([read.catch((error: Error) => error.message), nextRound()])).toBeUndefined()
  vi.advanceTimersByTime(1)
  await expect(read).rejects.toThrow('511 bytes in 1000 ms')
})

test('an encoding that is none of ours is told; none at all has a name, too', async () => {
  const odd = begin({ 'content-encoding': 'zstd' })
  odd.stream.end()
  await expect(odd.read).rejects.toMatchObject({ code: 'UNSUPPORTED', details: { encoding: 'zstd' } })
  const plain = begin({ 'content-encoding': 'identity' })
  plain.send(3)
  plain.stream.end()
  expect((await plain.read).length).toBe(3)
})
