/** Bundles the entry points to dist/, with a source map each, and writes the declarations of the library. */
import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { setPriority } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { bundleOptions } from './bundle-options.mjs'
import { copyVendored, writeNotices } from './vendor.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const isForced = process.argv.includes('--force')

/** Newest change of any file below a folder, in ms. */
function newestMs(path) {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestMs(join(path, name))), stat.mtimeMs)
}

function isUpToDate(output, sources) {
  if (isForced || !existsSync(output)) return false
  const builtMs = statSync(output).mtimeMs
  return sources.every((source) => newestMs(join(root, source)) < builtMs)
}

/** A hash of all files below some folders: answers that another program has made are not taken for its own. */
function hashOf(paths) {
  const hash = createHash('sha256')
  const add = (path) => {
    if (statSync(path).isDirectory()) for (const name of readdirSync(path).sort()) add(join(path, name))
    else hash.update(`${relative(root, path)}\n`).update(readFileSync(path))
  }
  for (const path of paths) add(join(root, path))
  return hash.digest('hex').slice(0, 12)
}

async function bundle() {
  const dist = join(root, 'dist')
  if (isUpToDate(join(dist, 'main.js'), ['src', 'scripts', 'package-lock.json'])) return
  // standard output is for the log of what is started behind
  process.stderr.write('Building dist/ (some seconds; only where sources have changed)\n')
  for (const name of existsSync(dist) ? readdirSync(dist) : [])
    if (!['types', 'page', 'guide'].includes(name)) rmSync(join(dist, name), { recursive: true })
  const { metafile } = await build(bundleOptions(root, hashOf(['src', 'package-lock.json'])))
  await copyVendored(dist, root)
  writeNotices(dist, root, metafile.inputs)
}

/** The page that shows the atlas, by Vite; only when its sources have changed. */
async function buildPage() {
  if (isUpToDate(join(root, 'dist/page/index.html'), ['web', 'clients/typescript/src', 'package-lock.json'])) return
  const { build: buildWithVite } = await import('vite')
  await buildWithVite({ configFile: join(root, 'web/vite.config.ts'), logLevel: 'warn' })
}

/**
 * The guide (`docs/`). With `--guide-behind` it is made while the service starts, which serves it once it is there: it takes
 * 4 s of CPU, and `npm start` is ready after 6 s.
 */
async function buildGuide() {
  const sources = ['docs', 'CONTRIBUTING.md', 'CHANGELOG.md', 'scripts/build-guide.mjs', 'package-lock.json']
  if (isUpToDate(join(root, 'dist/guide/index.html'), sources)) return
  const command = [join(root, 'scripts/build-guide.mjs')]
  if (!process.argv.includes('--guide-behind')) return promisify(execFile)(process.execPath, command, { cwd: root })
  const child = spawn(process.execPath, command, { cwd: root, detached: true, stdio: 'ignore' })
  if (child.pid !== undefined) setPriority(child.pid, LOWEST_PRIORITY)
  child.unref()
}
const LOWEST_PRIORITY = 19

/** Declarations of the library; slower than the bundle, so only when its sources have changed. */
async function declare() {
  if (isUpToDate(join(root, 'dist/types/siibra/index.d.ts'), ['src/siibra', 'tsconfig.build.json'])) return
  await promisify(execFile)(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
    { cwd: root },
  )
}

await Promise.all([bundle(), buildPage(), buildGuide(), declare()])
