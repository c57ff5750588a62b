import type { IncomingMessage, ServerResponse } from 'node:http'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHttpClient } from '../../../../src/siibra/retrieval/stores/http-client.ts'
import { createHttpStore } from '../../../../src/siibra/retrieval/stores/http-store.ts'
import { startServer } from '../http-stand-in.ts'

const TEXT = 'some text '.repeat(1000)

const ANSWERS: Record<string, (response: ServerResponse, request: IncomingMessage) => void> = {
  '/text': (response) => response.end(TEXT),
  '/agent': (response, request) => response.end(request.headers['user-agent']),
  '/moved': (response) => response.writeHead(302, { location: '/text' }).end('elsewhere'),
  '/round': (response) => response.writeHead(301, { location: '/round' }).end(),
  '/gzip': (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(TEXT)),
  '/br': (response) => response.writeHead(200, { 'content-encoding': 'br' }).end(brotliCompressSync(TEXT)),
  '/not-gzip': (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(TEXT),
  '/zstd': (response) => response.writeHead(200, { 'content-encoding': 'zstd' }).end(TEXT),
  '/cut': (response) => {
    response.writeHead(200, { 'content-length': 1000 }).write('x')
    setImmediate(() => response.destroy())
  },
  '/cut-chunks': (response) => {
    response.writeHead(200).write('x')
    setImmediate(() => response.destroy())
  },
  '/silent': () => {},
  '/stuck': (response) => response.writeHead(200, { 'content-length': 10 }).write('x'),
  '/endless': (response) => {
    const more = () => response.write('x'.repeat(60_000), (error) => error ?? setImmediate(more))
    more()
  },
  '/busy': (response) => response.writeHead(429, { 'retry-after': '2' }).end(),
  '/forbidden': (response) => response.writeHead(403).end(),
  '/wrong-part': (response) => response.writeHead(206, { 'content-range': 'bytes 0-1/10' }).end('xx'),
  '/large': (response) => response.writeHead(200, { 'content-length': 10_000_000 }).end(Buffer.alloc(10_000_000)),
}

let server: Awaited<ReturnType<typeof startServer>>
beforeAll(async () => {
  server = await startServer((request, response) => {
    const answer = ANSWERS[request.url!]
    if (answer) answer(response, request)
    else response.writeHead(404).end('nothing here')
  })
})
afterAll(() => server.close())

const client = createHttpClient({ idleTimeoutMs: 120_000, userAgent: 'test/1' })
const store = createHttpStore(client)
/** For sources that say nothing; on a busy machine others seem to be so, too. */
const impatient = createHttpStore(createHttpClient({ idleTimeoutMs: 300, userAgent: 'test/1' }))
const SILENT = ['/silent', '/stuck']
const read = async (path: string, maxBytes?: number) =>
  Buffer.from((await store.get(server.base + path, { maxBytes }))!).toString()

describe('http client', () => {
  it('follows redirects, tells who asks, unpacks encodings', async () => {
    expect(await read('/moved')).toBe(TEXT)
    expect(await read('/agent')).toBe('test/1')
    expect(await read('/gzip')).toBe(TEXT)
    expect(await read('/br')).toBe(TEXT)
  })

  it.each([
    ['/cut', 'UPSTREAM_UNAVAILABLE', { retryable: true }],
    ['/cut-chunks', 'UPSTREAM_UNAVAILABLE', { retryable: true }],
    ['/silent', 'UPSTREAM_UNAVAILABLE', { retryable: true, timedOut: true }],
    ['/stuck', 'UPSTREAM_UNAVAILABLE', { retryable: true, timedOut: true }],
    ['/busy', 'UPSTREAM_UNAVAILABLE', { retryable: true, status: 429, retryAfterMs: 2000 }],
    ['/forbidden', 'UPSTREAM_UNAVAILABLE', { retryable: false, status: 403 }],
    ['/round', 'UPSTREAM_UNAVAILABLE', { reason: 'more than 5 redirects' }],
    ['/not-gzip', 'BAD_DATA', {}],
    ['/zstd', 'UNSUPPORTED', {}],
  ])('says what is wrong with %s', async (path, code, details) => {
    const url = server.base + path
    const asked = SILENT.includes(path) ? impatient : store
    await expect(asked.get(url)).rejects.toMatchObject({ code, details: { url, ...details } })
  })

  it('stops reading at the bound, whatever the server announces', async () => {
    await expect(read('/endless', 200_000)).rejects.toMatchObject({ code: 'BAD_DATA' })
    await expect(read('/large', 1000)).rejects.toMatchObject({ code: 'BAD_DATA', details: { sizeBytes: 10_000_000 } })
    await expect(read('/gzip', 1000)).rejects.toThrow('unpacks to more than 1000 bytes')
  })

  it('stops when the reader leaves', async () => {
    const abort = new AbortController()
    const reading = store.get(`${server.base}/endless`, { signal: abort.signal })
    setTimeout(() => abort.abort(), 20)
    await expect(reading).rejects.toMatchObject({ code: 'ABORTED' })
  })

  it('does not read a large object for a range of it', async () => {
    const range = { offset: 5, length: 2 }
    await expect(store.getRange!(`${server.base}/large`, range)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    await expect(store.getRange!(`${server.base}/wrong-part`, range)).rejects.toThrow('asked for bytes from 5')
  })

  it('names hosts that cannot be reached', async () => {
    const url = 'http://127.0.0.1:9/x'
    await expect(store.get(url)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: expect.stringContaining('ECONNREFUSED'),
      details: { url, retryable: true },
    })
    await expect(store.get('ftp://a.org/x')).rejects.toMatchObject({ code: 'BAD_DATA' })
  })

  it('gives up on a source that sends a byte now and then', async () => {
    const dripping = await startServer((_, response) => {
      response.writeHead(200, { 'content-length': 1000 })
      const timer = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(timer))
    })
    await expect(impatient.get(`${dripping.base}/`)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      details: { timedOut: true },
    })
    const limited = store.get(`${dripping.base}/`, { signal: AbortSignal.timeout(30) })
    await expect(limited).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    await dripping.close()
  })

  it('sends the user info of a URL as basic authentication', async () => {
    let credentials: string | undefined
    const guarded = await startServer((request, response) => {
      credentials = request.headers.authorization
      response.end('x')
    })
    await store.get(`${guarded.base.replace('//', '//me:p%40ss@')}/`)
    expect(credentials).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`)
    await guarded.close()
  })
})

describe('what is asked for after a redirect', () => {
  /** A server that tells what it was asked, and sends on what it is told to. */
  async function startTelling() {
    const told: string[] = []
    const telling = await startServer((request, response, body) => {
      told.push(`${request.method} ${request.url} ${body}`.trim())
      const status = Number(/^\/(3\d\d)/.exec(request.url ?? '')?.[1] ?? 200)
      const location = request.url?.endsWith('/nowhere') ? {} : { location: '/end' }
      response.writeHead(status, status === 200 ? {} : location).end('body')
    })
    return { ...telling, told }
  }

  it('is the same, but after 303 a document', async () => {
    const { base, told, close } = await startTelling()
    const send = (path: string) => client.request(base + path, { method: 'POST', body: 'x' })
    for (const path of ['/307', '/303', '/302']) expect((await send(path)).status).toBe(200)
    expect(told).toEqual(['POST /307 x', 'POST /end x', 'POST /303 x', 'GET /end', 'POST /302 x', 'POST /end x'])
    await close()
  })

  it('leaves the bodies of redirects, and asks its caller of all others', async () => {
    const { base, close } = await startTelling()
    const seen: number[] = []
    const wantsBody = (status: number) => {
      seen.push(status)
      return status !== 200
    }
    const sizeOf = async (path: string) => (await client.request(base + path, { wantsBody })).body.length
    // one that leads nowhere is an answer, and so is a place where nothing leads to
    expect([await sizeOf('/302'), await sizeOf('/302/nowhere'), await sizeOf('/200')]).toEqual([0, 4, 0])
    expect(seen).toEqual([200, 302, 200])
    expect((await client.request(`${base}/302`)).body.length).toBe(4)
    await close()
  })

  it('may be a name of this machine, where the first was one', async () => {
    const { base, close } = await startTelling()
    const local = base.replace('127.0.0.1', 'localhost')
    const strict = createHttpClient()
    expect((await strict.request(`${local}/302`)).status).toBe(200)
    strict.close()
    await close()
  })
})
