/**
 * The licences of all that is installed in production (and of what is built into the page), and a refusal where one is unknown or asks
 * for the source of what uses it (copyleft).
 *
 *   node scripts/licences.mjs [--list]
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ALLOWED = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
  'Python-2.0',
  'Zlib',
  'MPL-2.0',
  'CC-BY-4.0',
  'CC-BY-3.0',
])
/** MPL asks for the source of its own files alone, which are published as they are. */
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const own = JSON.parse(readFileSync('package.json', 'utf8'))
/** Tools by name whose code is built into the page. */
const BUILT_IN = ['@niivue/niivue', '@preact/signals', 'preact', 'plotly.js-cartesian-dist-min', 'plotly.js-dist-min']

/** Licences that have no name of their own, and what they are. */
const READ_BY_US = { h5wasm: 'NIST software (any use, with its notice) and HDF5 (like BSD-3-Clause)' }

/** One of an expression such as `(MIT OR GPL-2.0)`, or all of `MIT AND ISC`. */
const isAllowed = (licence) =>
  licence
    .replace(/[()]/g, '')
    .split(/ OR /i)
    .some((one) => one.split(/ AND /i).every((name) => ALLOWED.has(name.trim())))

function licenceOf(path, entry) {
  const file = join(path, 'package.json')
  const told = entry.license ?? (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).license : undefined)
  return typeof told === 'object' ? told?.type : told
}

const found = []
for (const [path, entry] of Object.entries(lock.packages)) {
  if (path === '' || entry.link || !path.startsWith('node_modules/')) continue
  const name = path.slice(path.lastIndexOf('node_modules/') + 13)
  if (entry.dev && !BUILT_IN.includes(name)) continue
  found.push({ name, version: entry.version, licence: READ_BY_US[name] ?? licenceOf(path, entry) ?? 'unknown' })
}
const counts = new Map()
for (const { licence } of found) counts.set(licence, (counts.get(licence) ?? 0) + 1)
for (const [licence, count] of [...counts].sort(([, a], [, b]) => b - a))
  console.log(`${String(count).padStart(4)} ${licence}`)
if (process.argv.includes('--list'))
  for (const { name, version, licence } of found) console.log(`${name} ${version} ${licence}`)
const refused = found.filter(({ name, licence }) => !(name in READ_BY_US) && !isAllowed(licence))
for (const { name, version, licence } of refused) console.log(`REFUSED: ${name} ${version}: ${licence}`)
console.log(`${found.length} packages of ${own.name}, ${refused.length} refused`)
process.exit(refused.length === 0 ? 0 : 1)
