/**
 * Reads the body of a request, as it comes: bounded while bytes arrive and while they are inflated, hashed on the way, in
 * memory while it is small, else in a file.
 */
import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { type Readable, Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import * as zlib from 'node:zlib'
import { MAX_INLINE_BYTES } from '../../tasks/answer/body.ts'
import { bodyName } from '../../tasks/answer/file-names.ts'
import { makeRoom } from '../../tasks/answer/folder-room.ts'
import { DEFAULT_LIMITS } from '../../tasks/limits.ts'
import type { BodySpec } from '../routes/route.ts'

/** A body that came whole: its bytes, or the name of its file. */
export interface ReceivedBody {
  ok: true
  mediaType: string
  /** Of `multipart/form-data`: what stands between its parts. */
  boundary?: string | undefined
  sha256: string
  bytes: number
  content: { bytes: Uint8Array } | { file: string }
}

export interface BodyRefusal {
  ok: false
  status: 400 | 413 | 415 | 422 | 503
  detail: string
  headers?: string[]
}

export interface ReceiveOptions {
  spec: BodySpec
  /** For bodies that are not small. */
  folder: string
  /** What all files there may have. Default: DEFAULT_LIMITS. */
  maxFolderBytes?: number | undefined
  /** Called when the body is wanted: clients that ask before they send (`Expect: 100-continue`) wait for that. */
  onWanted(): void
}

/** Refuses what the head of a request says; else reads its body. Rejects where the client goes before all has come. */
export async function receiveBody(
  message: IncomingMessage,
  options: ReceiveOptions,
): Promise<ReceivedBody | BodyRefusal> {
  const { accepts, maxBytes } = options.spec
  const mediaType = mediaTypeOf(message)
  const allowed = Object.keys(accepts)
  if (mediaType === undefined || !allowed.includes(mediaType)) return unsupported(mediaType, allowed)
  const boundary = boundaryOf(message)
  if (mediaType === MULTIPART && boundary === undefined)
    return { ok: false, status: 415, detail: `Content-Type: ${MULTIPART} has no boundary` }
  const encoding = String(message.headers['content-encoding'] ?? 'identity')
    .trim()
    .toLowerCase()
  const inflate = INFLATE[encoding]
  if (inflate === undefined) return unsupportedEncoding(encoding)
  if (Number(message.headers['content-length'] ?? 0) > maxBytes) return tooLarge(maxBytes)
  options.onWanted()
  const sink = createSink(options)
  try {
    const stages: Transform[] = [limit(maxBytes), ...inflate(), limit(maxBytes)]
    const isOver = feed(message, stages[0] as Transform)
    // the types want to know how many stages there are
    await pipeline([...stages, sink.stream] as unknown as [Readable, Writable]).finally(isOver)
    const received = await sink.end(mediaType)
    if (received.bytes === 0) {
      await sink.discard()
      return { ok: false, status: 422, detail: 'The body is missing' }
    }
    return { ...received, boundary }
  } catch (thrown) {
    await sink.discard()
    if (thrown instanceof TooLarge) return tooLarge(maxBytes)
    if (isZlibError(thrown))
      return { ok: false, status: 400, detail: `The body is not what Content-Encoding says: ${encoding}` }
    if (thrown instanceof NoRoom) return NO_ROOM
    throw thrown
  }
}

/**
 * Pipes a request into the first stage. As a stage itself it would be destroyed with the others, its rest would stay unread on the
 * connection, and with it the next request of a client that was refused.
 */
function feed(message: IncomingMessage, first: Transform): () => void {
  const onGone = () => {
    if (!message.complete) first.destroy(new Error('The client has gone'))
  }
  message.once('close', onGone)
  message.on('error', onGone)
  message.pipe(first)
  return () => {
    message.off('close', onGone)
    message.unpipe(first)
    message.resume()
  }
}

function mediaTypeOf({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  return headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
}

const MULTIPART = 'multipart/form-data'

function boundaryOf({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  if (mediaTypeOf({ headers }) !== MULTIPART) return undefined
  const [, quoted, plain] =
    /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(headers['content-type'] ?? '') ?? []
  return quoted ?? plain
}

/** How bodies of each encoding are inflated. `deflate` means zlib's format, which some send raw. */
const INFLATE: Readonly<Record<string, (() => Transform[]) | undefined>> = {
  identity: () => [],
  gzip: () => [zlib.createGunzip()],
  'x-gzip': () => [zlib.createGunzip()],
  deflate: () => [zlib.createInflate()],
  br: () => [zlib.createBrotliDecompress()],
  // of node 22.15 and newer: the types of node 20 do not have it
  ...('createZstdDecompress' in zlib
    ? { zstd: () => [(zlib as unknown as { createZstdDecompress(): Transform }).createZstdDecompress()] }
    : {}),
}
export const ACCEPTED_ENCODINGS = Object.keys(INFLATE).filter((name) => name !== 'identity' && name !== 'x-gzip')

class TooLarge extends Error {}
/** The file of a body cannot be written. */
class NoRoom extends Error {}
const NO_ROOM: BodyRefusal = {
  ok: false,
  status: 503,
  detail: 'There is no room for a body of this size at the moment',
  headers: ['retry-after', '30'],
}

/** Lets so many bytes through, and ends the pipeline with the first that is more. */
function limit(maxBytes: number): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > maxBytes) done(new TooLarge())
      else done(null, chunk)
    },
  })
}

/** Takes the bytes: into memory, and from the first that is too many on into a file. */
function createSink({ folder, maxFolderBytes = DEFAULT_LIMITS.sharedBytes }: ReceiveOptions) {
  const hash = createHash('sha256')
  const name = bodyName(randomUUID())
  const path = join(folder, name)
  let chunks: Buffer[] = []
  let bytes = 0
  let file: WriteStream | undefined
  let isDiscarded = false

  const write = (target: WriteStream, chunk: Buffer, done: (error?: Error | null) => void) =>
    target.write(chunk, (error) => done(error ? new NoRoom() : null))
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      bytes += chunk.length
      if (file !== undefined) return void write(file, chunk, done)
      chunks.push(chunk)
      if (bytes <= MAX_INLINE_BYTES) return done()
      const all = Buffer.concat(chunks)
      chunks = []
      const begin = () => {
        if (isDiscarded) return done(new NoRoom())
        // readable by this user alone: what people send is theirs
        file = createWriteStream(path, { flags: 'wx', mode: 0o600 })
        // every write hears of an error itself
        file.on('error', () => {})
        write(file, all, done)
      }
      // nothing may have been left there so far, or the folder may have been cleared away
      mkdir(folder, { recursive: true })
        .then(() => makeRoom(folder, maxFolderBytes))
        .then(begin, () => done(new NoRoom()))
    },
    final(done) {
      if (file === undefined) done()
      else file.end(done)
    },
  })
  return {
    stream,
    async end(mediaType: string): Promise<ReceivedBody> {
      const content = file === undefined ? { bytes: Buffer.concat(chunks) } : { file: name }
      return { ok: true, mediaType, sha256: hash.digest('hex'), bytes, content }
    },
    async discard(): Promise<void> {
      isDiscarded = true
      chunks = []
      if (file === undefined) return
      file.destroy()
      await rm(path, { force: true })
    },
  }
}

function isZlibError(thrown: unknown): boolean {
  return /^(Z_|ERR__ERROR_|ERR_BROTLI|ERR_ZLIB|ZSTD_)/.test(String((thrown as { code?: unknown }).code))
}

function unsupported(given: string | undefined, allowed: readonly string[]): BodyRefusal {
  const what =
    given === undefined ? 'The header Content-Type is missing' : `Bodies of type ${given.slice(0, 100)} are not taken`
  return {
    ok: false,
    status: 415,
    detail: `${what}; allowed: ${allowed.join(', ')}`,
    headers: ['accept-post', allowed.join(', ')],
  }
}

function unsupportedEncoding(given: string): BodyRefusal {
  const allowed = ACCEPTED_ENCODINGS.join(', ')
  const detail = `Bodies in the encoding ${given.slice(0, 100)} are not taken; allowed: ${allowed}`
  return { ok: false, status: 415, detail, headers: ['accept-encoding', allowed] }
}

/** A body that is longer than the route, or the way to the workers, allows. */
export function tooLarge(maxBytes: number, why = ''): BodyRefusal {
  return { ok: false, status: 413, detail: `The body may have ${maxBytes} bytes, also when it is inflated${why}` }
}
