import type { AtlasCore } from '../index.ts'
import { loadVocabulary } from '../vocabularies/vocabularies.ts'
import type { RegionAliases } from './anchors/anchor-regions.ts'
import { buildFeatureIndex, type FeatureIndex } from './feature-index.ts'

const INDICES = new WeakMap<AtlasCore, Promise<FeatureIndex>>()

/** How long an index that was made without region aliases (their source was away) is used before it is made again. */
const RETRY_MS = 60_000

/** The index of all features of a configuration, made on first use and kept as long as the core. */
export function featureIndex(core: AtlasCore): Promise<FeatureIndex> {
  let index = INDICES.get(core)
  if (!index) {
    index = makeIndex(core)
    INDICES.set(core, index)
    index.catch(() => INDICES.delete(core))
  }
  return index
}

async function makeIndex(core: AtlasCore): Promise<FeatureIndex> {
  const [specs, aliases] = await Promise.all([core.featureSpecs(), loadAliases(core)])
  if (!aliases) setTimeout(() => INDICES.delete(core), RETRY_MS).unref()
  return buildFeatureIndex({
    specs,
    spaces: core.spaces,
    parcellations: core.parcellations.all,
    aliases,
  })
}

/** Without aliases fewer features are found, which is better than none. */
async function loadAliases(core: AtlasCore): Promise<RegionAliases | undefined> {
  try {
    return await loadVocabulary<RegionAliases>(core.retrieval, 'region_aliases')
  } catch {
    return undefined
  }
}
