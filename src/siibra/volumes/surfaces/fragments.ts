import type { Volume } from '../../core/types.ts'
import { parseSurfaceUrl } from '../../core/volume.ts'
import { createByteBoundedCache } from '../../retrieval/cache/byte-bounded-cache.ts'
import { oncePer } from '../../retrieval/cache/once-per.ts'
import type { Retrieval } from '../../retrieval/retrieval.ts'
import { withTimeout } from '../../retrieval/wrappers/with-timeout.ts'

export interface SurfaceFragments {
  /** Names of the parts, e.g. `7_left.frag`. */
  names: string[]
  /** They could not be read now, and may be there later. */
  isRetryable: boolean
}

type ReadFragments = (provider: string) => Promise<SurfaceFragments>

const NONE: SurfaceFragments = { names: [], isRetryable: false }

/**
 * The parts of a precomputed surface: the `fragments` of its mesh manifest, which the configuration does not have. None
 * for volumes without such a surface, and where the manifest cannot be had.
 */
export async function surfaceFragments(retrieval: Retrieval, volume: Volume): Promise<SurfaceFragments> {
  const provider = volume.providers['neuroglancer/precompmesh/surface']
  if (typeof provider !== 'string' || volume.z !== null) return NONE
  return oncePer(retrieval, createFragmentsReader)(provider)
}

/** Bound of what is kept of manifests; each has a few short names. */
const MAX_BYTES = 4 * 1024 ** 2

/** Every manifest is read once, unless it could not be had. */
function createFragmentsReader(retrieval: Retrieval): ReadFragments {
  const known = createByteBoundedCache<SurfaceFragments>({
    maxBytes: MAX_BYTES,
    sizeOf: ({ names }) => 256 + 64 * names.length,
    isComplete: ({ isRetryable }) => !isRetryable,
  })
  const readInTime = withTimeout((provider: string) => readManifest(retrieval, provider))
  return (provider) =>
    known.load(provider, () =>
      readInTime(provider).then(
        (names) => ({ names, isRetryable: false }),
        () => ({ names: [], isRetryable: true }),
      ),
    )
}

async function readManifest(retrieval: Retrieval, provider: string): Promise<string[]> {
  const { url, label } = parseSurfaceUrl(provider)
  const info = await retrieval.json<{ mesh?: unknown }>(`${url}/info`)
  if (info?.mesh === undefined) return []
  const manifest = await retrieval.json<{ fragments?: unknown }>(`${url}/${info.mesh}/${label}:0`)
  return Array.isArray(manifest?.fragments) ? manifest.fragments.map(String) : []
}
