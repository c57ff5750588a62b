import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { Readable, Transform } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { ZIP_MEMBER } from '../zip-members.ts'

export interface BundleWriter {
  /** Adds a member and waits until it is written: one member is held in memory at a time. */
  add(path: string, bytes: Uint8Array | string): Promise<void>
  /** Ends the archive and puts it in its place; gives its size, and the hash of its bytes (hexadecimal). */
  close(): Promise<{ bytes: number; sha256: string }>
  /** Leaves nothing behind. */
  discard(): Promise<void>
}

const SLICE_BYTES = 256 * 1024
/** What is compressed already is stored as it is. */
const COMPRESSED = /\.(gz|zip|png|jpe?g)$/i

/** Writes a zip archive to `file` as its members come; under another name until it is whole. */
export function createBundleWriter(file: string): BundleWriter {
  const partial = `${file}.part`
  const zip = new ZipFile()
  const hash = createHash('sha256')
  const hashed = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  const written = pipeline(zip.outputStream, hashed, createWriteStream(partial))
  written.catch(() => undefined)
  const paths = new Set<string>()
  return {
    async add(name, content) {
      const path = relativePath(name)
      if (paths.has(path)) return
      paths.add(path)
      const bytes = typeof content === 'string' ? Buffer.from(content) : content
      const source = Readable.from(slices(bytes), { objectMode: false, highWaterMark: SLICE_BYTES })
      zip.addReadStream(source, path, { ...ZIP_MEMBER, compress: !COMPRESSED.test(path), size: bytes.byteLength })
      // A disk that is full ends the archive, and with it the wait.
      await Promise.race([finished(source), written.then(() => Promise.reject(new Error('the archive ended early')))])
    },
    async close() {
      zip.end()
      await written
      await rename(partial, file)
      return { bytes: (await stat(file)).size, sha256: hash.digest('hex') }
    },
    async discard() {
      zip.end()
      await written.catch(() => undefined)
      await rm(partial, { force: true })
    },
  }
}

/** A name that stays within the folder where an archive is unpacked, whatever a client has called a thing. */
function relativePath(name: string): string {
  const parts = name.replaceAll('\\', '/').split('/')
  return parts
    .filter((part) => part !== '')
    .map((part) => (/^\.+$/.test(part) ? part.replaceAll('.', '_') : part))
    .join('/')
    .replace(/^([A-Za-z]):/, '$1_')
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += SLICE_BYTES) yield bytes.subarray(at, at + SLICE_BYTES)
}
