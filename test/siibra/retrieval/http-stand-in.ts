import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A local HTTP server for tests; `handle` answers, `requests` lists what was asked (method and URL). */
export async function startServer(
  handle: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<{ base: string; requests: string[]; close(): Promise<void> }> {
  const requests: string[] = []
  const server = createServer(async (request, response) => {
    requests.push(`${request.method} ${request.url}`)
    let body = ''
    for await (const chunk of request) body += chunk
    handle(request, response, body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    base: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

/** Answers with `bytes`, obeying a Range header unless `ranges` is false. */
export function sendBytes(request: IncomingMessage, response: ServerResponse, bytes: Uint8Array, ranges = true): void {
  const asked = ranges ? /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '') : null
  if (!asked) {
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes)
    return
  }
  const first = asked[1] ? Number(asked[1]) : Math.max(0, bytes.length - Number(asked[2]))
  const last = asked[1] && asked[2] ? Math.min(bytes.length - 1, Number(asked[2])) : bytes.length - 1
  if (first > last) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end()
    return
  }
  const part = bytes.subarray(first, last + 1)
  const headers = { 'content-range': `bytes ${first}-${last}/${bytes.length}`, 'content-length': part.length }
  response.writeHead(206, headers).end(part)
}
