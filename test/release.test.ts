/** One command makes the next version of all that is released together. */
import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from './temporary-folder.ts'

const ROOT = join(import.meta.dirname, '..')
const RELEASED = [
  'package.json',
  'package-lock.json',
  'CHANGELOG.md',
  'clients/typescript/package.json',
  'clients/python/pyproject.toml',
  'deploy/helm/siibra-api/Chart.yaml',
  '.changeset/config.json',
  '.changeset/README.md',
  'scripts/changeset.mjs',
  'scripts/release-version.mjs',
]
const VERSIONS = [
  ['package.json', /"version": "([^"]*)"/],
  ['package-lock.json', /"version": "([^"]*)"/],
  ['clients/typescript/package.json', /"version": "([^"]*)"/],
  ['clients/python/pyproject.toml', /^version = "([^"]*)"/m],
  ['deploy/helm/siibra-api/Chart.yaml', /^appVersion: "([^"]*)"/m],
] as const

const versionsOf = (root: string) =>
  VERSIONS.map(([path, pattern]) => pattern.exec(readFileSync(join(root, path), 'utf8'))?.[1])

/** What a release needs of the repository, with a changelog and a line for users. */
function makeRepository(changelog: string): string {
  const root = temporaryFolder()
  for (const path of RELEASED) cpSync(join(ROOT, path), join(root, path), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  writeFileSync(join(root, 'CHANGELOG.md'), changelog)
  writeFileSync(join(root, '.changeset/a-line.md'), '---\n"siibra-api": minor\n---\n\nIt can do more.\n')
  execFileSync('git', ['init', '-q'], { cwd: root })
  return root
}

function release(root: string) {
  execFileSync(process.execPath, [join(root, 'scripts/release-version.mjs')], { cwd: root, stdio: 'pipe' })
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
  return { changelog, left: readdirSync(join(root, '.changeset')).sort(), versions: versionsOf(root) }
}

test('all that is released together has one version', () => {
  expect(new Set(versionsOf(ROOT)).size).toBe(1)
})

test('the first version keeps its number, and its list takes the lines that have come', () => {
  const [version] = versionsOf(ROOT)
  const root = makeRepository(`# Changelog\n\n## ${version} (unreleased)\n\n- All.\n\nSee elsewhere.\n`)
  const { changelog, left, versions } = release(root)
  expect(changelog).toBe(`# Changelog\n\n## ${version}\n\n- All.\n- It can do more.\n\nSee elsewhere.\n`)
  expect(left).toEqual(['README.md', 'config.json'])
  expect(new Set(versions)).toEqual(new Set([version]))
})

test('a later one is raised by the kinds of its lines', () => {
  const root = makeRepository('# Changelog\n\n## 0.4.0\n\n- All.\n')
  const before = readFileSync(join(root, 'package.json'), 'utf8')
  const { changelog, left, versions } = release(root)
  const [major, minor] = (versionsOf(ROOT)[0] as string).split('.')
  const next = `${major}.${Number(minor) + 1}.0`
  expect(new Set(versions)).toEqual(new Set([next]))
  expect(changelog).toMatch(
    new RegExp(`^# Changelog\\n\\n## ${next}\\n\\n### Minor Changes\\n\\n- It can do more\\.\\n`),
  )
  expect(left).toEqual(['README.md', 'config.json'])
  // but for the version, the package is as it was: not even its workspaces have changed
  expect(readFileSync(join(root, 'package.json'), 'utf8').replace(next, versionsOf(ROOT)[0] as string)).toBe(before)
})
