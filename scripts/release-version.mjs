#!/usr/bin/env node
/**
 * Makes the next version of everything that is released together: package, clients, image and chart. The lines of
 * `.changeset/` go into CHANGELOG.md; their kinds say which number is raised. The first version stands there as unreleased: it
 * keeps its number.
 *
 *   npm run release:version
 *
 * What it has changed is looked at and committed; a tag `v<version>` then releases it (.github/workflows/release.yml).
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { changesets } from './changeset.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const read = (path) => readFileSync(join(root, path), 'utf8')
const versionOf = (path) => JSON.parse(read(path)).version

const unreleased = `## ${versionOf('package.json')} (unreleased)\n`
if (read('CHANGELOG.md').includes(unreleased)) releaseFirst()
else changesets(['version'])

const version = versionOf('package.json')
edit('clients/typescript/package.json', /"version": "[^"]*"/, `"version": "${version}"`)
edit('clients/python/pyproject.toml', /^version = "[^"]*"/m, `version = "${version}"`)
edit('deploy/helm/siibra-api/Chart.yaml', /^appVersion: "[^"]*"/m, `appVersion: "${version}"`)
const lock = JSON.parse(read('package-lock.json'))
lock.version = version
for (const path of ['', 'clients/typescript']) lock.packages[path].version = version
writeFileSync(join(root, 'package-lock.json'), `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${version}: look at the changes, commit them, and tag them v${version}`)

/** The section is there already: lines that have come since are the last ones of its list. */
function releaseFirst() {
  const folder = join(root, '.changeset')
  const files = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md')
  const lines = files.map((name) => `- ${readFileSync(join(folder, name), 'utf8').split(/^---$/m).at(-1).trim()}\n`)
  const text = read('CHANGELOG.md')
  const begin = text.indexOf(unreleased)
  const next = text.indexOf('\n## ', begin + 1)
  const end = text.indexOf('\n', text.lastIndexOf('\n- ', next < 0 ? text.length : next) + 1) + 1
  const whole = text.slice(0, end) + lines.join('') + text.slice(end)
  writeFileSync(join(root, 'CHANGELOG.md'), whole.replace(unreleased, unreleased.replace(' (unreleased)', '')))
  for (const name of files) rmSync(join(folder, name))
}

function edit(path, pattern, text) {
  const before = read(path)
  if (!pattern.test(before)) throw new Error(`${path} has no version`)
  writeFileSync(join(root, path), before.replace(pattern, text))
}
