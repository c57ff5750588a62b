import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/**
 * Path of a file that a package brings along (`<package>/<file>`): in the built program that of the copy beside it (scripts/vendor.mjs), else where
 * npm has put the package.
 */
export function packagedFile(name: string): string {
  const copy = new URL(`./vendor/${name}`, import.meta.url)
  return existsSync(copy) ? fileURLToPath(copy) : createRequire(import.meta.url).resolve(name)
}
