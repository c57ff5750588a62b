import { readFileSync } from 'node:fs'
import { BUILD_ID } from './build-id.ts'
import type { Config } from './config.ts'
import { readCommit } from './siibra/index.ts'

/** Version of this package; package.json lies one folder above both `src/` and `dist/`. */
export const PACKAGE_VERSION: string = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
).version

/**
 * The version that answers carry (`x-siibra-api-version`): what `SIIBRA_API_VERSION` says, else `c.<short hash>` of a
 * configuration folder under git, else the version of this package.
 */
export function resolveApiVersion(config: Pick<Config, 'version' | 'configuration'>): string {
  return config.version ?? ofConfiguration(config) ?? PACKAGE_VERSION
}

/**
 * The version in names of queues and keys of caches. It names the program itself, whatever answers say of their version:
 * two releases that share a broker never take each other's tasks and answers.
 */
export function deploymentVersion(config: Pick<Config, 'configuration'>): string {
  return `${ofConfiguration(config) ?? PACKAGE_VERSION}-${BUILD_ID}`
}

function ofConfiguration({ configuration }: Pick<Config, 'configuration'>): string | undefined {
  const commit = configuration === undefined ? null : readCommit(configuration)
  return commit === null ? undefined : `c.${commit}`
}
