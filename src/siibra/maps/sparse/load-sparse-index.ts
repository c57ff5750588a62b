import type { ParcellationMap } from '../../core/types.ts'
import { SiibraError } from '../../errors.ts'
import { oncePer } from '../../retrieval/cache/once-per.ts'
import { abortError, throwIfAborted } from '../../retrieval/upstream-errors.ts'
import type { VolumeReader } from '../../volumes/volume-reader.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { findSharedIndex, loadSharedIndex, type SharedIndex, sharedKey, storeSharedIndex } from '../shared-index.ts'
import { decodeSparseIndex, encodeSparseIndex } from './sparse-file.ts'
import { buildSparseIndex, repairSparseIndex, type SparseIndex, sparseIndexBytes } from './sparse-index.ts'

export interface LoadIndexOptions {
  signal?: AbortSignal | undefined
  /** How long to wait for an index that has to be built. Default 20 s. */
  timeoutMs?: number
}

const ANSWER_WITHIN_MS = 20_000
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
 * only an index that misses nothing is stored. What another process builds is waited for.
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
  const shared = sharedIndexOf(map)
  const stored = shared && (await findSharedIndex(core, shared, signal))
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
  const make = (signal: AbortSignal) => buildSparseIndex(core, map, signal, createReporter(core, map, build))
  const repair = (index: SparseIndex, signal: AbortSignal) => repairSparseIndex(core, map, index, signal)
  const load = async (signal: AbortSignal): Promise<SparseIndex> => {
    const shared = sharedIndexOf(map)
    const index = await (known
      ? repair(known, signal)
      : shared
        ? loadSharedIndex(core, shared, () => make(signal), signal)
        : make(signal))
    if (known && shared) void storeSharedIndex(core, shared, index).catch(() => {})
    if (index.missing.length > 0) oncePer(index, timeOfReadingMs)
    return index
  }
  if (known) core.volumes.forget(memoryKey(map))
  build.index = core.volumes.keep(memoryKey(map), sparseIndexBytes, load).finally(() => builds.delete(map.id))
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
  // of one that another process makes, nothing is known but for how long it has been waited for
  const restS = volumesDone === 0 ? elapsedS : (elapsedS / volumesDone) * (volumes - volumesDone)
  const retryAfterS = Math.min(MAX_RETRY_S, Math.max(MIN_RETRY_S, Math.ceil(restS)))
  const message = `The index of the map '${name}' is being made (${volumesDone} of ${volumes} volumes are read); ask again in ${retryAfterS} s`
  return new SiibraError('UNAVAILABLE', message, { map: id, volumesDone, volumes, retryAfterS })
}

/** How the index of a map lies on disk; undefined where the map is not made of plain files. */
function sharedIndexOf({ volumes }: ParcellationMap): SharedIndex<SparseIndex> | undefined {
  const urls = volumes.map(({ providers }) => providers.nii)
  if (!urls.every((url) => typeof url === 'string')) return undefined
  return {
    key: sharedKey(
      'sparse index',
      volumes.map(({ providers, z }) => [providers.nii, z]),
    ),
    files: [...new Set(urls)].map((url) => ({ format: 'nii', url })),
    encode: encodeSparseIndex,
    decode: decodeSparseIndex,
    isWhole: ({ missing }) => missing.length === 0,
  }
}
