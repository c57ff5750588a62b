/** `siibra-api mirror`: a folder from which an atlas is served with the network cut. */
import { createHash } from 'node:crypto'
import { readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import {
  type ConfigurationFiles,
  createRetrieval,
  loadConfiguration,
  OFFICIAL_VERSION,
  openConfigurationFiles,
  type RetrievalOptions,
  type Store,
} from '../siibra/index.ts'
import { createRecorder, type RecordedFile, type Recorder } from './recorder.ts'
import { select, wantsOf } from './wants.ts'

export interface MirrorOptions {
  what: string
  out: string
  /** A folder, archive or URL; or several, of which the first counts where they clash. */
  configuration: string | readonly string[]
  /** How the source is read: from the network, or from a mirror. */
  retrieval: RetrievalOptions
  /** Folder of knowledge-graph documents, taken instead of their remote copies. */
  snapshotFolder?: string | undefined
  maxFileBytes: number
  isDryRun: boolean
  onProgress?: (progress: MirrorProgress) => void
}

export interface MirrorProgress {
  done: number
  all: number
  bytes: number
  files: number
}

export interface Mirrored {
  label: string
  files: RecordedFile[]
  bytes: number
  /** What could not be had: address, or what it is, and why. */
  missing: [what: string, why: string][]
  /** Of several configurations all but the first: folders in the mirror. */
  further: string[]
}

const CONCURRENCY = 6
/** Where the service looks for the official configuration (source/official.ts). */
const ARCHIVE = `github.com/FZJ-INM1-BDA/siibra-configurations/archive/refs/tags/siibra-${OFFICIAL_VERSION}.tar.gz`
const CHECKSUMS = 'checksums.sha256'

/** What is in the folder already, and is what its checksum says, is not asked for again. */
export async function makeMirror(options: MirrorOptions): Promise<Mirrored> {
  const { out, what, configuration, maxFileBytes, isDryRun, onProgress = () => {} } = options
  await dropDamaged(out)
  let bytes = 0
  let done = 0
  let all = 0
  const recorder = createRecorder({
    folder: out,
    maxFileBytes,
    isDryRun,
    onFile: (file) => {
      bytes += file.bytes
      onProgress({ done, all, bytes, files: recorder.files.size })
    },
  })
  const retrieval = createRetrieval({
    ...options.retrieval,
    around: (store) => recorder.around(withDocuments(store, options.snapshotFolder)),
  })
  try {
    const opened = await Promise.all([configuration].flat().map((one) => openConfigurationFiles(one, retrieval)))
    const core = await loadConfiguration({ configuration: opened, retrieval })
    const selection = select(core, what)
    const further = opened.slice(1).map((_, at) => `configuration-${at + 2}`)
    if (!isDryRun) {
      for (const [at, files] of opened.entries()) {
        await keepConfiguration(files, further[at - 1] ?? 'configuration', recorder.keep)
      }
    }
    const wants = await wantsOf(core, selection)
    all = wants.length
    const failures = new Map<string, string>()
    const queue = [...wants]
    const next = async () => {
      for (let want = queue.shift(); want; want = queue.shift()) {
        const before = recorder.missing.size
        try {
          // plain files are weighed first; in a dry run that is all
          const size = want.url === undefined ? undefined : await retrieval.store.stat?.(want.url)
          if (!isDryRun || (want.url !== undefined && size === undefined)) await want.read()
        } catch (thrown) {
          if (recorder.missing.size === before) failures.set(want.what, (thrown as Error).message)
        }
        done++
        onProgress({ done, all, bytes, files: recorder.files.size })
      }
    }
    await Promise.all(Array.from({ length: CONCURRENCY }, next))
    const missing = [...needed(recorder), ...failures].sort(([a], [b]) => (a < b ? -1 : 1))
    if (!isDryRun) await writeLists(out, missing, recorder.keep)
    return { label: selection.label, files: [...recorder.files.values()], bytes, missing, further }
  } finally {
    await retrieval.close()
  }
}

/** Documents of a folder under the addresses at which they are asked for. */
function withDocuments(store: Store, folder: string | undefined): Store {
  if (folder === undefined) return store
  return {
    ...store,
    async get(url, options) {
      const file = DOCUMENT.exec(url)?.[1]
      const own = file && (await readFile(join(folder, decodeURIComponent(file))).catch(() => undefined))
      return own || store.get(url, options)
    },
  }
}

const DOCUMENT = /\/api\/v4\/projects\/(?:7846|421)\/repository\/files\/([^/]+)\/raw/

/** Without what is only tried: compressed twins of chunks, transforms, the second place of a document that was found at the first. */
function needed({ missing, files }: Recorder): [string, string][] {
  const documents = new Set([...files.values()].flatMap(({ url }) => DOCUMENT.exec(url)?.[1] ?? []))
  return [...missing].filter(([url]) => {
    if (/\/transform\.json$/.test(url) || (url.endsWith('.gz') && missing.has(url.slice(0, -'.gz'.length))))
      return false
    return !documents.has(DOCUMENT.exec(url)?.[1] ?? '')
  })
}

type Keep = (path: string, bytes: Uint8Array) => Promise<void>

/** A configuration as a folder. The first one also where the service asks for the official one: see `keepAsOfficial`. */
async function keepConfiguration(files: ConfigurationFiles, folder: string, keep: Keep): Promise<void> {
  const contents: [path: string, content: Uint8Array][] = []
  for (const path of [...(await files.list())].sort()) contents.push([path, await files.read(path)])
  for (const path of ((await files.listData?.()) ?? []).sort()) {
    const content = await files.data?.get(path)
    if (content) contents.push([path, content])
  }
  for (const [path, content] of contents) await keep(`${folder}/${path}`, content)
  if (folder === 'configuration') await keepAsOfficial(contents, keep)
}

/** With this mirror and offline it is served even where SIIBRA_USE_CONFIGURATION is not set. */
async function keepAsOfficial(contents: readonly [path: string, content: Uint8Array][], keep: Keep): Promise<void> {
  const { default: tar } = await import('tar-stream')
  const archive = tar.pack()
  const chunks: Uint8Array[] = []
  const reading = (async () => {
    for await (const chunk of archive) chunks.push(chunk as Uint8Array)
  })()
  for (const [path, content] of contents) {
    archive.entry({ name: `siibra-configurations/${path}`, mtime: new Date(0) }, Buffer.from(content))
  }
  archive.finalize()
  await reading
  await keep(ARCHIVE, gzipSync(Buffer.concat(chunks)))
}

/** `sha256sum -c` reads the sums; what was kept before stays in them. */
async function writeLists(out: string, missing: readonly [string, string][], keep: Keep): Promise<void> {
  const paths = await listFiles(out)
  const sums: string[] = []
  for (const path of paths) {
    if (path === CHECKSUMS || path === 'missing.txt' || path.endsWith('.part')) continue
    sums.push(
      `${createHash('sha256')
        .update(await readFile(join(out, path)))
        .digest('hex')}  ${path}`,
    )
  }
  const text = (lines: readonly string[]) => new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''))
  await keep(CHECKSUMS, text(sums))
  await keep('missing.txt', text(missing.map(([what, why]) => `${what}\t${why.replace(/\s+/g, ' ')}`)))
}

async function listFiles(folder: string): Promise<string[]> {
  const { readdir } = await import('node:fs/promises')
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const start = join(folder, '/').length
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(start))
    .sort()
}

/** Removes files that are not what their checksum says: they are fetched again. */
async function dropDamaged(out: string): Promise<void> {
  const text = await readFile(join(out, CHECKSUMS), 'utf8').catch(() => '')
  for (const line of text.split('\n')) {
    const [, checksum, path] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? []
    if (path === undefined) continue
    const place = join(out, path)
    if (!(await stat(place).catch(() => undefined))) continue
    const sum = createHash('sha256')
      .update(await readFile(place))
      .digest('hex')
    if (sum !== checksum) await rm(place, { force: true })
  }
}
