import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseConfig } from '../../../src/config.ts'
import { guideBelow, pageBelow } from '../../../src/server/pages/below-path.ts'
import { startTestApp, type TestApp } from '../../app.ts'

/** A request as a proxy sends it: fetch() sets Host itself. */
function ask(url: string, headers: Record<string, string> = {}) {
  return new Promise<{ status?: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const sent = request(url, { headers }, async (response) => {
      let text = ''
      for await (const part of response.setEncoding('utf8')) text += part
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
    })
    sent.on('error', reject).end()
  })
}

const lines: Record<string, unknown>[] = []
let apps: TestApp[] = []
let [plain, below, trusting] = ['', '', '']

beforeAll(async () => {
  apps = await Promise.all([
    startTestApp(),
    startTestApp(undefined, { env: { SIIBRA_API_BASE_PATH: '/atlas' } }),
    startTestApp(undefined, {
      env: {
        SIIBRA_API_TRUSTED_PROXIES: 'loopback, 10.0.0.0/8',
        SIIBRA_API_LOG_CLIENTS: '1',
        SIIBRA_API_MCP_HOSTS: 'atlas.example',
      },
      onLog: (line) => lines.push(line),
    }),
  ])
  ;[plain, below, trusting] = (await Promise.all(apps.map((app) => app.listen()))) as [string, string, string]
}, 60_000)
afterAll(() => Promise.all(apps.map((app) => app.close())))

const FORWARDED = {
  'x-forwarded-prefix': '/services/atlas/',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'atlas.example',
  'x-forwarded-for': '198.51.100.7, 203.0.113.9, 10.1.2.3',
}

describe('SIIBRA_API_BASE_PATH', () => {
  it('answers below the path, and where a proxy cut it off', async () => {
    for (const path of ['/atlas/v3_0/atlases', '/v3_0/atlases', '/atlas/v3_0/atlases']) {
      const { status, text } = await ask(below + path)
      expect([status, JSON.parse(text).total]).toEqual([200, 2])
    }
    expect((await ask(`${below}/atlases/v3_0/atlases`)).status).toBe(404)
    expect((await ask(`${below}/atlas/v3_0/atlases`)).headers['x-fastapi-cache']).toBe('hit')
  })

  it('leads to itself from pages, documents and redirects', async () => {
    const docs = await ask(`${below}/atlas/v3_0/docs`)
    expect(docs.text).toContain('"/atlas/v3_0/openapi.json"')
    expect(docs.text).not.toMatch(/(?:href|src)="\/(?!atlas\/)/)
    expect((await ask(`${below}/atlas/examples`)).text).not.toMatch(/(?:href|src)="\/(?!atlas\/)/)
    const openApi = JSON.parse((await ask(`${below}/atlas/v3_0/openapi.json`)).text)
    expect(openApi.servers).toEqual([{ url: '/atlas/v3_0' }])
    expect((await ask(`${below}/atlas/guide`)).headers.location).toBe('/atlas/guide/')
    expect((await ask(`${below}/atlas`)).headers.location).toBe('/atlas/')
    expect(JSON.parse((await ask(`${below}/atlas/about`)).text).documentation).toBe('/atlas/v3_0/docs')
    expect((await ask(`${below}/atlas/v3_0/nothing`)).text).toContain('described at /atlas/v3_0/docs')
    expect((await ask(`${below}/atlas/`)).status).toBe(200)
  })
})

describe('SIIBRA_API_TRUSTED_PROXIES', () => {
  it('believes what a trusted proxy says of path, host and scheme', async () => {
    const examples = await ask(`${trusting}/examples`, FORWARDED)
    expect(examples.text).toContain('https://atlas.example/services/atlas/v3_0/')
    expect(examples.text).toContain('href="/services/atlas/guide/"')
    const openApi = JSON.parse((await ask(`${trusting}/v3_0/openapi.json`, FORWARDED)).text)
    expect(openApi.servers).toEqual([{ url: '/services/atlas/v3_0' }])
    expect(JSON.parse((await ask(`${trusting}/v3_0/openapi.json`)).text).servers).toEqual([{ url: '/v3_0' }])
    // handed on whole, the path is cut off here
    expect((await ask(`${trusting}/services/atlas/v3_0/atlases`, FORWARDED)).status).toBe(200)
    expect((await ask(`${trusting}/services/atlas/v3_0/atlases`)).status).toBe(404)
  })

  it('says where the answer of a task will be', async () => {
    const { items } = JSON.parse((await ask(`${trusting}/v3_0/parcellations?atlas_id=demo`)).text)
    const query = `parcellation_id=${encodeURIComponent(items[0]['@id'])}`
    const region = JSON.parse((await ask(`${trusting}/v3_0/regions?${query}`)).text).items[0].name
    const sent = await ask(`${trusting}/v3_0/regions/${encodeURIComponent(region)}/features?${query}`, {
      ...FORWARDED,
      prefer: 'respond-async',
    })
    expect(sent.status).toBe(202)
    const { location } = sent.headers
    expect(location).toMatch(/^\/services\/atlas\/v3_0\/tasks\//)
    const path = String(location).slice('/services/atlas'.length)
    const result = async (headers = {}) => JSON.parse((await ask(trusting + path, headers)).text).result
    await expect.poll(() => result(FORWARDED)).toBe(`${location}/result`)
    expect(await result()).toBe(`${path}/result`)
  })

  it('tells the client that stands before all trusted proxies, and its scheme, in the log', async () => {
    const url = '/v3_0/atlases?for=log'
    await ask(trusting + url, FORWARDED)
    await ask(trusting + url, FORWARDED)
    await ask(trusting + url)
    await expect.poll(() => lines.filter(({ path }) => path === url)).toHaveLength(3)
    const told = lines.filter(({ path }) => path === url).map(({ client, scheme }) => [client, scheme])
    expect(told).toEqual([
      ['203.0.113.9', 'https'],
      ['203.0.113.9', 'https'],
      ['127.0.0.1', 'http'],
    ])
  })

  it('believes nobody else, and no path that could be more than a path', async () => {
    expect(JSON.parse((await ask(`${plain}/v3_0/openapi.json`, FORWARDED)).text).servers).toEqual([{ url: '/v3_0' }])
    expect((await ask(`${plain}/examples`, FORWARDED)).text).not.toContain('atlas.example')
    for (const prefix of ['"><script>', '//evil.example', '/a/../b', 'a b', `/${'x'.repeat(300)}`]) {
      const { text } = await ask(`${trusting}/v3_0/openapi.json`, { ...FORWARDED, 'x-forwarded-prefix': prefix })
      expect(JSON.parse(text).servers).toEqual([{ url: '/v3_0' }])
    }
  })
})

describe('Cache-Control', () => {
  it('has times of their own for caches between', async () => {
    const env = { SIIBRA_API_EDGE_CACHE_S: '3600', SIIBRA_API_EDGE_STALE_S: '86400', SIIBRA_API_BROWSER_CACHE_S: '60' }
    const app = await startTestApp(undefined, { env })
    const url = `${await app.listen()}/v3_0/atlases`
    const expected = 'public, max-age=60, s-maxage=3600, stale-while-revalidate=86400, stale-if-error=86400'
    try {
      for (let i = 0; i < 3; i++) expect((await ask(url)).headers['cache-control']).toBe(expected)
    } finally {
      await app.close()
    }
  })
})

describe('settings', () => {
  it('take a path with and without slashes, and networks', () => {
    const read = (path: string) => parseConfig({ SIIBRA_API_BASE_PATH: path }).basePath
    expect(['/atlas', 'atlas/', '/a/b-c/', '/'].map(read)).toEqual(['/atlas', '/atlas', '/a/b-c', ''])
    for (const wrong of ['/a b', 'https://host/atlas', '/a/../b', '/a"b'])
      expect(() => read(wrong)).toThrow('BASE_PATH')
    const proxies = (text: string) => parseConfig({ SIIBRA_API_TRUSTED_PROXIES: text }).trustedProxies
    expect(proxies('10.0.0.0/8, ::1')).toEqual(['10.0.0.0/8', '::1'])
    for (const wrong of ['proxy.example', '10.0.0.0/40', '1.2.3'])
      expect(() => proxies(wrong)).toThrow('TRUSTED_PROXIES')
  })
})

describe('pages below a path', () => {
  it('keep addresses of other hosts and relative ones', () => {
    const html = '<a href="/x"></a><a href="//cdn"></a><a href="./y"></a><script src="/z.js"></script>'
    expect(pageBelow('', html)).toBe(html)
    expect(pageBelow('/p', html)).toBe(
      '<a href="/p/x"></a><a href="//cdn"></a><a href="./y"></a><script src="/p/z.js"></script>',
    )
    expect(guideBelow('/p', 'base:"/guide/",x:"/guidelines",y:\'/v3_0/docs\'')).toBe(
      'base:"/p/guide/",x:"/guidelines",y:\'/p/v3_0/docs\'',
    )
  })
})
