import type { Volume } from '../core/types.ts'
import { parseSurfaceUrl } from '../core/volume.ts'
import type { Retrieval } from '../retrieval/retrieval.ts'

const FRAGMENTS = new WeakMap<Retrieval, Map<string, Promise<string[]>>>()

/**
 * Names of the parts of a precomputed surface (`left`, `right`): the `fragments` of its mesh manifest, which the
 * configuration does not have. Empty for volumes without such a surface, and where the manifest cannot be had.
 */
export async function surfaceFragments(retrieval: Retrieval, volume: Volume): Promise<string[]> {
  const provider = volume.providers['neuroglancer/precompmesh/surface']
  if (typeof provider !== 'string' || volume.z !== null) return []
  let known = FRAGMENTS.get(retrieval)
  if (!known) {
    known = new Map()
    FRAGMENTS.set(retrieval, known)
  }
  const before = known.get(provider)
  if (before) return before
  const names = readFragments(retrieval, provider)
  known.set(provider, names)
  return names.catch(() => {
    known.delete(provider)
    return []
  })
}

async function readFragments(retrieval: Retrieval, provider: string): Promise<string[]> {
  const { url, label } = parseSurfaceUrl(provider)
  const info = await retrieval.json<{ mesh?: unknown }>(`${url}/info`)
  const manifest = await retrieval.json<{ fragments?: unknown }>(`${url}/${info?.mesh}/${label}:0`)
  return Array.isArray(manifest?.fragments) ? manifest.fragments.map(String) : []
}
