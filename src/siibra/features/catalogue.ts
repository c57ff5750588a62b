import type { AtlasCore } from '../atlas/atlas-core.ts'
import { forgetLoaded, loadOncePer } from '../retrieval/cache/once-per.ts'
import { loadVocabulary } from '../vocabularies/vocabularies.ts'
import type { RegionAliases } from './anchors/anchor-regions.ts'
import { buildFeatureIndex, type FeatureIndex } from './feature-index.ts'

/** While an index is in use that was made without region aliases (their source was away), they are asked for so often. */
const RETRY_MS = 10_000

/** The index of all features of a configuration, made on first use and kept as long as the core. */
export function featureIndex(core: AtlasCore): Promise<FeatureIndex> {
  return loadOncePer(core, makeIndex)
}

async function makeIndex(core: AtlasCore): Promise<FeatureIndex> {
  const [specs, aliases] = await Promise.all([core.featureSpecs(), loadAliases(core)])
  if (!aliases) replaceWhenComplete(core)
  return buildFeatureIndex({
    specs,
    spaces: core.spaces,
    parcellations: core.parcellations.all,
    aliases,
  })
}

/** The index is made anew as soon as the aliases are there, not before: that costs more than asking for them. */
function replaceWhenComplete(core: AtlasCore): void {
  const tryAgain = async () => {
    if (await loadAliases(core)) forgetLoaded(core, makeIndex)
    else replaceWhenComplete(core)
  }
  setTimeout(tryAgain, RETRY_MS).unref()
}

/** Without aliases fewer features are found, which is better than none. */
async function loadAliases(core: AtlasCore): Promise<RegionAliases | undefined> {
  try {
    return await loadVocabulary<RegionAliases>(core.retrieval, 'region_aliases')
  } catch {
    return undefined
  }
}
