/** Connections of the HTTP client: how many there are, which are kept, and what is done where one is closed. */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createHttpClient, type HttpClient } from '../../../../src/siibra/retrieval/stores/http-client.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** A server, its address, and the connections that have come to it. */
async function serve(listener: RequestListener) {
  const server: Server = createServer(listener)
  const ports: number[] = []
  server.on('connection', (socket) => ports.push(socket.remotePort ?? 0))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  closing.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return { server, ports, base: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

function createClient(...options: Parameters<typeof createHttpClient>): HttpClient {
  const client = createHttpClient(...options)
  closing.push(() => client.close())
  return client
}

const burst = (client: HttpClient, url: string, count: number) =>
  Promise.all(Array.from({ length: count }, async () => (await client.request(url)).status))

test('they are kept', async () => {
  const { base, ports } = await serve((_, response) => response.end('x'))
  const client = createClient()
  for (let round = 0; round < 5; round++) await client.request(base)
  expect(ports).toHaveLength(1)
})

test('there are no more than so many, also of requests that are the first', async () => {
  const { base, ports } = await serve((_, response) => setImmediate(() => response.end('x')))
  const client = createClient({ maxSocketsPerHost: 2 })
  expect(await burst(client, base, 8)).toEqual(Array(8).fill(200))
  expect(ports).toHaveLength(2)
})

test('what meets one that the server had closed is sent again, uncounted, by one of its own', async () => {
  // the server closes each connection as soon as a second request comes on it, as after its idle time
  const asked = new Map<unknown, number>()
  let resets = 0
  const { base, ports } = await serve(({ socket }, response) => {
    const times = (asked.get(socket) ?? 0) + 1
    asked.set(socket, times)
    if (times === 1) return void response.end('x')
    resets++
    socket.resetAndDestroy()
  })
  const client = createClient()
  expect(await burst(client, base, 12)).toEqual(Array(12).fill(200))
  expect(await burst(client, base, 12)).toEqual(Array(12).fill(200))
  expect([resets, ports.length]).toEqual([12, 24])
})

test.each(['an end', 'a reset'])(
  '%s in the middle of an answer is a failure, which is not sent again',
  async (what) => {
    let asked = 0
    const { base } = await serve((request, response) => {
      asked++
      if (request.url === '/') return void response.end('x')
      response.writeHead(200, { 'content-length': 100 }).write('x')
      // the client has read what came so far
      setTimeout(() => (what === 'an end' ? response.destroy() : request.socket.resetAndDestroy()), 50)
    })
    const client = createClient()
    await client.request(base)
    await expect(client.request(`${base}/cut`)).rejects.toMatchObject({ details: { retryable: true } })
    expect(asked).toBe(2)
  },
)

test('what is left unread of an answer costs one where it is more than 64 KiB, or nobody knows how much', async () => {
  const used: number[] = []
  const { base } = await serve((request, response) => {
    used.push(request.socket.remotePort ?? 0)
    const [, bytes] = request.url?.split('/') ?? []
    response.writeHead(200, bytes ? { 'content-length': bytes } : {}).end(Buffer.alloc(Number(bytes)))
  })
  // the next one waits until the connection is free, or has gone
  const client = createClient({ maxSocketsPerHost: 1 })
  for (const bytes of ['65536', '65537', '', '1']) await client.request(`${base}/${bytes}`, { wantsBody: () => false })
  const [first, second, third, fourth] = used
  expect([first === second, second === third, third === fourth]).toEqual([true, false, false])
})
