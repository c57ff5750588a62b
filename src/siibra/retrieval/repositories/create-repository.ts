import { stat } from 'node:fs/promises'
import { SiibraError } from '../../errors.ts'
import type { Retrieval } from '../retrieval.ts'
import { createGitlabRepository } from './gitlab-repository.ts'
import { createLocalRepository } from './local-repository.ts'
import type { Repository } from './repository.ts'
import { createLocalZipRepository, createZipRepository } from './zip-repository.ts'

/** The `repository` of a feature in a configuration. */
export type RepositorySpec =
  | { '@type': 'siibra/repository/zippedfile/v1.0.0'; url: string }
  | { '@type': 'siibra/repository/localfolder/v1.0.0'; folder: string }
  | { '@type': 'siibra/repository/gitlab/v1.0.0'; server: string; project: number; branch: string }

/** The repository that a configuration names. Throws UNSUPPORTED for a kind that is not known. */
export function createRepository(spec: RepositorySpec, retrieval: Retrieval): Repository {
  switch (spec['@type']) {
    case 'siibra/repository/zippedfile/v1.0.0':
      return createZipRepository(spec.url, retrieval)
    case 'siibra/repository/localfolder/v1.0.0':
      return createLocalRepository(spec.folder)
    case 'siibra/repository/gitlab/v1.0.0':
      return createGitlabRepository({ server: spec.server, project: spec.project, ref: spec.branch }, retrieval)
    default: {
      const kind = (spec as { '@type'?: unknown })['@type']
      throw new SiibraError('UNSUPPORTED', `A repository of the kind ${JSON.stringify(kind)} is not known`, { kind })
    }
  }
}

/** The repository at a path or URL: a folder, or a zip archive here or elsewhere. */
export async function openRepository(location: string, retrieval: Retrieval): Promise<Repository> {
  if (/^https?:\/\//i.test(location)) return createZipRepository(location, retrieval)
  const stats = await stat(location).catch(() => undefined)
  if (stats?.isDirectory()) return createLocalRepository(location)
  if (stats?.isFile() && location.endsWith('.zip')) return createLocalZipRepository(location)
  throw new SiibraError('NOT_FOUND', `${location} is neither a folder nor a zip archive`, { location })
}
