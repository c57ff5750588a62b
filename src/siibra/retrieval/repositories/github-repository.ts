import type { Retrieval } from '../retrieval.ts'
import { required } from '../upstream-errors.ts'
import { type ListOptions, type Repository, selectPaths } from './repository.ts'

export interface GithubProject {
  owner: string
  repository: string
  /** Branch, tag or commit. */
  ref: string
}

export function githubFileUrl({ owner, repository, ref }: GithubProject, path: string): string {
  return `https://raw.githubusercontent.com/${owner}/${repository}/${ref}/${encodePath(path)}`
}

export function githubTreeUrl({ owner, repository, ref }: GithubProject): string {
  return `https://api.github.com/repos/${owner}/${repository}/git/trees/${encodeURIComponent(ref)}?recursive=1`
}

export function githubArchiveUrl({ owner, repository, ref }: GithubProject, server = 'https://github.com'): string {
  return `${server}/${owner}/${repository}/archive/refs/tags/${encodePath(ref)}.tar.gz`
}

/** Files of a public GitHub repository; its tree is listed with one request. */
export function createGithubRepository(source: GithubProject, retrieval: Retrieval): Repository {
  const url = githubTreeUrl(source)
  return {
    name: `https://github.com/${source.owner}/${source.repository} ${source.ref}`,
    async list(folder = '', options: ListOptions = {}) {
      const answer = await retrieval.json<{ tree: { path: string; type: string }[] }>(url, { signal: options.signal })
      const files = required(answer, url).tree.filter(({ type }) => type === 'blob')
      return selectPaths(
        files.map(({ path }) => path),
        folder,
        options,
      )
    },
    read: (path, read) => retrieval.bytes(githubFileUrl(source, path), read),
  }
}

export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
