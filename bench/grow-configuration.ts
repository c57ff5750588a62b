/**
 * Writes a configuration that is N times as large: every atlas, space, parcellation, map and feature N times, each copy
 * with ids and names of its own that refer to one another as the originals do. For measuring the cost of growth.
 *
 *   npx tsx bench/grow-configuration.ts --from FOLDER --to FOLDER [--times 10]
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, parse } from 'node:path'
import { parseArgs } from 'node:util'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

const FOLDERS = ['atlases', 'spaces', 'parcellations', 'maps', 'features']

function readFolder(folder: string): { path: string; spec: Json }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({ path: file, spec: JSON.parse(readFileSync(join(folder, file), 'utf8')) as Json }))
}

const property = (spec: Json, key: string): Json | undefined =>
  spec && typeof spec === 'object' && !Array.isArray(spec) ? spec[key] : undefined

/** Every text that is one of `known` gets the suffix, wherever it stands. */
function rename(value: Json, known: ReadonlySet<string>, suffix: string): Json {
  if (typeof value === 'string') return known.has(value) ? value + suffix : value
  if (Array.isArray(value)) return value.map((item) => rename(item, known, suffix))
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rename(item, known, suffix)]))
  }
  return value
}

/** Copies the configuration in `from` to `to`, `times` times. The first copy is the original. */
export function growConfiguration(from: string, to: string, times: number): void {
  const files = FOLDERS.flatMap((folder) =>
    readFolder(join(from, folder)).map(({ path, spec }) => ({ folder, path, spec })),
  )
  const known = new Set<string>()
  for (const { folder, spec } of files) {
    if (folder === 'features' || folder === 'maps') continue
    for (const key of ['@id', 'name']) {
      const value = property(spec, key)
      if (typeof value === 'string') known.add(value)
    }
  }
  for (let copy = 0; copy < times; copy++) {
    const suffix = copy === 0 ? '' : ` copy ${copy}`
    for (const { folder, path, spec } of files) {
      const { dir, name, ext } = parse(path)
      const target = join(to, folder, dir, `${name}${copy === 0 ? '' : `-copy${copy}`}${ext}`)
      const id = property(spec, '@id')
      const own = typeof id === 'string' ? new Set([...known, id]) : known
      mkdirSync(dirname(target), { recursive: true })
      writeFileSync(target, JSON.stringify(copy === 0 ? spec : rename(spec, own, suffix)))
    }
  }
}

const { from, to, times } = parseArgs({
  options: { from: { type: 'string' }, to: { type: 'string' }, times: { type: 'string', default: '10' } },
}).values
if (from && to) growConfiguration(from, to, Number(times))
