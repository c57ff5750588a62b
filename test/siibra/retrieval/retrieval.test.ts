import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createRetrieval, type RetrievalOptions } from '../../../src/siibra/retrieval/retrieval.ts'
import { toMirrorPath } from '../../../src/siibra/retrieval/stores/mirror-store.ts'
import type { Store } from '../../../src/siibra/retrieval/stores/store.ts'
import { required } from '../../../src/siibra/retrieval/upstream-errors.ts'
import { sendBytes, startServer } from './http-stand-in.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const quick = { retry: { attempts: 3, firstDelayMs: 1 } }

async function serve(files: Record<string, string>) {
  const server = await startServer((request, response, body) => {
    if (request.method === 'POST')
      return sendBytes(request, response, Buffer.from(JSON.stringify({ posted: JSON.parse(body) })))
    const text = files[request.url!]
    if (text === undefined) response.writeHead(404).end()
    else sendBytes(request, response, Buffer.from(text))
  })
  closing.push(server.close)
  return server
}

function writeMirror(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'mirror-'))
  closing.push(() => rmSync(folder, { recursive: true }))
  for (const [url, text] of Object.entries(files)) {
    const path = join(folder, toMirrorPath(url))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  return folder
}

describe('the mirror path of a URL', () => {
  it.each([
    ['https://a.org/b/c.json', 'a.org/b/c.json'],
    ['https://a.org/b%20c/%2Fd', 'a.org/b c//d'],
    ['https://a.org/b/c.json?x=1', 'a.org/b/c.json@@1f206b11c23e28cc'],
    ['https://a.org/b?name=a%20b', toMirrorPath('https://a.org/b?name=a b')],
    ['https://a.org:8080/100%', 'a.org:8080/100%'],
  ])('%s', (url, path) => expect(toMirrorPath(url)).toBe(path))
})

describe('retrieval', () => {
  it('reads bytes, ranges and JSON from the origin', async () => {
    const { base } = await serve({ '/a.json': '{"a":[1,2]}' })
    const retrieval = createRetrieval(quick)
    expect(await retrieval.json(`${base}/a.json`)).toEqual({ a: [1, 2] })
    expect(Buffer.from((await retrieval.bytes(`${base}/a.json`))!).toString()).toBe('{"a":[1,2]}')
    expect(Buffer.from((await retrieval.range(`${base}/a.json`, { offset: 1, length: 3 }))!).toString()).toBe('"a"')
    expect(await retrieval.bytes(`${base}/b.json`)).toBeUndefined()
    expect(() => required(undefined, `${base}/b.json`)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(`${base}/b.json cannot be had`),
        details: expect.objectContaining({ status: 404, retryable: false }),
      }),
    )
  })

  it('asks a mirror folder first and the origin for the rest', async () => {
    const { base, requests } = await serve({ '/b?q=1': 'origin' })
    const retrieval = createRetrieval({ ...quick, mirror: writeMirror({ [`${base}/a?q=1`]: 'mirror' }) })
    expect(Buffer.from((await retrieval.bytes(`${base}/a?q=1`))!).toString()).toBe('mirror')
    expect(Buffer.from((await retrieval.bytes(`${base}/b?q=1`))!).toString()).toBe('origin')
    expect(requests).toEqual(['GET /b?q=1'])
  })

  it('does not leave the mirror folder', async () => {
    const mirror = writeMirror({ 'https://a.org/secret': 'x', 'https://b.org/y': 'y' })
    const retrieval = createRetrieval({ ...quick, mirror: join(mirror, 'b.org'), offline: true })
    for (const path of ['..%2Fa.org%2Fsecret', '%2e%2e/a.org/secret', '..%5Ca.org%5Csecret', '../a.org/secret']) {
      expect(await retrieval.bytes(`https://y/${path}`)).toBeUndefined()
    }
  })

  it('asks a mirror server by host and path, and nothing else when offline', async () => {
    const origin = await serve({ '/b': 'origin' })
    const mirror = await serve({ '/a.org/x%20y?q=%5B1%5D': 'mirror' })
    const retrieval = createRetrieval({ ...quick, mirror: mirror.base, offline: true })
    expect(Buffer.from((await retrieval.bytes('https://a.org/x y?q=%5B1%5D'))!).toString()).toBe('mirror')
    expect(await retrieval.bytes(`${origin.base}/b`)).toBeUndefined()
    expect(await retrieval.postJson('https://b.org/v1/move', { p: 1 })).toEqual({ posted: { p: 1 } })
    expect(mirror.requests.at(-1)).toBe('POST /b.org/v1/move')
    expect(origin.requests).toEqual([])
  })

  it('goes on to the origin when the mirror is away', async () => {
    const origin = await serve({ '/b': 'origin' })
    const mirror = await startServer((_, response) => response.writeHead(503).end())
    closing.push(mirror.close)
    const retrieval = createRetrieval({ ...quick, mirror: mirror.base })
    expect(Buffer.from((await retrieval.bytes(`${origin.base}/b`))!).toString()).toBe('origin')
    expect(mirror.requests).toHaveLength(3)
  })

  it('refuses to ask anything when offline without a mirror', async () => {
    const retrieval = createRetrieval({ ...quick, offline: true })
    await expect(retrieval.bytes('https://a.org/b')).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      details: { url: 'https://a.org/b' },
    })
  })

  it('rewrites URLs before it asks the origin', async () => {
    const { base } = await serve({ '/moved/a': 'here' })
    const retrieval = createRetrieval({ ...quick, remap: [['https://old.org', `${base}/moved`]] })
    expect(Buffer.from((await retrieval.bytes('https://old.org/a'))!).toString()).toBe('here')
  })

  it('names the URL and what failed', async () => {
    const server = await startServer((_, response) => response.writeHead(500).end())
    const retrieval = createRetrieval(quick)
    await expect(retrieval.bytes(`${server.base}/a`)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      details: { url: `${server.base}/a`, status: 500, reason: 'the server answers 500' },
    })
    expect(server.requests).toHaveLength(3)
    await server.close()
    await expect(retrieval.bytes(`${server.base}/a`)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  })

  it('refuses what is no URL', async () => {
    await expect(createRetrieval().bytes('file:///etc/passwd')).rejects.toMatchObject({ code: 'BAD_DATA' })
    await expect(createRetrieval().bytes('')).rejects.toMatchObject({ code: 'BAD_DATA' })
    // before anything is asked for it
    const offline = createRetrieval({ offline: true })
    for (const url of ['ftp://a.org/b', 'http://', 'https://a b/'])
      await expect(offline.bytes(url)).rejects.toMatchObject({ code: 'BAD_DATA' })
  })

  it('refuses a mirror that is neither a folder nor a URL', () => {
    for (const mirror of [join(writeMirror({}), 'none'), import.meta.filename])
      expect(() => createRetrieval({ mirror })).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER' }))
  })

  it('reads 2 GiB - 1 at most, where nobody asks for less', async () => {
    const bounds: (number | undefined)[] = []
    const seen = (store: Store): Store => ({
      get: async (_, read) => {
        bounds.push(read?.maxBytes)
        return undefined
      },
      getRange: store.getRange,
    })
    await createRetrieval({ around: seen }).bytes('https://a.org/b')
    await createRetrieval({ around: seen, maxBytes: 5 }).bytes('https://a.org/b')
    expect(bounds).toEqual([2_147_483_647, 5])
  })

  it('asks for what is rejected anew once in a while, and says whether it will', async () => {
    const retrieval = createRetrieval({ rejectPauseMs: 600_000 })
    const reject = (...urls: string[]) => retrieval.reject?.(new Set(urls))
    expect([await reject(), await reject('https://a.org/b'), await reject('https://a.org/b')]).toEqual([
      false,
      true,
      false,
    ])
    expect(await reject('https://a.org/b', 'https://a.org/c')).toBe(true)
  })

  it('says so when a file is no JSON', async () => {
    const { base } = await serve({ '/a': '<html>' })
    await expect(createRetrieval(quick).json(`${base}/a`)).rejects.toMatchObject({ code: 'BAD_DATA' })
  })

  it('posts to the origin where the mirror is a folder', async () => {
    const { base, requests } = await serve({})
    const retrieval = createRetrieval({ ...quick, mirror: writeMirror({}) })
    expect(await retrieval.postJson(`${base}/move`, [1])).toEqual({ posted: [1] })
    expect(requests).toEqual(['POST /move'])
    const offline = createRetrieval({ ...quick, mirror: writeMirror({}), offline: true })
    await expect(offline.postJson(`${base}/move`, [1])).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  })

  it.each([299, 300, 404])('takes the answer %i to what it posts by its status', async (status) => {
    const server = await startServer((_, response) => response.writeHead(status).end('[1]'))
    closing.push(server.close)
    const posted = createRetrieval(quick).postJson(`${server.base}/move`, [1])
    if (status === 299) expect(await posted).toEqual([1])
    else await expect(posted).rejects.toMatchObject({ details: { status } })
  })
})

describe('members of remote zip archives', () => {
  const archive = readFileSync(join(import.meta.dirname, '../../fixtures/retrieval/deflated.zip'))

  it.each([true, false])('are read by their name or its end (server knows ranges: %s)', async (ranges) => {
    const server = await startServer((request, response) => sendBytes(request, response, archive, ranges))
    closing.push(server.close)
    const retrieval = createRetrieval(quick)
    const url = `${server.base}/a.zip`
    expect((await retrieval.zipMember(url, 'atlas/noise.bin'))!.length).toBe(3000)
    expect((await retrieval.zipMember(url, 'noise.bin'))!.length).toBe(3000)
    expect(await retrieval.zipMember(url, 'none.bin')).toBeUndefined()
    await expect(retrieval.zipMember(url, '.bin')).rejects.toThrow('fits several members')
    expect(server.requests).toHaveLength(1)
  })

  it('are not there where there is no archive, which is asked for again later', async () => {
    const files: Record<string, string> = {}
    const { base } = await serve(files)
    const retrieval = createRetrieval(quick)
    expect(await retrieval.zipMember(`${base}/a.zip`, 'x')).toBeUndefined()
    files['/a.zip'] = 'no archive'
    await expect(retrieval.zipMember(`${base}/a.zip`, 'x')).rejects.toMatchObject({ code: 'BAD_DATA' })
  })
})

describe('retrieval with a disk cache', () => {
  it('keeps what it got for later processes, apart from what a mirror server gave', async () => {
    const cacheDir = writeMirror({})
    const origin = await serve({ '/a': 'origin' })
    const mirror = await serve({ [`/${new URL(origin.base).host}/a`]: 'mirror' })
    const read = async (options: RetrievalOptions) => {
      const retrieval = createRetrieval({ ...quick, cacheDir, ...options })
      const bytes = await retrieval.bytes(`${origin.base}/a`)
      await retrieval.close()
      return Buffer.from(bytes!).toString()
    }
    for (let round = 0; round < 2; round++) {
      expect(await read({ mirror: mirror.base })).toBe('mirror')
      expect(await read({})).toBe('origin')
    }
    expect([origin.requests.length, mirror.requests.length]).toEqual([1, 1])
    expect(await read({ offline: true })).toBe('origin')
  })
})
