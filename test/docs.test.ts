import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'

const pages = ['.', 'docs', 'deploy', 'test/fixtures'].flatMap((folder) => findPages(folder, folder !== '.'))

/** Announced by the README, not written yet; this list only shrinks. */
const ANNOUNCED = new Set(['docs/performance.md', 'docs/features.md'])

describe('pages', () => {
  it.each(pages)('%s links to files that are there', (page) => {
    const targets = [...readFileSync(page, 'utf8').matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target]) => target!)
    const local = targets.filter((target) => !/^[a-z]+:/.test(target))
    const paths = local.map((target) => normalize(join(dirname(page), decodeURIComponent(target))))
    expect(paths.filter((path) => !existsSync(path) && !ANNOUNCED.has(path))).toEqual([])
  })
})

function findPages(folder: string, isDeep: boolean): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: isDeep, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name))
}
