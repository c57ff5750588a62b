import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { createFolderStore } from '../../retrieval/stores/folder-store.ts'
import type { Store } from '../../retrieval/stores/store.ts'

/** The files of a configuration, wherever they lie. */
export interface ConfigurationFiles {
  /** What messages and `/about` call it: a path or URL. */
  source: string
  /** Short hash of the commit, where it is known. */
  commit: string | null
  /** The folder that it is, if it is one. */
  folder?: string
  /** Paths of the `.json` files, with `/`, relative to the root of the configuration; in any order. */
  list(): Promise<string[]>
  read(path: string): Uint8Array | Promise<Uint8Array>
  /** Files beside the JSON ones (volumes, tables), which the configuration names by paths relative to its root. */
  data?: Store
  /** Paths of those files, as of `list`; they are part of the fingerprint. */
  listData?(): Promise<string[]>
}

/** A folder, with or without `.git`. */
export function configurationFolder(folder: string): ConfigurationFiles {
  return {
    source: folder,
    folder,
    commit: readCommit(folder),
    list: async () => listFiles(folder).filter((path) => path.endsWith('.json')),
    listData: async () => listFiles(folder).filter((path) => !/(?:\.json|\.md)$|(?:^|\/)\./.test(path)),
    read: (path) => readFileSync(join(folder, path)),
    data: createFolderStore(folder),
  }
}

/** Everything in a folder that is not git's, folders included. */
const listFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => !/^\.git\//.test(path))

/** First six digits of HEAD, read from the files of git (git itself may be missing); null where there is none. */
export function readCommit(folder: string): string | null {
  const head = readText(join(folder, '.git', 'HEAD'))
  const ref = head?.startsWith('ref: ') ? head.slice('ref: '.length) : undefined
  const hash = ref === undefined ? head : (readText(join(folder, '.git', ref)) ?? readPackedRef(folder, ref))
  return hash !== undefined && /^[a-f0-9]{6,}$/.test(hash) ? hash.slice(0, 6) : null
}

function readPackedRef(folder: string, ref: string): string | undefined {
  const line = readText(join(folder, '.git', 'packed-refs'))
    ?.split('\n')
    .find((packed) => packed.endsWith(` ${ref}`))
  return line?.split(' ')[0]
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}
