/** The official configuration at its pinned tag: fetched once, kept in the cache directory. */
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { githubArchiveUrl } from '../../retrieval/repositories/github-repository.ts'
import { gitlabArchiveUrl } from '../../retrieval/repositories/gitlab-repository.ts'
import { createRetrieval } from '../../retrieval/retrieval.ts'
import { required } from '../../retrieval/upstream-errors.ts'
import { configurationArchive } from './archive.ts'
import type { ConfigurationFiles } from './files.ts'

/** The version that siibra-python's main branch reads; repositories name the tag in one of two ways. */
export const OFFICIAL_VERSION = '1.0.1-alpha.20'
const TAGS = [`siibra-${OFFICIAL_VERSION}`, OFFICIAL_VERSION]

export interface OfficialOptions {
  /** Where the archive is kept, in `configurations/`. Without one (or where it cannot be written) it is fetched anew. */
  cacheDir?: string
  /** For all attempts together. Default 10,000 ms. */
  timeLimitMs?: number
  /** How long the first host is waited for before the second is asked as well. Default 4,000 ms. */
  headStartMs?: number
  /** Asked before both hosts (see `RetrievalOptions`). */
  mirror?: string
  /** Ask nothing but the mirror. */
  offline?: boolean
  /** Default `https://github.com`; another one is for tests. */
  githubServer?: string
  /** Default `https://gitlab.ebrains.eu`. */
  gitlabServer?: string
  signal?: AbortSignal
}

export type OfficialConfiguration =
  /** `file` is the archive (in a temporary folder where nothing could be kept): another thread or process can open it. */
  | { files: ConfigurationFiles; file: string; fetched: boolean }
  /** Why it cannot be had: one sentence for logs and `/about`. */
  | { files?: undefined; reason: string }

/**
 * The official configuration from the cache directory, else from GitHub (FZJ-INM1-BDA/siibra-configurations), else from
 * gitlab.ebrains.eu (project 892). Gives a reason instead of throwing: what to serve then is for the caller to decide.
 */
export async function loadOfficialConfiguration(options: OfficialOptions = {}): Promise<OfficialConfiguration> {
  const file = options.cacheDir && join(options.cacheDir, 'configurations', `siibra-${OFFICIAL_VERSION}.tar.gz`)
  const kept = file && (await readKept(file))
  if (kept) return { files: kept, file, fetched: false }
  const attempt = await fetchArchive(options)
  if ('reason' in attempt) return attempt
  return { files: attempt.files, file: await keep(file, attempt.bytes), fetched: true }
}

async function readKept(file: string): Promise<ConfigurationFiles | undefined> {
  try {
    return await configurationArchive(await readFile(file), file)
  } catch {
    return undefined
  }
}

/** Where the archive lies now: at `file`, or in a temporary folder where that cannot be written. */
async function keep(file: string | undefined, bytes: Uint8Array): Promise<string> {
  if (file) {
    try {
      await writeAtomically(file, bytes)
      return file
    } catch {
      // A read-only cache directory is a slower start, not a failed one.
    }
  }
  const temporary = join(await mkdtemp(join(tmpdir(), 'siibra-configuration-')), `${OFFICIAL_VERSION}.tar.gz`)
  await writeAtomically(temporary, bytes)
  return temporary
}

/** Written beside and renamed, so that a start that is killed leaves nothing half. */
async function writeAtomically(file: string, bytes: Uint8Array): Promise<void> {
  const beside = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`
  try {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(beside, bytes)
    await rename(beside, file)
  } catch (thrown) {
    await rm(beside, { force: true }).catch(() => {})
    throw thrown
  }
}

type Fetched = { bytes: Uint8Array; files: ConfigurationFiles }

async function fetchArchive(options: OfficialOptions): Promise<Fetched | { reason: string }> {
  const { timeLimitMs = 10_000, headStartMs = 4_000, mirror, offline } = options
  const failures: string[] = []
  const done = new AbortController()
  const limit = AbortSignal.timeout(timeLimitMs)
  const signal = AbortSignal.any([done.signal, limit, ...(options.signal ? [options.signal] : [])])
  const retrieval = createRetrieval({ mirror, offline, retry: { attempts: 2 }, idleTimeoutMs: timeLimitMs })

  async function tryHost(urls: string[]): Promise<Fetched> {
    for (const url of urls) {
      try {
        const bytes = required(await retrieval.bytes(url, { signal, maxBytes: 256 * 1024 ** 2 }), url)
        return { bytes, files: await configurationArchive(bytes, url) }
      } catch (thrown) {
        if (!signal.aborted) failures.push((thrown as Error).message)
      }
    }
    throw new Error('none of the URLs has it')
  }

  const [github, gitlab] = archiveUrls(options)
  const first = tryHost(github)
  const headStart = sleep(headStartMs, undefined, { signal }).catch(() => {})
  const firstFailed = new Promise<void>((resolve) => first.catch(() => resolve()))
  const second = Promise.race([firstFailed, headStart]).then(() => tryHost(gitlab))
  try {
    return await Promise.any([first, second])
  } catch {
    if (limit.aborted) failures.push(`nothing complete came within ${timeLimitMs} ms`)
    return { reason: `the official configuration ${OFFICIAL_VERSION} cannot be had: ${failures.join('; ')}` }
  } finally {
    done.abort()
    await retrieval.close()
  }
}

function archiveUrls({ githubServer, gitlabServer = 'https://gitlab.ebrains.eu' }: OfficialOptions) {
  const project = { owner: 'FZJ-INM1-BDA', repository: 'siibra-configurations' }
  return [
    TAGS.map((ref) => githubArchiveUrl({ ...project, ref }, githubServer)),
    TAGS.map((ref) => gitlabArchiveUrl({ server: gitlabServer, project: 892, ref })),
  ] as const
}
