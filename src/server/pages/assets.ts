/** Files of the pages: all served from here, so that they work without network. */
import { readFile } from 'node:fs/promises'
import { packagedFile } from '../../siibra/index.ts'
import { STATUS_CSS, STATUS_JS } from './status.ts'

const PAGE_CSS = `
:root { color-scheme: light dark; --line: #8884; --accent: #0b6fa4; }
@media (prefers-color-scheme: dark) { :root { --accent: #6bc1ee; } }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 54rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { margin: 0 0 .5rem; font-size: 2rem; } h2 { margin: 2rem 0 .5rem; font-size: 1.2rem; }
a { color: var(--accent); }
nav { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1.5rem 0; }
nav a { border: 1px solid var(--line); border-radius: .4rem; padding: .3rem .8rem; text-decoration: none; }
.notice { border-left: 4px solid #d97706; padding: .5rem 1rem; background: #d9770618; }
summary { cursor: pointer; } details { overflow-wrap: anywhere; font-size: .9rem; }
dt { margin-top: .7rem; } dd { margin: 0; } code { font-size: .85rem; overflow-wrap: anywhere; }
pre { overflow-x: auto; padding: .8rem; border: 1px solid var(--line); border-radius: .4rem; font-size: .85rem; }
th { text-align: left; padding: .2rem 1.5rem .2rem 0; font-weight: 600; vertical-align: top; }
`

/**
 * Starts Swagger UI on the OpenAPI document beside the page. It lays out an answer character by character: 1.7 MB of JSON
 * froze the page for 107 s. It is shown the first part; the whole is there as a file.
 */
const DOCS_JS = `const SHOWN_CHARS = 50000
const isText = (type) => /json|text|xml|csv/.test(type)
let file
/** A link to the whole answer, in place of the notice that stands at the end of its first part. */
function offer(answer, type) {
  if (file) URL.revokeObjectURL(file.href)
  file?.remove()
  file = document.createElement('a')
  file.style.cssText = 'display: block; position: sticky; top: 0; z-index: 1; padding: .6rem 1rem; background: #0b6fa4; color: #fff; font: 16px/1.5 system-ui, sans-serif'
  file.href = URL.createObjectURL(new Blob([answer.text], { type }))
  file.download = (new URL(answer.url, location).pathname.split('/').pop() || 'answer') + (/json/.test(type) ? '.json' : '')
  file.textContent = 'Save the whole answer (' + (answer.text.length / 1e6).toFixed(1) + ' MB) of ' + answer.url
  document.body.prepend(file)
}
function showFirstPart(answer) {
  const type = (answer.headers && answer.headers['content-type']) || ''
  if (!answer.text || answer.text.length <= SHOWN_CHARS || !isText(type) || /openapi\\.json$/.test(answer.url)) return answer
  offer(answer, type)
  const first = answer.text.slice(0, SHOWN_CHARS) + '\\n... (' + answer.text.length + ' characters; the link above saves them all)'
  const shown = { ...answer, text: first, data: first, body: undefined, obj: undefined }
  // as JSON it would be parsed, and fail
  shown.headers = { ...answer.headers, 'content-type': 'text/plain' }
  return shown
}
window.ui = SwaggerUIBundle({
  responseInterceptor: showFirstPart,
  syntaxHighlight: { activated: false },
  url: document.body.dataset.openapi,
  dom_id: '#swagger-ui',
  deepLinking: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
})
`

export interface Asset {
  contentType: string
  body: Uint8Array
}

const inline: Readonly<Record<string, Asset>> = {
  'page.css': { contentType: 'text/css; charset=utf-8', body: Buffer.from(PAGE_CSS) },
  'status.css': { contentType: 'text/css; charset=utf-8', body: Buffer.from(STATUS_CSS) },
  'status.js': { contentType: 'text/javascript; charset=utf-8', body: Buffer.from(STATUS_JS) },
  'docs.js': { contentType: 'text/javascript; charset=utf-8', body: Buffer.from(DOCS_JS) },
}

const SWAGGER_FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
}

/** Whether there is such a file: names of others are not kept. */
export const isAsset = (name: string): boolean => Object.hasOwn(inline, name) || Object.hasOwn(SWAGGER_FILES, name)

/** A file of the pages by its name; undefined where there is none. */
export async function loadAsset(name: string): Promise<Asset | undefined> {
  if (Object.hasOwn(inline, name)) return inline[name]
  if (!Object.hasOwn(SWAGGER_FILES, name)) return undefined
  return { contentType: SWAGGER_FILES[name] as string, body: await readFile(packagedFile(`swagger-ui-dist/${name}`)) }
}

/** The page that shows an OpenAPI document. */
export function docsPage(version: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>siibra-api ${version}</title>
<link rel="icon" href="/static/favicon-32x32.png">
<link rel="stylesheet" href="/static/swagger-ui.css">
</head>
<body data-openapi="/${version}/openapi.json">
<div id="swagger-ui"></div>
<script src="/static/swagger-ui-bundle.js"></script>
<script src="/static/docs.js"></script>
</body>
</html>
`
}
