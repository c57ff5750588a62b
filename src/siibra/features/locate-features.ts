import type { Region } from '../core/types.ts'
import type { AtlasCore } from '../index.ts'
import type { PreconfiguredFeature } from './feature.ts'

/** Of features whose region the parcellation does not know, those that lie in the region. */
export async function locatedFeatures(
  _core: AtlasCore,
  _region: Region,
  _candidates: readonly PreconfiguredFeature[],
  _signal?: AbortSignal,
): Promise<PreconfiguredFeature[]> {
  return []
}
