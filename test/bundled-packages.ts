/**
 * Packages of hundreds of small files, each bundled into few, for the processes of tests: to import `typebox/value` takes 0.6 s of CPU
 * time as it is installed, and 0.04 s bundled, in each of a hundred processes.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'

/** Below node_modules, so that Vitest leaves them to node. */
const ROOT = join(import.meta.dirname, '../node_modules')
const TYPEBOX = { typebox: 'index', 'typebox/compile': 'compile', 'typebox/schema': 'schema', 'typebox/value': 'value' }

/** Where Vite finds them: a list of aliases. They are made once for each of their versions. */
export function bundledPackages(): { find: RegExp; replacement: string }[] {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'typebox/package.json'), 'utf8')) as { version: string }
  const folder = join(ROOT, `.cache/typebox-${version}`)
  if (!existsSync(folder)) bundle(folder)
  return Object.entries(TYPEBOX).map(([name, file]) => ({
    find: new RegExp(`^${name}$`),
    replacement: join(folder, `${file}.mjs`),
  }))
}

function bundle(folder: string): void {
  mkdirSync(join(ROOT, '.cache'), { recursive: true })
  const own = mkdtempSync(`${folder}-`)
  buildSync({
    entryPoints: Object.fromEntries(Object.entries(TYPEBOX).map(([name, file]) => [file, name])),
    outdir: own,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
  })
  try {
    renameSync(own, folder)
  } catch (error) {
    // another run was quicker: its own is as good
    rmSync(own, { recursive: true })
    if (!existsSync(folder)) throw error
  }
}
