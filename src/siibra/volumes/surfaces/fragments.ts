import type { Volume } from '../../core/types.ts'
import { parseSurfaceUrl } from '../../core/volume.ts'
import type { Retrieval } from '../../retrieval/retrieval.ts'
import { withPatience } from '../../retrieval/wrappers/with-patience.ts'

export interface SurfaceFragments {
  /** Names of the parts, e.g. `7_left.frag`. */
  names: string[]
  /** They could not be read now, and may be there later. */
  isRetryable: boolean
}

type ReadFragments = (provider: string) => Promise<SurfaceFragments>

const NONE: SurfaceFragments = { names: [], isRetryable: false }
const READERS = new WeakMap<Retrieval, ReadFragments>()

/**
 * The parts of a precomputed surface: the `fragments` of its mesh manifest, which the configuration does not have. None
 * for volumes without such a surface, and where the manifest cannot be had.
 */
export async function surfaceFragments(retrieval: Retrieval, volume: Volume): Promise<SurfaceFragments> {
  const provider = volume.providers['neuroglancer/precompmesh/surface']
  if (typeof provider !== 'string' || volume.z !== null) return NONE
  let read = READERS.get(retrieval)
  if (!read) {
    read = createReader(retrieval)
    READERS.set(retrieval, read)
  }
  return read(provider)
}

/** Every manifest is read once, unless it could not be had. */
function createReader(retrieval: Retrieval): ReadFragments {
  const known = new Map<string, Promise<SurfaceFragments>>()
  const patientRead = withPatience((provider: string) => readManifest(retrieval, provider))
  return (provider) => {
    const before = known.get(provider)
    if (before) return before
    const reading = patientRead(provider).then(
      (names) => ({ names, isRetryable: false }),
      () => ({ names: [], isRetryable: true }),
    )
    known.set(provider, reading)
    reading.then(({ isRetryable }) => isRetryable && known.delete(provider))
    return reading
  }
}

async function readManifest(retrieval: Retrieval, provider: string): Promise<string[]> {
  const { url, label } = parseSurfaceUrl(provider)
  const info = await retrieval.json<{ mesh?: unknown }>(`${url}/info`)
  if (info?.mesh === undefined) return []
  const manifest = await retrieval.json<{ fragments?: unknown }>(`${url}/${info.mesh}/${label}:0`)
  return Array.isArray(manifest?.fragments) ? manifest.fragments.map(String) : []
}
