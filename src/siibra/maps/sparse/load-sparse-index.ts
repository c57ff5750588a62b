import { createHash } from 'node:crypto'
import type { ParcellationMap } from '../../core/types.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { decodeSparseIndex, encodeSparseIndex } from './sparse-file.ts'
import { buildSparseIndex, type SparseIndex, sparseIndexBytes } from './sparse-index.ts'

/**
 * The index of a statistical map: kept among the volumes, else as it was stored on disk, else built from all volumes of the map
 * (for hundreds of volumes of 1 mm some ten seconds) and stored for the next start.
 */
export function loadSparseIndex(core: AtlasVolumes, map: ParcellationMap, signal?: AbortSignal): Promise<SparseIndex> {
  const load = async (shared: AbortSignal) => {
    const stored = await readStored(core, map, shared)
    if (stored) return stored
    const built = await buildSparseIndex(core, map, shared)
    // Nobody waits for that, and nothing is lost where it fails.
    store(core, map, built).catch(() => {})
    return built
  }
  return core.volumes.keep(`sparse ${map.id}`, sparseIndexBytes, load, signal)
}

/** What is stored counts only while the files are those that it was made of. */
async function readStored(
  core: AtlasVolumes,
  map: ParcellationMap,
  signal: AbortSignal,
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
  for (const url of urls) {
    const bytes = await core.retrieval.bytes(url, { signal })
    if (!bytes) return undefined
    hash.update(`${bytes.length} `).update(bytes)
  }
  return hash.digest('hex')
}
