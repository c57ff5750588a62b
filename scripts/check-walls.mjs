#!/usr/bin/env node
import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
/**
 * Holds the walls between the rooms of src/ (.dependency-cruiser.mjs): imports go inward only, no circles of files or folders,
 * nothing past the index of the atlas core, and no room with more files than somebody can look over. Fails also where it could not read what it should: a reader that understands
 * no TypeScript sees nothing and finds nothing.
 */
import { cruise } from 'dependency-cruiser'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import config from '../.dependency-cruiser.mjs'

const LEAST_MODULES = 300
/** Files of one folder, its subfolders not counted. */
const MOST_FILES = 15
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
process.chdir(root)

const { options, ...ruleSet } = config
const tsConfig = extractTSConfig(join(root, options.tsConfig.fileName))
const { output } = await cruise(['src'], { ...options, ruleSet, validate: true }, undefined, { tsConfig })
const { modules, summary } = output
const own = modules.filter(({ source }) => source.startsWith('src/'))
const edges = own.reduce((sum, { dependencies }) => sum + dependencies.length, 0)
for (const { rule, from, to, cycle } of summary.violations) {
  const by = cycle ? ` by ${cycle.map(({ name }) => name).join(' > ')}` : ''
  console.error(`${rule.name}: ${from} imports ${to}${by}`)
}
if (own.length < LEAST_MODULES || edges < own.length)
  console.error(`only ${own.length} modules and ${edges} imports of src/ were read: is @swc/core installed?`)
const folders = ['src', ...readdirSync('src', { recursive: true }).map((name) => join('src', name))]
const crowded = folders
  .filter((path) => statSync(path).isDirectory())
  .map((folder) => ({ folder, count: readdirSync(folder).filter((name) => name.endsWith('.ts')).length }))
  .filter(({ count }) => count > MOST_FILES)
for (const { folder, count } of crowded)
  console.error(`${folder} has ${count} files, more than ${MOST_FILES}: split it by what belongs together`)
const isWhole =
  summary.violations.length === 0 && crowded.length === 0 && own.length >= LEAST_MODULES && edges >= own.length
console.log(
  `${own.length} modules, ${edges} imports, ${summary.violations.length} through a wall, ${crowded.length} crowded rooms`,
)
process.exitCode = isWhole ? 0 : 1
