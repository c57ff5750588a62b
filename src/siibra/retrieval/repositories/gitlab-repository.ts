import type { Retrieval } from '../retrieval.ts'
import { isUpstreamUnavailable, required } from '../upstream-errors.ts'
import type { ListOptions, Repository } from './repository.ts'

export interface GitlabProject {
  /** For example `https://gitlab.ebrains.eu`. */
  server: string
  project: number
  /** Branch, tag or commit. */
  ref: string
}

interface TreeItem {
  path: string
  type: 'blob' | 'tree'
  name: string
}

const PER_PAGE = 100

export function gitlabApiUrl({ server, project }: GitlabProject): string {
  return `${server}/api/v4/projects/${project}/repository`
}

export function gitlabFileUrl(source: GitlabProject, path: string, ref = source.ref): string {
  return `${gitlabApiUrl(source)}/files/${encodeURIComponent(path)}/raw?ref=${ref}`
}

export function gitlabArchiveUrl(source: GitlabProject, ref = source.ref): string {
  return `${gitlabApiUrl(source)}/archive.tar.gz?sha=${ref}`
}

export function gitlabTreeUrl(source: GitlabProject, folder: string, page: number, recursive: boolean, ref: string) {
  const path = folder === '' ? '' : `&path=${encodeURIComponent(folder)}`
  const flag = recursive ? 'True' : 'False'
  return `${gitlabApiUrl(source)}/tree?ref=${ref}${path}&per_page=${PER_PAGE}&page=${page}&recursive=${flag}`
}

/**
 * Files of a GitLab project by its API. A branch is resolved to its last commit once, at the first use, so that what is
 * read belongs together; where the list of branches cannot be had, the name itself is asked.
 */
export function createGitlabRepository(source: GitlabProject, retrieval: Retrieval): Repository {
  let resolved: Promise<string> | undefined
  const resolveRef = (signal?: AbortSignal) => {
    resolved ??= lastCommit(source, retrieval, signal).catch((thrown) => {
      resolved = undefined
      if (isUpstreamUnavailable(thrown)) return source.ref
      throw thrown
    })
    return resolved
  }
  return {
    name: `${gitlabApiUrl(source)} ${source.ref}`,
    async list(folder = '', { suffix = '', recursive = false, signal }: ListOptions = {}) {
      const ref = await resolveRef(signal)
      const paths: string[] = []
      for (let page = 1; ; page++) {
        const url = gitlabTreeUrl(source, folder, page, recursive, ref)
        const items = required(await retrieval.json<TreeItem[]>(url, { signal }), url)
        for (const { type, name, path } of items) if (type === 'blob' && name.endsWith(suffix)) paths.push(path)
        if (items.length < PER_PAGE) return paths
      }
    },
    async read(path, read) {
      return retrieval.bytes(gitlabFileUrl(source, path, await resolveRef(read?.signal)), read)
    },
  }
}

async function lastCommit(source: GitlabProject, retrieval: Retrieval, signal?: AbortSignal): Promise<string> {
  type Branch = { name: string; commit: { short_id: string } }
  const branches = await retrieval.json<Branch[]>(`${gitlabApiUrl(source)}/branches`, { signal, maxAgeMs: 3_600_000 })
  return branches?.find(({ name }) => name === source.ref)?.commit.short_id ?? source.ref
}
