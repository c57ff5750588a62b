/**
 * Threads and processes of the tests run JavaScript: their entry is bundled once, packages and all, inside the project, so that those
 * with files of their own are found. A process that reads TypeScript by `tsx` starts in three times the CPU time, and one that reads
 * the hundreds of files of its packages in two to four times as much (0.85 s, 0.22 s bundled).
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { afterAll } from 'vitest'

/** Packages in CommonJS that are bundled into a module still call it. */
const REQUIRE = "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);"

/**
 * Gives the folder of a test file, which is removed behind its tests, and the bundled entry in it.
 * @param source  the path of the entry
 */
export function bundleEntry(source: string): { folder: string; entry: string } {
  const cache = join(import.meta.dirname, '../.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'entry-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const entry = join(folder, 'entry.mjs')
  buildSync({
    entryPoints: [source],
    outfile: entry,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['@valkey/*', 'h5wasm', 'pg', 'sql.js'],
    banner: { js: REQUIRE },
    logLevel: 'error',
  })
  return { folder, entry }
}
