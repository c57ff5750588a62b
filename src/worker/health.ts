import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RunningWorker } from './worker.ts'

/** A small HTTP server with the probes of a worker: `/livez`, `/readyz` (and `/ready`), which hold its state as JSON. */
export async function serveHealth(
  worker: RunningWorker,
  { host, port }: { host: string; port: number },
): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0]
    const isReady = worker.isReady()
    const isKnown = path === '/livez' || path === '/readyz' || path === '/ready'
    const status = !isKnown ? 404 : path === '/livez' || isReady ? 200 : 503
    const body = isKnown ? { status: isReady ? 'ready' : 'not ready', ...worker.info() } : { detail: 'Not Found' }
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    response.end(JSON.stringify(body))
  })
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
