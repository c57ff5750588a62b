/** Threads run JavaScript: an entry of these tests is bundled, inside the project, so that packages are found. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { afterAll } from 'vitest'

/** Gives the folder of a test file, which is removed behind its tests, and the bundled entry in it. */
export function bundleEntry(source: string): { folder: string; entry: string } {
  const cache = join(import.meta.dirname, '../../../.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'threads-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const entry = join(folder, 'thread.mjs')
  buildSync({
    entryPoints: [join(import.meta.dirname, source)],
    outfile: entry,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  })
  return { folder, entry }
}
