#!/usr/bin/env node
/**
 * `npm run dev [-- words and options]`: the service, built anew and started again whenever a file below src/ changes (one or
 * two seconds after it). Without SIIBRA_USE_CONFIGURATION it serves the embedded demo atlas. It writes to .dev/, beside the build.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, symlinkSync, watch } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { context } from 'esbuild'
import { bundleOptions } from './bundle-options.mjs'
import { copyVendored } from './vendor.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const outdir = join(root, '.dev')
rmSync(outdir, { recursive: true, force: true })
mkdirSync(outdir)
await copyVendored(outdir, root)
// the page of the atlas is built by Vite, the guide by VitePress; who works on them has `npx vite --config web/vite.config.ts`
// and `npx vitepress dev docs`
for (const built of ['page', 'guide'])
  if (existsSync(join(root, 'dist', built))) symlinkSync(join('..', 'dist', built), join(outdir, built))

const env = {
  SIIBRA_USE_CONFIGURATION: 'demo',
  SIIBRA_API_WARM_UP: 'off',
  SIIBRA_API_GRACE_S: '1',
  // answers of the program as it was before a change
  SIIBRA_API_RESPONSE_CACHE_ON_DISK: '0',
  ...process.env,
}
/** A change is built when nothing more has been written for this time. */
const SETTLED_MS = 50

let child
let isEnding = false

/** The one that runs is stopped first: both want the port. */
async function restart() {
  const before = child
  if (before && before.exitCode === null && before.signalCode === null) {
    const exit = new Promise((resolve) => before.once('exit', resolve))
    before.kill('SIGTERM')
    await exit
  }
  if (isEnding) return
  const args = [
    '--enable-source-maps',
    '--single-threaded-gc',
    '--no-memory-reducer',
    '--max-semi-space-size=2',
    join(outdir, 'main.js'),
  ]
  child = spawn(process.execPath, [...args, ...process.argv.slice(2)], { env, stdio: 'inherit' })
}

let restarting = Promise.resolve()
const options = bundleOptions(root, 'dev')
const restarter = {
  name: 'restarter',
  setup(build) {
    build.onEnd(({ errors }) => {
      // what does not build is told by esbuild; what ran before goes on
      if (errors.length === 0) restarting = restarting.then(restart)
    })
  },
}
const builder = await context({
  ...options,
  outdir,
  // packages are loaded from node_modules: bundling them takes three quarters of a build
  packages: 'external',
  minifySyntax: false,
  minifyWhitespace: false,
  plugins: [...options.plugins, restarter],
})
await builder.rebuild().catch(() => {})
// esbuild's own watch polls, and takes two seconds or more to see a change; editors write a file in several steps
let timer
const watcher = watch(join(root, 'src'), { recursive: true }, () => {
  clearTimeout(timer)
  timer = setTimeout(() => builder.rebuild().catch(() => {}), SETTLED_MS)
})

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    isEnding = true
    watcher.close()
    clearTimeout(timer)
    child?.kill(signal)
    await builder.dispose()
    const force = setTimeout(() => process.exit(0), 3_000)
    if (child?.exitCode === null) await new Promise((resolve) => child.once('exit', resolve))
    clearTimeout(force)
    process.exit(0)
  })
}
