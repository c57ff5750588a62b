import type { CoreExamples, CoreSettings, CoreSummary } from '../dispatch/threads/thread-messages.ts'
import { keepPrivate } from '../platform/disclosure.ts'
import {
  type AroundRequest,
  type AtlasCore,
  createRetrieval,
  type FrozenFiles,
  freezeFiles,
  loadConfiguration,
  openConfigurationFiles,
  thawFiles,
} from '../siibra/index.ts'
import { DEMO } from './choose-configuration.ts'

export interface LoadedCore {
  core: AtlasCore
  summary: CoreSummary
  /** The configuration as it was read, for further threads; undefined for the demo, which does not change. */
  files: readonly FrozenFiles[] | undefined
}

/** In the bow of the demo's ship; the point of the documentation lies in a human brain. */
const DEMO_POINT = '-20mm,44mm,-5mm'

/**
 * Loads the configuration that was chosen for this process. `onNotice` hears how far something is that takes long;
 * `aroundRequest` wraps requests to other services.
 */
export async function loadCore(
  settings: CoreSettings,
  onNotice: (message: string) => void = () => {},
  aroundRequest?: AroundRequest,
): Promise<LoadedCore> {
  const startedMs = performance.now()
  keepPrivate(settings)
  const isDemo = settings.configuration === DEMO
  const { core, files } = isDemo ? await loadDemo() : await loadNamed(settings, onNotice, aroundRequest)
  const { configuration } = core
  return {
    core,
    files,
    summary: {
      source: configuration.source,
      commit: configuration.commit,
      isDemo,
      atlases: core.atlases.all.length,
      spaces: core.spaces.all.length,
      parcellations: core.parcellations.all.length,
      maps: core.maps.all.length,
      problems: configuration.problems.map(({ file, property, message }) => `${file} ${property}: ${message}`),
      loadMs: Math.round(performance.now() - startedMs),
      examples: { ...pickExamples(core), ...(isDemo && { point: DEMO_POINT }) },
    },
  }
}

/** The labelled map with the most regions (of the human atlas, if there is one), its space, its parcellation, a region. */
function pickExamples(core: AtlasCore): CoreExamples {
  const atlas = core.atlases.all.find(({ species }) => species === 'Homo sapiens') ?? core.atlases.all[0]
  const labelled = core.maps.all.filter(({ mapType }) => mapType === 'LABELLED')
  const ofAtlas = labelled.filter(({ parcellation }) => atlas?.parcellationIds.includes(parcellation.id))
  const [map] = (ofAtlas.length > 0 ? ofAtlas : labelled).sort((a, b) => b.indices.size - a.indices.size)
  const region = map?.parcellation.regions.find(({ name, children }) => children.length === 0 && map.indices.has(name))
  return {
    ...(atlas && { atlas_id: atlas.id }),
    ...(map && { map_id: map.id, space_id: map.space.id, parcellation_id: map.parcellation.id }),
    ...(region && { region_id: region.name }),
  }
}

type Loaded = Pick<LoadedCore, 'core' | 'files'>

async function loadDemo(): Promise<Loaded> {
  const { demoConfigurationFiles, demoStore } = await import('../demo/index.ts')
  const retrieval = createRetrieval({ mirror: demoStore(), offline: true })
  return { core: await loadConfiguration({ configuration: demoConfigurationFiles(), retrieval }), files: undefined }
}

async function loadNamed(
  settings: CoreSettings,
  onNotice: (message: string) => void,
  aroundRequest: AroundRequest | undefined,
): Promise<Loaded> {
  const { configuration, localSnapshotDir, mirror, isOffline, remapProviders, cacheDir, diskCacheBytes } = settings
  const retrieval = createRetrieval({
    offline: isOffline,
    remap: remapProviders,
    proxies: settings.proxies,
    allowsPrivateRedirects: settings.allowsPrivateRedirects,
    cacheDir,
    cacheMaxBytes: diskCacheBytes,
    ...(settings.maxRemoteBytes === undefined ? {} : { maxBytes: settings.maxRemoteBytes }),
    aroundRequest,
    ...(mirror === undefined ? {} : { mirror }),
  })
  const open = async (one: string) => freezeFiles(await openConfigurationFiles(one, retrieval))
  const files = settings.files ?? (await Promise.all([configuration].flat().map(open)))
  const core = await loadConfiguration({
    configuration: files.map(thawFiles),
    retrieval,
    snapshotFolder: localSnapshotDir,
    volumes: {
      maxCachedBytes: settings.volumeCacheBytes,
      maxVolumeBytes: settings.maxDecodedBytes,
      onProgress: onNotice,
    },
  })
  return { core, files }
}
