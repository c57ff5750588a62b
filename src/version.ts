import { readFileSync } from 'node:fs'
import type { Config } from './config.ts'
import { readCommit } from './siibra/configuration/source/files.ts'

/** Version of this package; package.json lies one folder above both `src/` and `dist/`. */
export const PACKAGE_VERSION: string = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
).version

/**
 * The version that answers carry and queues are named after: what `SIIBRA_API_VERSION` says, else `c.<short hash>` of a
 * configuration folder under git, else the version of this package.
 */
export function resolveApiVersion(config: Pick<Config, 'version' | 'configuration'>): string {
  if (config.version !== undefined) return config.version
  const commit = config.configuration === undefined ? null : readCommit(config.configuration)
  return commit === null ? PACKAGE_VERSION : `c.${commit}`
}
