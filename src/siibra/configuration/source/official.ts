/** The official configuration at its pinned tag: fetched once, kept in the cache directory. */
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ErrorCode, SiibraError } from '../../errors.ts'
import { createRetrieval, type RetrievalOptions } from '../../retrieval/retrieval.ts'
import { required } from '../../retrieval/upstream-errors.ts'
import { configurationArchive } from './archive.ts'
import { githubArchiveUrl, gitlabArchiveUrl } from './archive-urls.ts'
import type { ConfigurationFiles } from './files.ts'

/** The version that siibra-python's main branch reads; repositories name the tag in one of two ways. */
export const OFFICIAL_VERSION = '1.0.1-alpha.20'
/** How long all attempts to fetch it may take together. */
export const OFFICIAL_TIME_LIMIT_MS = 10_000
const HOSTS = ['github.com', 'gitlab.ebrains.eu']
const TAGS = [`siibra-${OFFICIAL_VERSION}`, OFFICIAL_VERSION]

export interface OfficialOptions {
  /** Where the archive is kept, in `configurations/`. Without one (or where it cannot be written) it is fetched anew. */
  cacheDir?: string
  /** For all attempts together. Default `OFFICIAL_TIME_LIMIT_MS`. */
  timeLimitMs?: number
  /** How long the first host is waited for before the second is asked as well. Default 4,000 ms. */
  headStartMs?: number
  /** Asked before both hosts (see `RetrievalOptions`). */
  mirror?: string
  /** Ask nothing but the mirror. */
  offline?: boolean
  /** Parts of URLs that are replaced before a host is asked (see `RetrievalOptions`). */
  remap?: readonly (readonly [from: string, to: string])[]
  /** Proxies, and whether redirects may lead into the own network (see `RetrievalOptions`). */
  proxies?: RetrievalOptions['proxies']
  allowsPrivateRedirects?: RetrievalOptions['allowsPrivateRedirects']
  /** Default `https://github.com`; another one is for tests. */
  githubServer?: string
  /** Default `https://gitlab.ebrains.eu`. */
  gitlabServer?: string
  signal?: AbortSignal
  /** Hears that it is being fetched, from where, and how long that may take. */
  onFetch?: (from: string, limitMs: number) => void
}

export type OfficialConfiguration =
  /** `file` is the archive (in a temporary folder where nothing could be kept): another thread or process can open it. */
  | { files: ConfigurationFiles; file: string; fetched: boolean }
  /**
   * Why it cannot be had, in one sentence, with what each source had to say. `isUnreachable`: that is all; else something
   * came that is no configuration.
   */
  | { files?: undefined; reason: string; isUnreachable: boolean }

/**
 * The official configuration from the cache directory, else from GitHub (FZJ-INM1-BDA/siibra-configurations), else from
 * gitlab.ebrains.eu (project 892). Gives a reason instead of throwing where it cannot be had: what to serve then is for
 * the caller to decide. A defect of this program is thrown: no other source would mend it.
 */
export async function loadOfficialConfiguration(options: OfficialOptions = {}): Promise<OfficialConfiguration> {
  const file = options.cacheDir && join(options.cacheDir, 'configurations', `siibra-${OFFICIAL_VERSION}.tar.gz`)
  const kept = file === undefined ? undefined : await readKept(file)
  if (kept?.files && file) return { files: kept.files, file, fetched: false }
  const attempt = await fetchArchive(options)
  if (attempt.files) return { files: attempt.files, file: await keep(file, attempt.bytes), fetched: true }
  const failures = [...(kept?.failure ? [kept.failure] : []), ...attempt.failures]
  const isUnreachable = failures.every((failure) => UNREACHABLE.has(failure.code))
  const told = failures.map(({ message }) => message).join('; ')
  const what = isUnreachable ? 'cannot be had' : 'cannot be used'
  return { reason: `The official configuration ${OFFICIAL_VERSION} ${what}: ${told}`, isUnreachable }
}

/** What it means that a source is away or has nothing; other codes say what was wrong with what came. */
const UNREACHABLE: ReadonlySet<ErrorCode> = new Set(['UPSTREAM_UNAVAILABLE', 'DEADLINE_EXCEEDED', 'ABORTED'])

/** The error, where it is one of those that sources make; a defect is thrown on. */
function failureOf(thrown: unknown): SiibraError {
  if (thrown instanceof SiibraError && thrown.code !== 'INTERNAL') return thrown
  throw thrown
}

interface Kept {
  files?: ConfigurationFiles
  failure?: SiibraError
}

/** The archive that an earlier start kept; one that cannot be used is fetched anew, and told of where that fails, too. */
async function readKept(file: string): Promise<Kept | undefined> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(file)
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    return { failure: new SiibraError('BAD_DATA', `its kept copy ${file} cannot be read: ${message}`) }
  }
  try {
    return { files: await configurationArchive(bytes, file) }
  } catch (thrown) {
    return { failure: failureOf(thrown) }
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

async function fetchArchive(
  options: OfficialOptions,
): Promise<Fetched | { files?: undefined; failures: SiibraError[] }> {
  const { timeLimitMs = OFFICIAL_TIME_LIMIT_MS, headStartMs = 4_000, mirror, offline, remap, onFetch } = options
  onFetch?.([...(mirror === undefined ? [] : ['the mirror']), ...(offline ? [] : HOSTS)].join(', else '), timeLimitMs)
  const failures: SiibraError[] = []
  const done = new AbortController()
  const limit = AbortSignal.timeout(timeLimitMs)
  const signal = AbortSignal.any([done.signal, limit, ...(options.signal ? [options.signal] : [])])
  const retrieval = createRetrieval({
    mirror,
    offline,
    remap,
    proxies: options.proxies,
    allowsPrivateRedirects: options.allowsPrivateRedirects,
    retry: { attempts: 2 },
    idleTimeoutMs: timeLimitMs,
  })

  async function tryHost(urls: string[]): Promise<Fetched | undefined> {
    for (const url of urls) {
      try {
        const bytes = required(await retrieval.bytes(url, { signal, maxBytes: 256 * 1024 ** 2 }), url)
        return { bytes, files: await configurationArchive(bytes, url) }
      } catch (thrown) {
        const failure = failureOf(thrown)
        if (!signal.aborted) failures.push(failure)
      }
    }
    return undefined
  }

  const [github, gitlab] = archiveUrls(options)
  const first = tryHost(github)
  const headStart = sleep(headStartMs, undefined, { signal }).catch(() => {})
  const second = Promise.race([first.catch(() => undefined), headStart]).then((found) => found ?? tryHost(gitlab))
  try {
    const found = await firstFound([first, second])
    if (found) return found
    if (limit.aborted)
      failures.push(new SiibraError('DEADLINE_EXCEEDED', `nothing complete came within ${timeLimitMs} ms`))
    return { failures }
  } finally {
    done.abort()
    await retrieval.close()
  }
}

/** The first that finds something; undefined where none does. Rejects with the first that fails, which is a defect. */
function firstFound<T>(attempts: readonly Promise<T | undefined>[]): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    for (const attempt of attempts) attempt.then((found) => found !== undefined && resolve(found), reject)
    void Promise.allSettled(attempts).then(() => resolve(undefined))
  })
}

function archiveUrls({ githubServer, gitlabServer }: OfficialOptions) {
  return [
    TAGS.map((ref) => githubArchiveUrl('FZJ-INM1-BDA', 'siibra-configurations', ref, githubServer)),
    TAGS.map((ref) => gitlabArchiveUrl(892, ref, gitlabServer)),
  ] as const
}
