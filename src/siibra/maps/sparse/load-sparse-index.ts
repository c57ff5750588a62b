import { createHash } from 'node:crypto'
import type { ParcellationMap } from '../../core/types.ts'
import { SiibraError } from '../../errors.ts'
import { oncePer } from '../../retrieval/cache/once-per.ts'
import { abortError, throwIfAborted } from '../../retrieval/upstream-errors.ts'
import { createSlices, inSlices } from '../../slices.ts'
import type { VolumeReader } from '../../volumes/volume-reader.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { decodeSparseIndex, encodeSparseIndex } from './sparse-file.ts'
import { buildSparseIndex, repairSparseIndex, type SparseIndex, sparseIndexBytes } from './sparse-index.ts'

export interface LoadIndexOptions {
  signal?: AbortSignal | undefined
  /** How long to wait for an index that has to be built. Default 20 s. */
  timeoutMs?: number
}

const ANSWER_WITHIN_MS = 20_000
/** Bytes that are hashed between two looks at the clock. */
const HASHED_BYTES = 2 ** 20
/** Progress is told at most this often. */
const REPORT_MS = 2_000
const [MIN_RETRY_S, MAX_RETRY_S] = [2, 60]

/** An index that is being built, or fetched from disk. */
interface Build {
  index: Promise<SparseIndex>
  sinceMs: number
  volumesDone: number
  volumes: number
}

/**
 * The index of a statistical map: kept among the volumes, else as it was stored on disk, else built from all volumes of the map (hundreds of
 * volumes of 1 mm take seconds) and stored for the next start. Building goes on when nobody waits for it any more; who has waited
 * for `timeoutMs` gets UNAVAILABLE, with the time after which to ask again. Volumes that it misses are tried again when it is asked for later;
 * only an index that misses nothing is stored.
 */
export async function loadSparseIndex(
  core: AtlasVolumes,
  map: ParcellationMap,
  { signal, timeoutMs = ANSWER_WITHIN_MS }: LoadIndexOptions = {},
): Promise<SparseIndex> {
  throwIfAborted(signal)
  const known = core.volumes.peek(memoryKey(map))
  const index = known as SparseIndex | undefined
  if (index && !isRepairDue(index)) return index
  const builds = oncePer(core.volumes, createBuilds)
  const build = builds.get(map.id) ?? startBuild(core, map, builds, index)
  return waitFor(build, map, timeoutMs, signal)
}

/** The index where there is one, in memory or on disk. */
export async function findSparseIndex(
  core: AtlasVolumes,
  map: ParcellationMap,
  signal?: AbortSignal,
): Promise<SparseIndex | undefined> {
  const known = core.volumes.peek(memoryKey(map))
  if (known) return known as SparseIndex
  const stored = await readStored(core, map, signal)
  return stored && core.volumes.keep(memoryKey(map), sparseIndexBytes, async () => stored, signal)
}

const memoryKey = ({ id }: ParcellationMap) => `sparse ${id}`

function createBuilds(_: VolumeReader): Map<string, Build> {
  return new Map()
}

/** Volumes that could not be read are tried again after this. */
const REPAIR_AFTER_MS = 10_000

const isRepairDue = (index: SparseIndex) =>
  index.missing.length > 0 && Date.now() - oncePer(index, timeOfReadingMs) >= REPAIR_AFTER_MS

function timeOfReadingMs(_: SparseIndex): number {
  return Date.now()
}

/** `known`: an index of which volumes are missing. */
function startBuild(core: AtlasVolumes, map: ParcellationMap, builds: Map<string, Build>, known?: SparseIndex): Build {
  const build = { sinceMs: performance.now(), volumesDone: 0, volumes: map.volumes.length } as Build
  const make = async (signal: AbortSignal): Promise<SparseIndex> => {
    const stored = known ? undefined : await readStored(core, map, signal)
    if (stored) return stored
    const index = known
      ? await repairSparseIndex(core, map, known, signal)
      : await buildSparseIndex(core, map, signal, createReporter(core, map, build))
    // Nobody waits for that, and nothing is lost where it fails.
    if (index.missing.length === 0) store(core, map, index).catch(() => {})
    oncePer(index, timeOfReadingMs)
    return index
  }
  if (known) core.volumes.forget(memoryKey(map))
  build.index = core.volumes.keep(memoryKey(map), sparseIndexBytes, make).finally(() => builds.delete(map.id))
  build.index.catch(() => {}) // told to those who wait
  builds.set(map.id, build)
  return build
}

/** Tells the log how far it is. */
function createReporter({ volumes }: AtlasVolumes, { name, space }: ParcellationMap, build: Build) {
  let toldMs = build.sinceMs
  return (done: number, all: number) => {
    build.volumesDone = done
    const now = performance.now()
    if (done < all && now - toldMs < REPORT_MS) return
    toldMs = now
    const seconds = ((now - build.sinceMs) / 1000).toFixed(1)
    volumes.report(`Index of the map '${name}' in '${space.name}': ${done} of ${all} volumes read after ${seconds} s`)
  }
}

async function waitFor(
  build: Build,
  map: ParcellationMap,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<SparseIndex> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(notYet(build, map)), timeoutMs)
    const leave = () => reject(abortError(signal!))
    signal?.addEventListener('abort', leave, { once: true })
    const settled = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', leave)
    }
    build.index.finally(settled).then(resolve, reject)
  })
}

function notYet({ sinceMs, volumesDone, volumes }: Build, { id, name }: ParcellationMap): SiibraError {
  const elapsedS = (performance.now() - sinceMs) / 1000
  const restS = (elapsedS / Math.max(1, volumesDone)) * (volumes - volumesDone)
  const retryAfterS = Math.min(MAX_RETRY_S, Math.max(MIN_RETRY_S, Math.ceil(restS)))
  const message = `The index of the map '${name}' is being made (${volumesDone} of ${volumes} volumes are read); ask again in ${retryAfterS} s`
  return new SiibraError('UNAVAILABLE', message, { map: id, volumesDone, volumes, retryAfterS })
}

/** What is stored counts only while the files are those that it was made of. */
async function readStored(
  core: AtlasVolumes,
  map: ParcellationMap,
  signal?: AbortSignal,
): Promise<SparseIndex | undefined> {
  const urls = filesOf(map)
  const entry = urls && (await core.retrieval.derived?.read(keyOf(map)))
  const fingerprint = entry && (await fingerprintOf(core, urls, signal))
  return fingerprint === undefined ? undefined : decodeSparseIndex(entry!.bytes, fingerprint)
}

async function store(core: AtlasVolumes, map: ParcellationMap, index: SparseIndex): Promise<void> {
  const urls = filesOf(map)
  if (!urls || !core.retrieval.derived) return
  const fingerprint = await fingerprintOf(core, urls)
  if (fingerprint) await core.retrieval.derived.write(keyOf(map), encodeSparseIndex(index, fingerprint))
}

function keyOf({ volumes }: ParcellationMap): string {
  const parts = JSON.stringify(volumes.map(({ providers, z }) => [providers.nii, z]))
  return `sparse index ${createHash('sha256').update(parts).digest('hex')}`
}

/** The files of the map, each once; undefined where it is not made of plain files. */
function filesOf({ volumes }: ParcellationMap): string[] | undefined {
  const urls = volumes.map(({ providers }) => providers.nii)
  return urls.every((url) => typeof url === 'string') ? [...new Set(urls)] : undefined
}

/** SHA-256 of all files; undefined where one is missing. */
async function fingerprintOf(
  core: AtlasVolumes,
  urls: readonly string[],
  signal?: AbortSignal,
): Promise<string | undefined> {
  const hash = createHash('sha256')
  const slices = createSlices(signal)
  for (const url of urls) {
    const bytes = await core.retrieval.bytes(url, { signal })
    if (!bytes) return undefined
    hash.update(`${bytes.length} `)
    await inSlices(bytes.length, HASHED_BYTES, slices, (from, to) => void hash.update(bytes.subarray(from, to)))
  }
  return hash.digest('hex')
}
