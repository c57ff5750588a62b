import { type Config, proxiesOf } from '../config.ts'
import { loadOfficialConfiguration, SiibraError } from '../siibra/index.ts'

/** Stands for the embedded demo atlas where a configuration is named. */
export const DEMO = 'demo'

export interface ChosenConfiguration {
  /** A folder, an archive, a URL, or `DEMO`. */
  configuration: string
  /** Why it is the demo that is served. */
  demoReason: string | null
}

type Settings = Pick<Config, 'configuration' | 'cacheDir' | 'mirror' | 'isOffline' | 'remapProviders' | ProxyVariable>

type ProxyVariable = 'httpProxy' | 'httpsProxy' | 'allProxy' | 'noProxy' | 'allowsPrivateRedirects'

/**
 * What this process serves: the configuration that is named; else the official one, fetched once; else, where that is
 * allowed, the embedded demo atlas. Chosen once for all threads. Throws BAD_CONFIGURATION where there is nothing to serve.
 */
export async function chooseConfiguration(settings: Settings, allowsDemo: boolean): Promise<ChosenConfiguration> {
  if (settings.configuration !== undefined) return { configuration: settings.configuration, demoReason: null }
  const official = await loadOfficialConfiguration({
    cacheDir: settings.cacheDir,
    offline: settings.isOffline,
    remap: settings.remapProviders,
    proxies: proxiesOf(settings),
    allowsPrivateRedirects: settings.allowsPrivateRedirects,
    ...(settings.mirror === undefined ? {} : { mirror: settings.mirror }),
  })
  if (official.files !== undefined) return { configuration: official.file, demoReason: null }
  const reason = `SIIBRA_USE_CONFIGURATION is not set. ${official.reason}`
  if (!allowsDemo) throw new SiibraError('BAD_CONFIGURATION', reason)
  return { configuration: DEMO, demoReason: reason }
}
