import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Retrieval } from '../retrieval/retrieval.ts'
import type { ReadDocument } from './datasets.ts'

/** Mirrors of the knowledge-graph documents, as siibra asks them, one after the other. */
const MIRRORS = [
  { server: 'https://jugit.fz-juelich.de', project: 7846, branch: 'master' },
  { server: 'https://gitlab.ebrains.eu', project: 421, branch: 'master' },
]

/** Reads documents of a local snapshot folder; small ones and at once, which costs a tenth of going through the thread pool. */
export function documentsInFolder(folder: string): ReadDocument {
  return async (path) => {
    try {
      return JSON.parse(readFileSync(join(folder, path), 'utf8'))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }
}

/** Reads documents of the GitLab mirrors: the first that has one. */
export function documentsOfMirrors(retrieval: Retrieval): ReadDocument {
  return async (path) => {
    let failure: unknown
    for (const { server, project, branch } of MIRRORS) {
      const file = encodeURIComponent(path)
      try {
        const url = `${server}/api/v4/projects/${project}/repository/files/${file}/raw?ref=${branch}`
        const document = await retrieval.json(url)
        if (document !== undefined) return document
      } catch (error) {
        failure = error
      }
    }
    if (failure) throw failure
    return undefined
  }
}
