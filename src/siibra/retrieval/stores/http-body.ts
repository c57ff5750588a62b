/** The body of an answer: read within bounds of size and slowness, and unpacked. */
import type { IncomingMessage } from 'node:http'
import { SiibraError } from '../../errors.ts'
import { tooLarge } from '../upstream-errors.ts'

export interface BodyLimits {
  maxBytes: number
  /** In each such time at least `SLOWEST_BYTES` have to come, unless the body ends: a byte now and then is no answer. */
  windowMs: number
}

/** Of one window. A modem of the nineties had a hundred times as much. */
const SLOWEST_BYTES = 512

/** The other side said nothing, or next to nothing, for too long. */
export class SilenceError extends Error {}

/** Memory of its own, never a part of a pool. */
export async function readBody(incoming: IncomingMessage, url: string, limits: BodyLimits): Promise<Uint8Array> {
  const { maxBytes } = limits
  const encoding = incoming.headers['content-encoding']
  const announced = Number(incoming.headers['content-length'] ?? Number.NaN)
  if (announced > maxBytes) throw tooLarge(url, announced, maxBytes)
  const stop = watchPace(incoming, limits.windowMs)
  try {
    const bytes = Number.isSafeInteger(announced)
      ? await readSized(incoming, announced)
      : await readChunks(incoming, url, maxBytes)
    return encoding && encoding !== 'identity' ? await decode(bytes, encoding, url, maxBytes) : bytes
  } finally {
    stop()
  }
}

function watchPace(incoming: IncomingMessage, windowMs: number): () => void {
  let before = 0
  const timer = setInterval(() => {
    const read = incoming.socket.bytesRead
    if (read - before < SLOWEST_BYTES) incoming.destroy(new SilenceError(`${read - before} bytes in ${windowMs} ms`))
    before = read
  }, windowMs)
  before = incoming.socket.bytesRead
  return () => clearInterval(timer)
}

async function readSized(incoming: IncomingMessage, sizeBytes: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(sizeBytes)
  let filled = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes.set(chunk, filled)
    filled += chunk.length
  }
  if (filled !== sizeBytes) throw new Error(`the connection broke after ${filled} of ${sizeBytes} bytes`)
  return bytes
}

async function readChunks(incoming: IncomingMessage, url: string, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length
    if (sizeBytes > maxBytes) throw tooLarge(url, sizeBytes, maxBytes)
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(sizeBytes)
  let filled = 0
  for (const chunk of chunks) {
    bytes.set(chunk, filled)
    filled += chunk.length
  }
  return bytes
}

async function decode(bytes: Uint8Array, encoding: string, url: string, maxBytes: number): Promise<Uint8Array> {
  const { brotliDecompressSync, unzipSync } = await import('node:zlib')
  const decoders: Record<string, typeof unzipSync> = {
    gzip: unzipSync,
    'x-gzip': unzipSync,
    deflate: unzipSync,
    br: brotliDecompressSync,
  }
  const unpack = decoders[encoding.trim().toLowerCase()]
  if (!unpack) throw new SiibraError('UNSUPPORTED', `${url} came in the encoding ${encoding}`, { url, encoding })
  try {
    return Uint8Array.from(unpack(bytes, { maxOutputLength: Math.min(maxBytes, 2 ** 32) }))
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException
    const what = code === 'ERR_BUFFER_TOO_LARGE' ? `unpacks to more than ${maxBytes} bytes` : `is damaged: ${message}`
    throw new SiibraError('BAD_DATA', `${url} (sent as ${encoding}) ${what}`, { url }, { cause: thrown })
  }
}
