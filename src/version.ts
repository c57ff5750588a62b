import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config.ts'

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
  const commit = config.configuration === undefined ? undefined : readGitCommit(config.configuration)
  return commit === undefined ? PACKAGE_VERSION : `c.${commit.slice(0, 6)}`
}

/** The commit that is checked out in a folder, read from git's files; undefined where there is none. */
function readGitCommit(folder: string): string | undefined {
  const read = (name: string) => {
    try {
      return readFileSync(join(folder, '.git', name), 'utf8').trim()
    } catch {
      return undefined
    }
  }
  const head = read('HEAD')
  const isHash = (value: string | undefined) => value !== undefined && /^[0-9a-f]{7,64}$/.test(value)
  if (isHash(head)) return head
  const name = /^ref: (.+)$/.exec(head ?? '')?.[1]
  if (name === undefined) return undefined
  const loose = read(name)
  if (isHash(loose)) return loose
  return read('packed-refs')
    ?.split('\n')
    .find((line) => line.endsWith(` ${name}`))
    ?.split(' ')[0]
}
