import { demoConfigurationFiles, demoStore } from '../demo/index.ts'
import { SiibraError } from '../siibra/errors.ts'
import { type AtlasCore, createRetrieval, loadConfiguration } from '../siibra/index.ts'
import type { CoreSettings, CoreSummary } from './thread-messages.ts'

export interface LoadedCore {
  core: AtlasCore
  summary: CoreSummary
}

/** Loads the configuration that the settings name; the embedded demo atlas where there is none and it is allowed. */
export async function loadCore(settings: CoreSettings): Promise<LoadedCore> {
  const startedMs = performance.now()
  const isDemo = settings.configuration === undefined && settings.allowsDemo
  const core = isDemo ? await loadDemo() : await loadNamed(settings)
  const { configuration } = core
  return {
    core,
    summary: {
      source: configuration.source,
      commit: configuration.commit,
      isDemo,
      atlases: core.atlases.all.length,
      spaces: core.spaces.all.length,
      parcellations: core.parcellations.all.length,
      maps: core.maps.all.length,
      problems: configuration.problems.map(({ file, property, message }) => `${file} ${property ?? ''}: ${message}`),
      loadMs: Math.round(performance.now() - startedMs),
    },
  }
}

function loadDemo(): Promise<AtlasCore> {
  const retrieval = createRetrieval({ mirror: demoStore(), offline: true })
  return loadConfiguration({ configuration: demoConfigurationFiles(), retrieval })
}

function loadNamed(settings: CoreSettings): Promise<AtlasCore> {
  const { configuration, localSnapshotDir, mirror, isOffline, cacheDir, diskCacheBytes } = settings
  if (configuration === undefined)
    throw new SiibraError('BAD_CONFIGURATION', 'SIIBRA_USE_CONFIGURATION is not set, and the demo is not allowed here')
  const retrieval = createRetrieval({
    offline: isOffline,
    cacheDir,
    cacheMaxBytes: diskCacheBytes,
    ...(mirror === undefined ? {} : { mirror }),
  })
  return loadConfiguration({ configuration, retrieval, snapshotFolder: localSnapshotDir })
}
