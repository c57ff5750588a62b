/** The files in a `.tar.gz`, `.tar` or `.zip` archive, in memory: nothing is written to disk, so no name can lead anywhere. */
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { SiibraError } from '../../errors.ts'
import { isInside } from '../../retrieval/stores/folder-store.ts'
import { createMemoryStore } from '../../retrieval/stores/memory-store.ts'
import { openZipArchive } from '../../retrieval/zip/zip-archive.ts'

export interface ArchiveFiles {
  /** Hash of the commit that the archive was made from, where it says so (archives made by git do). */
  commit: string | null
  /** Names that are safe relative paths, in the order of the archive. */
  names: string[]
  read(name: string): Promise<Uint8Array>
}

export interface ArchiveBounds {
  /** Unpacked bytes of all files together. Default 512 MiB. */
  maxBytes?: number
  /** Default 100,000. */
  maxFiles?: number
}

const gunzipAsync = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(gunzip)

/** Opens an archive; its kind is told by its first bytes. Throws BAD_DATA where it is none, or larger than the bounds. */
export async function openArchive(
  bytes: Uint8Array,
  source: string,
  bounds: ArchiveBounds = {},
): Promise<ArchiveFiles> {
  const { maxBytes = 512 * 1024 ** 2, maxFiles = 100_000 } = bounds
  const [first, second] = bytes
  if (first === 0x50 && second === 0x4b) return openZip(bytes, source, { maxBytes, maxFiles })
  const isGzip = first === 0x1f && second === 0x8b
  return openTar(isGzip ? await unpack(bytes, source, maxBytes) : bytes, source, { maxBytes, maxFiles })
}

async function unpack(bytes: Uint8Array, source: string, maxBytes: number): Promise<Uint8Array> {
  try {
    return await gunzipAsync(bytes, { maxOutputLength: maxBytes })
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException
    throw broken(source, code === 'ERR_BUFFER_TOO_LARGE' ? `it unpacks to more than ${maxBytes} bytes` : message)
  }
}

async function openTar(bytes: Uint8Array, source: string, bounds: Required<ArchiveBounds>): Promise<ArchiveFiles> {
  // a bundler gives a CommonJS package that is loaded late its default export alone
  const { default: tar } = await import('tar-stream')
  const files = new Map<string, Uint8Array>()
  const reader = tar.extract()
  reader.end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  try {
    for await (const entry of reader) {
      const chunks: Uint8Array[] = []
      for await (const chunk of entry) chunks.push(chunk as Uint8Array)
      if (entry.header.type !== 'file' || !isInside(entry.header.name)) continue
      if (files.size === bounds.maxFiles) throw new Error(`it holds more than ${bounds.maxFiles} files`)
      files.set(entry.header.name, concatenate(chunks))
    }
  } catch (thrown) {
    throw broken(source, (thrown as Error).message)
  }
  if (files.size === 0) throw broken(source, 'it holds no files')
  return {
    commit: tarCommit(bytes),
    names: [...files.keys()],
    read: async (name) => held(files.get(name), source, name),
  }
}

/** `git archive` writes the commit as comment into a global pax header, the first entry. */
function tarCommit(bytes: Uint8Array): string | null {
  const isGlobalHeader = bytes[156] === 'g'.charCodeAt(0)
  const text = isGlobalHeader ? Buffer.from(bytes.subarray(512, 1024)).toString('latin1') : ''
  return /\bcomment=([0-9a-f]{40})\n/.exec(text)?.[1] ?? null
}

async function openZip(bytes: Uint8Array, source: string, bounds: Required<ArchiveBounds>): Promise<ArchiveFiles> {
  const archive = held(
    await openZipArchive(createMemoryStore(new Map([[source, bytes]])), source),
    source,
    'its directory',
  )
  const entries = [...archive.entries.values()].filter(({ name }) => isInside(name))
  const totalBytes = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  if (totalBytes > bounds.maxBytes) throw broken(source, `it unpacks to more than ${bounds.maxBytes} bytes`)
  if (entries.length > bounds.maxFiles) throw broken(source, `it holds more than ${bounds.maxFiles} files`)
  return {
    commit: /^[0-9a-f]{40}$/.exec(archive.comment)?.[0] ?? null,
    names: entries.map(({ name }) => name),
    read: async (name) => held(await archive.read(name), source, name),
  }
}

/** Without a copy where there is one chunk only. */
const concatenate = (chunks: Uint8Array[]): Uint8Array =>
  (chunks.length === 1 ? chunks[0] : undefined) ?? Buffer.concat(chunks)

/** What an archive must hold, since its own directory names it. */
function held<T>(content: T | undefined, source: string, name: string): T {
  if (content === undefined) throw broken(source, `it lacks ${name}`)
  return content
}

function broken(source: string, what: string): SiibraError {
  return new SiibraError('BAD_DATA', `${source} cannot be read as an archive: ${what}`, { url: source })
}
