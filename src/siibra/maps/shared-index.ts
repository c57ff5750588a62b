/** Indices that take long to make: one thread of one process makes them, all others find them on the disk. */
import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Lease } from '../retrieval/cache/leases.ts'
import { throwIfAborted } from '../retrieval/upstream-errors.ts'
import { createSlices, inSlices } from '../slices.ts'
import { fileBytes, type StreamedFormat } from '../volumes/providers.ts'
import type { AtlasVolumes } from './atlas-volumes.ts'

/** A file that an index is made of. */
export interface IndexedFile {
  format: StreamedFormat
  url: string
}

export interface SharedIndex<T> {
  /** Of which kind it is, and what of the files it is made of. */
  key: string
  files: readonly IndexedFile[]
  encode(index: T, fingerprint: string): Uint8Array
  /** Undefined for bytes that are no such index, or made of other files. */
  decode(bytes: Uint8Array, fingerprint: string): T | undefined
  /** Whether nothing is missing in it: only then it is stored. Default: always. */
  isWhole?(index: T): boolean
  /** For how long another one who makes it is waited for: less than a click may wait, where it takes no longer to make it twice. Default: for ever. */
  patienceMs?: number
}

/** Bytes that are hashed between two looks at the clock. */
const HASHED_BYTES = 2 ** 20
/** How often it is looked for while somebody else makes it. */
const LOOK_EVERY_MS = 100

/** The key of an index of some kind that is made of these parts. */
export const sharedKey = (kind: string, parts: unknown): string =>
  `${kind} ${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`

/** The index as it lies on the disk. It counts only while the files are those that it was made of. */
export async function findSharedIndex<T>(
  core: AtlasVolumes,
  index: SharedIndex<T>,
  signal?: AbortSignal,
  hash: () => Promise<string | undefined> = () => fingerprintOf(core, index.files, signal),
): Promise<T | undefined> {
  const entry = await core.retrieval.derived?.read(index.key)
  const fingerprint = entry && (await hash())
  return fingerprint === undefined ? undefined : index.decode(entry!.bytes, fingerprint)
}

/**
 * The index from the disk, else made here, unless another thread or process is about it: then it is waited for. Who dies over it is
 * followed by another one as soon as its lease has run out. Where the maker gave up, or could not store it, all who waited make their own at once.
 */
export async function loadSharedIndex<T>(
  core: AtlasVolumes,
  index: SharedIndex<T>,
  make: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const { derived } = core.retrieval
  if (!derived) return make()
  let hashing: Promise<string | undefined> | undefined
  const hash = () => {
    hashing ??= fingerprintOf(core, index.files, signal)
    return hashing
  }
  const untilMs = performance.now() + (index.patienceMs ?? Number.POSITIVE_INFINITY)
  for (let hasWaited = false; ; hasWaited = true) {
    const stored = await findSharedIndex(core, index, signal, hash)
    if (stored) return stored
    const lease = derived.lease?.(index.key)
    if (lease !== 'held') return makeWith(lease, hasWaited)
    if (performance.now() >= untilMs) return make()
    await delay(LOOK_EVERY_MS, undefined, signal && { signal }).catch(() => throwIfAborted(signal))
  }

  async function makeWith(lease: Lease | undefined, hasWaited: boolean): Promise<T> {
    if (hasWaited && !lease?.isInherited) lease?.release()
    let storing: Promise<void> | undefined
    try {
      // it may have come between the look and the lease
      const late = lease && (await findSharedIndex(core, index, signal, hash))
      if (late) return late
      const made = await make()
      // nobody here waits for that, and nothing is lost where it fails
      storing = storeSharedIndex(core, index, made).catch(() => {})
      return made
    } finally {
      if (storing && lease) void storing.then(lease.release)
      else lease?.release()
    }
  }
}

/** Stores the index in the place of what lies there. */
export async function storeSharedIndex<T>(core: AtlasVolumes, index: SharedIndex<T>, made: T): Promise<void> {
  const { derived } = core.retrieval
  if (!derived || index.isWhole?.(made) === false) return
  const fingerprint = await fingerprintOf(core, index.files)
  if (fingerprint === undefined) return
  await derived.write(index.key, index.encode(made, fingerprint))
  await derived.settle?.()
}

/** SHA-256 of all files; undefined where one is missing. */
async function fingerprintOf(
  { retrieval }: AtlasVolumes,
  files: readonly IndexedFile[],
  signal: AbortSignal = new AbortController().signal,
): Promise<string | undefined> {
  const hash = createHash('sha256')
  const slices = createSlices(signal)
  for (const { format, url } of files) {
    const bytes = await fileBytes(format, url, { retrieval, signal }).catch(() => undefined)
    throwIfAborted(signal)
    if (!bytes) return undefined
    hash.update(`${bytes.length} `)
    await inSlices(bytes.length, HASHED_BYTES, slices, (from, to) => void hash.update(bytes.subarray(from, to)))
  }
  return hash.digest('hex')
}
