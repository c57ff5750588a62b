/** The remote data of the demo atlas over HTTP, in a state that can be chosen: whole, slow, wrong, half, failing or away. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { demoStore } from '../../src/demo/index.ts'

export type SourceState = 'whole' | 'slow' | 'a web page' | 'half' | 'failing' | 'away'

export interface Source {
  base: string
  state: SourceState
  /** Objects that were asked for in a state other than whole. */
  asked: number
  close(): Promise<void>
}

const PAGE = Buffer.from('<!DOCTYPE html><html><body>Please sign in</body></html>\n')
const SLOW_MS = 800

export async function startSource(): Promise<Source> {
  const store = demoStore()
  const server = createServer(async (request, response) => {
    const bytes = await store.get(keyOf(request.url ?? ''))
    const { state } = source
    if (state !== 'whole') source.asked++
    if (state === 'away') return void request.socket.destroy()
    if (state === 'slow') await delay(SLOW_MS)
    if (state === 'failing') return void response.writeHead(500).end('Internal Server Error')
    if (!bytes) return void response.writeHead(404).end()
    send(request.headers.range, bytesIn(state, bytes))

    function send(range: string | undefined, sent: Uint8Array): void {
      const match = /^bytes=(\d+)-(\d*)$/.exec(range ?? '')
      if (!match) return void response.writeHead(200, { 'content-length': sent.byteLength }).end(sent)
      const from = Number(match[1])
      const to = Math.min(match[2] ? Number(match[2]) : Infinity, sent.byteLength - 1)
      if (from > to) return void response.writeHead(416, { 'content-range': `bytes */${sent.byteLength}` }).end()
      const part = sent.subarray(from, to + 1)
      const contentRange = `bytes ${from}-${to}/${sent.byteLength}`
      response.writeHead(206, { 'content-range': contentRange, 'content-length': part.byteLength }).end(part)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const source: Source = {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state: 'whole',
    asked: 0,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return source
}

function bytesIn(state: SourceState, bytes: Uint8Array): Uint8Array {
  if (state === 'a web page') return PAGE
  return state === 'half' ? bytes.subarray(0, bytes.length >> 1) : bytes
}

/** Names of the demo's objects are those of a mirror folder. */
function keyOf(url: string): string {
  const [path = '', query] = url.slice(1).split('?')
  const key = decodeURIComponent(path)
  if (query === undefined) return key
  const decoded = decodeURIComponent(query.replace(/%(?![0-9a-f]{2})/gi, '%25'))
  return `${key}@@${createHash('sha256').update(decoded).digest('hex').slice(0, 16)}`
}
