/**
 * Repositories: places with many files that can be listed (GitLab and GitHub projects, EBRAINS buckets, zip archives,
 * folders). The URLs that they ask are those that siibra-python asks, so that a mirror recorded from it answers.
 */
import type { ReadOptions } from '../stores/store.ts'

export interface ListOptions {
  /** Only files whose names end so. */
  suffix?: string
  /** Also files in folders below. Default false. */
  recursive?: boolean
  signal?: AbortSignal
}

export interface Repository {
  /** For messages: a URL or path. */
  name: string
  /** Paths of files in a folder (default: the root), with `/`. */
  list(folder?: string, options?: ListOptions): Promise<string[]>
  /** `undefined` where there is no such file. */
  read(path: string, options?: ReadOptions): Promise<Uint8Array | undefined>
}

/** Those of all paths that lie in `folder` and fit the options. */
export function selectPaths(
  paths: readonly string[],
  folder = '',
  { suffix = '', recursive = false }: ListOptions = {},
) {
  const prefix = folder === '' || folder.endsWith('/') ? folder : `${folder}/`
  return paths.filter((path) => {
    if (!path.startsWith(prefix) || !path.endsWith(suffix)) return false
    return recursive || !path.slice(prefix.length).includes('/')
  })
}
