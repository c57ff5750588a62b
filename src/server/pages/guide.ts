import { readdirSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import type { CacheEntry } from '../cache/cache.ts'
import { guideBelow, pageBelow } from './below-path.ts'
import { createDocument, createLazily, sendDocument } from './document.ts'

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** Beside the built program, or where the sources are run. */
const FOLDERS = ['./guide/', '../../../dist/guide/'].map((path) => fileURLToPath(new URL(path, import.meta.url)))

const ASSETS = `assets${sep}`
const PAGE_CACHE_CONTROL = 'no-cache'
const ASSET_CACHE_CONTROL = 'public, max-age=31536000, immutable'

const NOT_BUILT = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="3"><title>The guide</title>
<link rel="stylesheet" href="/static/page.css"></head>
<body><main><h1>The guide</h1><p>It is not there (yet). <code>npm start</code> makes it behind the service, some seconds after it was
started for the first time, <code>npm run build</code> makes it in any case. This page looks again every three seconds.</p>
<p><a href="/docs">Documentation of the routes</a></p></main></body></html>
`

/** A build of the guide; another one takes its place under a service that runs. */
interface Build {
  folder: string
  madeMs: number
  names: ReadonlySet<string>
}

/** The documentation site (`docs/`, as `scripts/build-guide.mjs` makes it) at /guide/, and /llms.txt. */
export function registerGuide(app: FastifyInstance, contentSecurityPolicy: string): void {
  let build: Build | undefined
  const current = () => {
    build = newestBuild(build)
    return build
  }
  const files = createLazily(async (prefixAndName) => {
    const [prefix = '', name = ''] = prefixAndName.split(' ')
    const folder = build?.folder ?? ''
    const type = CONTENT_TYPES[extname(name)] ?? 'application/octet-stream'
    const bytes = await readFile(join(folder, name))
    const isRewritten = prefix !== '' && /^text\/(?:html|javascript|css)/.test(type)
    return createDocument(type, isRewritten ? guideBelow(prefix, bytes.toString()) : bytes)
  }, current)

  app.get('/guide', ({ prefix }, reply) => reply.redirect(`${prefix}/guide/`, 308))
  app.get<{ Params: { '*': string } }>('/guide/*', async (request, reply) => {
    reply.header('content-security-policy', contentSecurityPolicy)
    const { names } = current() ?? {}
    if (names === undefined)
      return reply
        .code(503)
        .header('retry-after', '3')
        .type(CONTENT_TYPES['.html'] as string)
        .send(pageBelow(request.prefix, NOT_BUILT))
    const name = fileOf(request.params['*'], names)
    const isAsset = name?.startsWith(ASSETS)
    const file = await files(`${request.prefix} ${name ?? '404.html'}`)
    const answer: CacheEntry = name === undefined ? { ...file, status: 404 } : file
    return sendDocument(request, reply, answer, isAsset ? ASSET_CACHE_CONTROL : PAGE_CACHE_CONTROL)
  })
  app.get('/llms.txt', async (request, reply) => {
    if (current() === undefined) return reply.code(503).header('retry-after', '3').send()
    return sendDocument(request, reply, await files(`${request.prefix} llms.txt`), PAGE_CACHE_CONTROL)
  })
}

/** The file of an address, whose pages have no ending. */
function fileOf(address: string, names: ReadonlySet<string>): string | undefined {
  const path = address === '' || address.endsWith('/') ? `${address}index` : address
  return [path, `${path}.html`].map((name) => name.replaceAll('/', sep)).find((name) => names.has(name))
}

/** The build that is known, unless another one has been made. */
function newestBuild(known: Build | undefined): Build | undefined {
  for (const folder of FOLDERS) {
    const madeMs = statSync(join(folder, 'index.html'), { throwIfNoEntry: false })?.mtimeMs
    if (madeMs === undefined) continue
    if (known?.folder === folder && known.madeMs === madeMs) return known
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    return { folder, madeMs, names: new Set(paths.map((path) => path.slice(folder.length))) }
  }
  return undefined
}
