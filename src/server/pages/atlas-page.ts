import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Asset } from './assets.ts'
import { escapeHtml } from './landing.ts'

/** The page that shows the atlas, as `web/` is built into `dist/page`. */
export interface AtlasPage {
  /** The page, with a preview for those who share its address. `url` is the request's path and query. */
  html(origin: string, url: string): string
  has(name: string): boolean
  file(name: string): Promise<Asset>
}

const CONTENT_TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
}

/** Beside the built program, or where the sources are run. */
const FOLDERS = ['./page/', '../../../dist/page/'].map((path) => fileURLToPath(new URL(path, import.meta.url)))

/** The built page; undefined where it was not built. */
export function openAtlasPage(): AtlasPage | undefined {
  const folder = FOLDERS.find((candidate) => existsSync(join(candidate, 'index.html')))
  if (folder === undefined) return undefined
  const shell = readFileSync(join(folder, 'index.html'), 'utf8')
  const names = new Set(readdirSync(join(folder, 'page')))
  return {
    html: (origin, url) => shell.replace('<!--preview-->', () => previewTags(origin, url)),
    has: (name) => names.has(name),
    file: async (name) => ({
      contentType: CONTENT_TYPES[extname(name)] ?? 'application/octet-stream',
      body: await readFile(join(folder, 'page', name)),
    }),
  }
}

/** What programs show of a link to the page: its title and what it is about. */
export function previewTags(origin: string, url: string): string {
  const query = new URL(url, origin).searchParams
  const region = query.get('region')
  const title = region ? `${region} · siibra` : 'siibra: brain atlases'
  const tags = [
    ['og:title', title],
    ['og:type', 'website'],
    ['og:description', 'Regions, maps and data of brain atlases, in the browser and over HTTP.'],
    ['og:url', origin + url],
    ...previewImage(origin, query),
  ]
  return tags.map(([name, content]) => `<meta property="${name}" content="${escapeHtml(content ?? '')}">`).join('\n')
}

const PREVIEW_PX = '400'

/** A picture of what the address shows, where it says in which space. */
function previewImage(origin: string, query: URLSearchParams): [name: string, content: string][] {
  const [space, parcellation, region] = ['space', 'parcellation', 'region'].map((field) => query.get(field))
  if (!space) return []
  const asked = new URLSearchParams({ space_id: space, size: PREVIEW_PX, background: 'dark' })
  if (parcellation) asked.set('parcellation_id', parcellation)
  if (parcellation && region) asked.set('region_id', region)
  return [
    ['og:image', `${origin}/v3_0/map/picture.png?${asked}`],
    ['og:image:alt', [region, parcellation, space].filter(Boolean).join(', ')],
    ['twitter:card', 'summary_large_image'],
  ]
}
