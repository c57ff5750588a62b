/**
 * A configuration as it was when it was read, in memory that threads share: whatever becomes of its folder, archive or URL, all threads
 * that are given it read the same.
 */
import { createFolderStore } from '../../retrieval/stores/folder-store.ts'
import { createMemoryStore } from '../../retrieval/stores/memory-store.ts'
import type { Store } from '../../retrieval/stores/store.ts'
import type { ConfigurationFiles } from './files.ts'

/** Plain data, to be sent to threads; `bytes` is shared, not copied. */
export interface FrozenFiles {
  source: string
  commit: string | null
  /** Where it lies, if that is a folder. */
  folder: string | undefined
  /** The files that were read, one behind the other, none in two blocks. */
  blocks: readonly SharedArrayBuffer[]
  json: readonly FrozenFile[]
  data: readonly FrozenFile[]
  /** Of the data beside the configuration, what is too large to be held: it is read where it lies. */
  outside: readonly string[]
}

interface FrozenFile {
  path: string
  /** Number of its block. */
  block: number
  offset: number
  length: number
}

/**
 * Data beside the configurations of a folder that are held, smallest files first: tables, meshes and volumes of an atlas of 1 mm. What is larger
 * must be replaced, not written into, while it is served (docs/own-atlas.md).
 */
const MAX_DATA_BYTES = 64 * 1024 ** 2

/** Reads a configuration whole. Of data in a folder, as much as `maxDataBytes`; of archives, which are in memory anyway, all. */
export async function freezeFiles(files: ConfigurationFiles, maxDataBytes = MAX_DATA_BYTES): Promise<FrozenFiles> {
  const { data } = files
  const sized: { path: string; size: number }[] = []
  for (const path of (await files.listData?.()) ?? []) {
    const size = files.folder === undefined ? 0 : (await data?.stat?.(path))?.sizeBytes
    // folders in a folder have none
    if (size !== undefined) sized.push({ path, size })
  }
  sized.sort((a, b) => a.size - b.size)
  let heldBytes = 0
  const fitting = sized.filter(({ size }) => {
    heldBytes += size
    return heldBytes <= maxDataBytes
  })

  const { blocks, take } = createBlocks()
  const json: FrozenFile[] = []
  for (const path of await files.list()) json.push(take(path, await files.read(path)))
  const held: FrozenFile[] = []
  for (const { path } of fitting) {
    const bytes = await data?.get(path)
    if (bytes) held.push(take(path, bytes))
  }
  return {
    source: files.source,
    commit: files.commit,
    folder: files.folder,
    blocks,
    json,
    data: held,
    outside: sized.slice(fitting.length).map(({ path }) => path),
  }
}

/** What is not written of a block takes no memory: the system gives it pages as they are written. */
const BLOCK_BYTES = 1024 ** 2

/**
 * Shared memory that grows by blocks. Each file is copied as soon as it has been read, so that its buffer can go while it is young: kept until
 * the size of all was known, they outlived the start, 8 MB in every process that read the official configuration.
 */
function createBlocks() {
  const blocks: SharedArrayBuffer[] = []
  let offset = 0
  return {
    blocks,
    take(path: string, bytes: Uint8Array): FrozenFile {
      const length = bytes.byteLength
      let last = blocks.at(-1)
      if (last === undefined || offset + length > last.byteLength) {
        last = new SharedArrayBuffer(Math.max(BLOCK_BYTES, length))
        blocks.push(last)
        offset = 0
      }
      new Uint8Array(last, offset, length).set(bytes)
      offset += length
      return { path, block: blocks.length - 1, offset: offset - length, length }
    },
  }
}

/** The files of a frozen configuration. Their bytes are handed out as copies: many decoders refuse shared memory. */
export function thawFiles(frozen: FrozenFiles): ConfigurationFiles {
  const views = (files: readonly FrozenFile[]) => new Map(files.map((file) => [file.path, viewOf(frozen, file)]))
  const json = views(frozen.json)
  const held = views(frozen.data)
  return {
    source: frozen.source,
    commit: frozen.commit,
    ...(frozen.folder !== undefined && { folder: frozen.folder }),
    list: async () => [...json.keys()],
    read: (path) => {
      const bytes = json.get(path)
      if (bytes === undefined) throw new Error(`there was no ${path} when the configuration was read`)
      return Uint8Array.from(bytes)
    },
    listData: async () => [...held.keys(), ...frozen.outside],
    data: storeOf(new Map([...json, ...held]), frozen.folder),
  }
}

function viewOf({ blocks }: FrozenFiles, { path, block, offset, length }: FrozenFile): Uint8Array {
  const shared = blocks[block]
  if (shared === undefined) throw new Error(`there is no block ${block}, where ${path} should lie`)
  return new Uint8Array(shared, offset, length)
}

/** What is held comes from memory; what is not (too large, or hidden) from where it lies. */
function storeOf(held: ReadonlyMap<string, Uint8Array>, folder: string | undefined): Store {
  const memory = createMemoryStore(held)
  if (folder === undefined) return memory
  const around = createFolderStore(folder)
  const of = (path: string) => (held.has(path) ? memory : around)
  return {
    get: (path, options) => of(path).get(path, options),
    getRange: async (path, range, options) => of(path).getRange?.(path, range, options),
    stat: async (path, options) => of(path).stat?.(path, options),
  }
}
