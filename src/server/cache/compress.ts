import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import * as zlib from 'node:zlib'
import { type CacheEntry, COMPRESSED_ENCODINGS, type Encoding, type ResponseCache } from './cache.ts'

const { constants } = zlib
const gzipAsync = promisify(zlib.gzip)
const brotliAsync = promisify(zlib.brotliCompress)
/** Of node 22.15 and newer. */
const { zstdCompress } = zlib as {
  zstdCompress?: (bytes: Uint8Array, done: (error: Error | null, result: Buffer) => void) => void
}
const zstdAsync = zstdCompress && promisify(zstdCompress)

/** Below this, compressing saves nothing. */
const MIN_BYTES = 1024
/** Level 5 of 11: within 10 % of the size of 11 at a thirtieth of its time. */
const BROTLI_QUALITY = 5
const COMPRESS_AFTER_MS = 50
/** Answers that wait for it; more than these stay as they are until they are made again. */
const MAX_WAITING = 500

export function isCompressible(entry: CacheEntry): boolean {
  return /^(application\/json|text\/)/.test(entry.contentType) && entry.bodies.identity.byteLength >= MIN_BYTES
}

/** The entry with its compressed forms, made in libuv's threads, not on the event loop. */
export async function withCompressedBodies(entry: CacheEntry): Promise<CacheEntry> {
  const { identity } = entry.bodies
  // one after the other, so that this never takes more than one core from what people wait for
  const gzipped = await gzipAsync(identity, { level: 6 })
  const brotlied = await brotliAsync(identity, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: identity.byteLength,
      [constants.BROTLI_PARAM_LGWIN]: windowBits(identity.byteLength),
    },
  })
  const zstded = await zstdAsync?.(identity)
  return { ...entry, bodies: { identity, gzip: gzipped, br: brotlied, ...(zstded ? { zstd: zstded } : {}) } }
}

/**
 * The window that holds all of a text: no more can be referred to. The encoder takes several times its window, up to 8 MB by default, of which
 * the C library keeps some for each of libuv's threads.
 */
const windowBits = (bytes: number): number =>
  Math.min(Math.max(Math.ceil(Math.log2(bytes + 16)), MIN_WINDOW_BITS), MAX_WINDOW_BITS)
const MIN_WINDOW_BITS = 16
const MAX_WINDOW_BITS = 22

/**
 * Makes the compressed forms of answers behind, one after the other: a cold client asks for dozens of answers at once,
 * and compressing them all at that moment would take the time from making the rest of them.
 */
export function createCompressor(cache: ResponseCache): (key: string, entry: CacheEntry) => void {
  const waiting = new Map<string, CacheEntry>()
  let isRunning = false

  const run = async () => {
    isRunning = true
    await delay(COMPRESS_AFTER_MS, undefined, { ref: false })
    for (const [key, entry] of waiting) {
      waiting.delete(key)
      const compressed = await withCompressedBodies(entry)
      // it may have been replaced, or dropped with all that was made of older data
      const isStillKept = cache.peek === undefined || cache.peek(key)?.etag === entry.etag
      if (isStillKept) await cache.set(key, compressed)
    }
    isRunning = false
  }
  return (key, entry) => {
    if (!isCompressible(entry) || waiting.size >= MAX_WAITING) return
    waiting.set(key, entry)
    if (!isRunning) void run()
  }
}

/** Encodings that a client takes, those that it likes most first; browsers send but a few values of the header. */
const preferences = new Map<string, readonly Encoding[]>()

/** The best encoding that a client accepts among those that there are. */
export function negotiateEncoding(accept: string | undefined, bodies: CacheEntry['bodies']): Encoding {
  if (accept === undefined || bodies.gzip === undefined) return 'identity'
  let liked = preferences.get(accept)
  if (liked === undefined) {
    liked = parseAcceptEncoding(accept)
    if (preferences.size >= 1000) preferences.clear()
    preferences.set(accept, liked)
  }
  for (const encoding of liked) if (bodies[encoding] !== undefined) return encoding
  return 'identity'
}

function parseAcceptEncoding(accept: string): Encoding[] {
  const qualities = new Map<string, number>()
  for (const part of accept.toLowerCase().split(',')) {
    const [name = '', ...options] = part.split(';').map((piece) => piece.trim())
    const quality = options.find((option) => option.startsWith('q='))
    qualities.set(name, quality === undefined ? 1 : Number(quality.slice(2)) || 0)
  }
  const qualityOf = (name: string) => qualities.get(name) ?? qualities.get('*') ?? 0
  return COMPRESSED_ENCODINGS.filter((name) => qualityOf(name) > 0).sort((a, b) => qualityOf(b) - qualityOf(a))
}
