import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { chapters, sourceOf } from '../docs/.vitepress/navigation.ts'
import { githubSlug } from '../docs/.vitepress/slug.ts'

const ROOT = join(import.meta.dirname, '..')

/** All pages of the project: those at its root, and everything below docs, deploy and test. */
const pages = [
  ...readdirSync(ROOT).map((name) => join(ROOT, name)),
  ...['docs', 'deploy', 'test'].flatMap((folder) => filesBelow(join(ROOT, folder))),
].filter((path) => path.endsWith('.md'))

test.each(pages.map((path) => [relative(ROOT, path), path]))('the links of %s lead somewhere', (_, path) => {
  const links = [...readFileSync(path, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] as string)
  const files = links.filter((link) => !/^(https?:|mailto:|#)/.test(link)).map((link) => link.split('#')[0] as string)
  expect(files.filter((file) => !existsSync(join(dirname(path), decodeURI(file))))).toEqual([])
  const chapters = links.filter((link) => /^[^:]*#/.test(link)).map((link) => link.split('#') as [string, string])
  const missing = chapters.filter(
    ([file, chapter]) => !chaptersOf(file === '' ? path : join(dirname(path), decodeURI(file))).has(chapter),
  )
  expect(missing).toEqual([])
})

/** Chapters of a page, as addresses name them. */
function chaptersOf(page: string): Set<string> {
  const text = readFileSync(page, 'utf8').replace(/^```[\s\S]*?^```$/gm, '')
  return new Set([...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => githubSlug(title)))
}

test('the guide leads to every page of docs/', () => {
  const listed = chapters.flatMap(({ pages }) => pages.map(({ path }) => sourceOf(path)))
  const written = filesBelow(join(ROOT, 'docs')).map((path) => relative(join(ROOT, 'docs'), path))
  expect(written.filter((path) => path.endsWith('.md') && !listed.includes(path))).toEqual([])
})

test('package.json and docs/dependencies.md name the same packages', () => {
  const { dependencies, optionalDependencies = {} } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const text = readFileSync(join(ROOT, 'docs', 'dependencies.md'), 'utf8')
  const names = Object.keys({ ...dependencies, ...optionalDependencies })
  expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
})

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}
