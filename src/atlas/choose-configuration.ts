import { existsSync } from 'node:fs'
import { type Config, proxiesOf } from '../config.ts'
import { loadOfficialConfiguration, OFFICIAL_VERSION, SiibraError } from '../siibra/index.ts'

/** Stands for the official configuration among others. */
const OFFICIAL = 'official'

/** Stands for the embedded demo atlas where a configuration is named. */
export const DEMO = 'demo'

export interface ChosenConfiguration {
  /** Folders, archives, URLs, the first of which counts where they clash; or `DEMO` alone. */
  configuration: string | readonly string[]
  /** Why it is the demo that is served. */
  demoReason: string | null
}

type Settings = Pick<Config, 'configuration' | 'cacheDir' | 'mirror' | 'isOffline' | 'remapProviders' | ProxyVariable>

type ProxyVariable = 'httpProxy' | 'httpsProxy' | 'allProxy' | 'noProxy' | 'allowsPrivateRedirects'

/**
 * What this process serves: the configuration that is named; else the official one, fetched once; else, where that is
 * allowed, the embedded demo atlas. Chosen once for all threads. `tell` hears what takes time. Throws BAD_CONFIGURATION where there is nothing to serve.
 */
export async function chooseConfiguration(
  settings: Settings,
  allowsDemo: boolean,
  tell: (what: string) => void = () => {},
): Promise<ChosenConfiguration> {
  if (settings.configuration !== undefined) {
    const named = splitConfigurations(settings.configuration)
    const [only, ...more] = named
    if (only !== undefined && more.length === 0 && only !== OFFICIAL) return { configuration: only, demoReason: null }
    if (!named.includes(OFFICIAL)) return { configuration: named, demoReason: null }
    const chosen = await chooseConfiguration({ ...settings, configuration: undefined }, false, tell)
    const official = [chosen.configuration].flat()
    return { configuration: named.flatMap((one) => (one === OFFICIAL ? official : [one])), demoReason: null }
  }
  const official = await loadOfficialConfiguration({
    cacheDir: settings.cacheDir,
    onFetch: (from, limitMs) =>
      tell(`Fetching the official configuration ${OFFICIAL_VERSION} from ${from} (up to ${limitMs / 1000} s)`),
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

/** Names between commas; a path that has a comma in its own name is one. Throws BAD_CONFIGURATION for the demo among others. */
export function splitConfigurations(text: string): string[] {
  if (existsSync(text)) return [text]
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  if (names.length > 1 && names.includes(DEMO)) {
    throw new SiibraError(
      'BAD_CONFIGURATION',
      `SIIBRA_USE_CONFIGURATION: the demo cannot be served beside others (${text})`,
    )
  }
  return names.length === 0 ? [text] : names
}
