/** Files of the pages: all served from here, so that they work without network. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
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
ul.send { list-style: none; padding: 0; display: grid; gap: .4rem; } ul.send button { font: inherit; text-align: left; padding: .4rem .8rem; width: 100%; }
#answer { white-space: pre-wrap; overflow-wrap: anywhere; max-height: 24rem; overflow: auto; }
th { text-align: left; padding: .2rem 1.5rem .2rem 0; font-weight: 600; vertical-align: top; }
`

/**
 * Starts Scalar on the OpenAPI document beside the page, without what it would ask of other hosts. It shows an answer of 2 MB in 0.7 s (docs/performance.md).
 * Its checks of data are not compiled: the page runs no code that is made of texts.
 */
const BEFORE_DOCS_JS = `globalThis.__zod_globalConfig = { jitless: true }
`
const DOCS_JS = `Scalar.createApiReference('#app', {
  url: document.body.dataset.openapi,
  theme: 'default',
  withDefaultFonts: false,
  telemetry: false,
  showDeveloperTools: 'never',
  hideClientButton: true,
  agent: { disabled: true },
  mcp: { disabled: true },
  hiddenClients: {
    c: true, clojure: true, csharp: true, dart: true, fsharp: true, go: true, http: true, java: true, js: ['axios', 'jquery', 'ofetch', 'xhr'], kotlin: true,
    node: true, objc: true, ocaml: true, php: true, powershell: ['restmethod'], python: ['aiohttp', 'python3', 'httpx_async', 'httpx_sync'], ruby: true,
    rust: true, shell: ['httpie'], swift: true,
  },
  defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
  metaData: { title: document.title },
})
// buttons that show a sign alone are named for those who do not see it
const nameButtons = () => {
  for (const button of document.querySelectorAll('button:not([aria-label])')) {
    const copies = button.classList.contains('scalar-code-copy')
    if (copies || button.textContent.trim() === '') button.setAttribute('aria-label', copies ? 'Copy' : 'Show or hide details')
  }
}
// lists of routes are reached and followed by keyboard: their links lead by a click alone
const reachLinks = () => {
  for (const link of document.querySelectorAll('a.endpoint:not([href]):not([tabindex])')) {
    link.tabIndex = 0
    link.setAttribute('role', 'link')
    link.addEventListener('keydown', ({ key }) => { if (key === 'Enter') link.click() })
  }
}
let isWaiting = false
new MutationObserver(() => {
  if (isWaiting) return
  isWaiting = true
  setTimeout(() => { isWaiting = false; nameButtons(); reachLinks() }, 200)
}).observe(document.body, { childList: true, subtree: true })
`
/** Sends what a button says, and shows the request and the beginning of the answer. */
const EXAMPLES_JS = `const SHOWN_CHARS = 2000
const answer = document.getElementById('answer')
const quoted = (text) => "'" + text.replaceAll("'", "'\\\\''") + "'"
async function send({ url, image, csv }) {
  const address = location.origin + url
  const type = image ? 'application/octet-stream' : 'text/csv'
  const command = image
    ? 'curl -so image.nii.gz ' + quoted(location.origin + image) + '\\ncurl -s ' + quoted(address) + " -H 'content-type: " + type + "' --data-binary @image.nii.gz"
    : 'curl -s ' + quoted(address) + " -H 'content-type: " + type + "' --data-binary $" + quoted(csv.replaceAll('\\n', '\\\\n'))
  answer.textContent = command + '\\n\\n...'
  const body = image ? await (await fetch(image)).blob() : csv
  const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': type } })
  const kind = response.headers.get('content-type') || ''
  const shown = /json|text/.test(kind) ? (await response.text()).slice(0, SHOWN_CHARS) : (await response.blob()).size + ' bytes of ' + kind
  answer.textContent = command + '\\n\\n' + response.status + '\\n' + shown
}
for (const button of document.querySelectorAll('[data-url]'))
  button.addEventListener('click', () => send(button.dataset).catch((error) => { answer.textContent = String(error) }))
`
/** What stands in the lightest grey is made legible. */
const DOCS_CSS = `
.light-mode { --scalar-color-3: #5c5c5c; --scalar-color-2: #555; --scalar-color-blue: #0b5fa5; --scalar-color-green: #06703f; --scalar-color-orange: #9a4a00; }
.dark-mode { --scalar-color-3: #a8a8a8; }
`

const JAVASCRIPT = 'text/javascript; charset=utf-8'
const FAVICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="15" fill="#0b6fa4"/><path d="M16 6c-5 0-9 4-9 9 0 3 1 5 3 6 0 3 2 5 6 5m0-20c5 0 9 4 9 9 0 3-1 5-3 6 0 3-2 5-6 5m0-20v20" fill="none" stroke="#fff" stroke-width="1.8" stroke-linecap="round"/></svg>'

export interface Asset {
  contentType: string
  body: Uint8Array
}

const inline: Readonly<Record<string, Asset>> = {
  'page.css': { contentType: 'text/css; charset=utf-8', body: Buffer.from(PAGE_CSS) },
  'status.css': { contentType: 'text/css; charset=utf-8', body: Buffer.from(STATUS_CSS) },
  'status.js': { contentType: JAVASCRIPT, body: Buffer.from(STATUS_JS) },
  'before-docs.js': { contentType: JAVASCRIPT, body: Buffer.from(BEFORE_DOCS_JS) },
  'docs.css': { contentType: 'text/css; charset=utf-8', body: Buffer.from(DOCS_CSS) },
  'favicon.svg': { contentType: 'image/svg+xml', body: Buffer.from(FAVICON) },
  'examples.js': { contentType: JAVASCRIPT, body: Buffer.from(EXAMPLES_JS) },
  'docs.js': { contentType: JAVASCRIPT, body: Buffer.from(DOCS_JS) },
}

/** The script of the documentation, beside the built program or where the sources are run: `npm run build` puts it there. */
const SCALAR = 'scalar.js'
const SCALAR_FILES = ['./vendor/scalar/', '../../../dist/vendor/scalar/'].map((path) =>
  fileURLToPath(new URL(path + SCALAR, import.meta.url)),
)

/** Whether there is such a file: names of others are not kept. */
export const isAsset = (name: string): boolean => Object.hasOwn(inline, name) || name === SCALAR

/** A file of the pages by its name; undefined where there is none. */
export async function loadAsset(name: string): Promise<Asset | undefined> {
  if (Object.hasOwn(inline, name)) return inline[name]
  const file = name === SCALAR ? SCALAR_FILES.find((path) => existsSync(path)) : undefined
  return file === undefined ? undefined : { contentType: JAVASCRIPT, body: await readFile(file) }
}

/** The page that shows an OpenAPI document. */
export function docsPage(version: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>siibra-api ${version}</title>
<link rel="icon" href="/static/favicon.svg">
<link rel="stylesheet" href="/static/docs.css">
</head>
<body data-openapi="/${version}/openapi.json">
<div id="app"></div>
<script src="/static/before-docs.js"></script>
<script src="/static/scalar.js"></script>
<script src="/static/docs.js"></script>
</body>
</html>
`
}
