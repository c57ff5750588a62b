/**
 * What is not bundled of packages that are: WebAssembly, the libraries that load it from beside themselves, and files that are served. They are
 * copied to `dist/vendor/<package>/`, so that nothing but the program has to be installed (docs/performance.md tells the sizes).
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** By package: its file, and its name in `dist/vendor/<package>/`. */
const FILES = {
  'sql.js': { 'dist/sql-wasm.js': 'sql-wasm.cjs', 'dist/sql-wasm.wasm': 'sql-wasm.wasm' },
  h5wasm: { 'dist/node/hdf5_hl.js': 'hdf5_hl.js', 'dist/node/hdf5_util.js': 'hdf5_util.js' },
  '@resvg/resvg-wasm': { 'index_bg.wasm': 'index_bg.wasm' },
}

/** What is imported as a module from there. */
const MODULES = { 'sql.js': 'sql.js/sql-wasm.cjs', 'h5wasm/node': 'h5wasm/hdf5_hl.js' }

/** For esbuild: these modules are those of `dist/vendor`. */
export const vendoredModules = {
  name: 'vendored-modules',
  setup(build) {
    build.onResolve({ filter: /^(?:sql\.js|h5wasm\/node)$/ }, ({ path }) => ({
      path: `./vendor/${MODULES[path]}`,
      external: true,
    }))
  },
}

/**
 * The script of Scalar, which shows the routes. Its own package wants a newer Node and 280 others; this one has the script as a text within a plugin
 * of Fastify, which hands it out.
 */
const SCALAR = '@scalar/fastify-api-reference'

async function readScalar(root) {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', SCALAR, 'package.json'), 'utf8'))
  const kept = join(root, '.cache', `scalar-${version}.js`)
  if (!existsSync(kept)) {
    const [{ fastify }, { default: scalar }] = await Promise.all([import('fastify'), import(SCALAR)])
    const app = fastify()
    const content = { openapi: '3.1.0', info: { title: '', version: '' }, paths: {} }
    await app.register(scalar, { routePrefix: '/docs', configuration: { content } })
    const { statusCode, rawPayload } = await app.inject('/docs/js/scalar.js')
    await app.close()
    if (statusCode !== 200) throw new Error(`${SCALAR} has no script`)
    mkdirSync(join(root, '.cache'), { recursive: true })
    writeFileSync(kept, rawPayload)
  }
  return readFileSync(kept)
}

/** @param dist  where the program is */
export async function copyVendored(dist, root) {
  mkdirSync(join(dist, 'vendor', 'scalar'), { recursive: true })
  writeFileSync(join(dist, 'vendor', 'scalar', 'scalar.js'), await readScalar(root))
  for (const [name, files] of Object.entries(FILES)) {
    const folder = join(dist, 'vendor', name)
    mkdirSync(folder, { recursive: true })
    for (const [from, to] of Object.entries(files))
      copyFileSync(join(root, 'node_modules', name, from), join(folder, to))
  }
}

/** Bundled into the page by Vite and into the guide by VitePress, which tell of no packages. */
const OF_THE_PAGES = [
  '@mermaid-js/tiny',
  '@niivue/niivue',
  '@preact/signals',
  'plotly.js-cartesian-dist-min',
  'preact',
  'vitepress',
  'vue',
]

/**
 * The licences of all that is in the bundle, which has to be told beside it.
 *
 * @param inputs  of esbuild's metafile: paths from the root
 */
export function writeNotices(dist, root, inputs) {
  const bundled = Object.keys(inputs).flatMap((path) => {
    const name = /^node_modules\/((?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]
    return name === undefined ? [] : [name]
  })
  const names = [...new Set([...bundled, ...Object.keys(FILES), SCALAR, ...OF_THE_PAGES])].sort()
  const notices = names.map((name) => {
    const folder = join(root, 'node_modules', name)
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const texts = readdirSync(folder)
      .filter((file) => /^(?:licen[cs]e|copying|notice)(?:[.-]|$)/i.test(file))
      .map((file) => readFileSync(join(folder, file), 'utf8').trim())
    const licence = typeof license === 'string' ? license : (license?.type ?? 'see below')
    return [`${name} ${version} (${licence})`, ...texts].join('\n\n')
  })
  const title = 'What is bundled into this program, each under its own licence.'
  writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), [title, ...notices].join(`\n\n${'-'.repeat(80)}\n\n`))
}
