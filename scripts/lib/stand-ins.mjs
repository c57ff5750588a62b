/** Other services, as far as trials need them. */
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'

/** Listens on a free port of this machine until the script ends. */
async function listen(handle) {
  const server = createServer(handle).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  server.unref()
  return `http://127.0.0.1:${server.address().port}`
}

/** Takes spans by OTLP over HTTP, as JSON: each with the name of its service, and all that came as text. */
export async function startCollector() {
  const spans = []
  const texts = []
  const url = await listen((request, response) => {
    const parts = []
    request.on('data', (part) => parts.push(part))
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
      const text = Buffer.concat(parts).toString()
      texts.push(text)
      for (const { resource, scopeSpans } of JSON.parse(text).resourceSpans)
        for (const span of scopeSpans.flatMap((scope) => scope.spans))
          spans.push({ ...span, service: attributesOf(resource)['service.name'], attributes: attributesOf(span) })
    })
  })
  return { url, spans, texts }
}

const attributesOf = ({ attributes }) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

/** A server with the files of a folder; remembers who asked for what within which trace. */
export async function startFiles(folder) {
  const asked = []
  const url = await listen((request, response) => {
    const path = join(folder, decodeURIComponent(new URL(request.url, 'http://x').pathname))
    asked.push({ path: request.url, traceparent: request.headers.traceparent })
    if (!existsSync(path)) response.writeHead(404).end()
    else response.end(readFileSync(path))
  })
  return { url, asked }
}
