#!/usr/bin/env node
/**
 * Builds the guide, `docs/` as a site, into dist/guide by VitePress, with llms.txt in it. It takes the place of the one
 * before as a whole, since a service may be serving that. `npm run build` calls it; alone: `node scripts/build-guide.mjs`.
 */
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const target = join(root, 'dist/guide')
const made = join(root, '.cache', `guide-${process.pid}`)
const old = `${made}-old`

process.env.SIIBRA_GUIDE_OUT = made
const { build } = await import('vitepress')
try {
  await build(join(root, 'docs'), { logLevel: 'warn' })
  mkdirSync(dirname(target), { recursive: true })
  moveIfThere(target, old)
  renameSync(made, target)
} finally {
  for (const folder of [made, old]) rmSync(folder, { recursive: true, force: true })
}
// VitePress leaves workers behind
process.exit(0)

function moveIfThere(from, to) {
  try {
    renameSync(from, to)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}
