import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { parseConfig, proxiesOf } from '../../../../src/config.ts'
import { isPrivateAddress, isPrivateHost } from '../../../../src/siibra/private-hosts.ts'
import { createHttpClient } from '../../../../src/siibra/retrieval/stores/http-client.ts'
import { proxyFor } from '../../../../src/siibra/retrieval/stores/proxy.ts'
import { publicLookup } from '../../../../src/siibra/retrieval/stores/public-lookup.ts'
import { startServer } from '../http-stand-in.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** Answers of requests.utils.select_proxy and should_bypass_proxies (requests 2.32). */
describe('which proxy a URL takes', () => {
  const settings = { http: 'http://web:1', https: 'secure:2', all: 'http://rest:3' }
  it.each([
    ['http://a.org/', undefined, 'http://web:1/'],
    ['https://a.org/', undefined, 'http://secure:2/'],
    ['http://a.org/', 'a.org', undefined],
    ['http://x.a.org/', 'a.org', undefined],
    ['http://x.a.org/', '.a.org', undefined],
    ['http://a.org/', '.a.org', undefined],
    ['http://xa.org/', 'a.org', undefined],
    ['http://xa.org/', '.a.org', 'http://web:1/'],
    ['http://A.org/', ' b.org , A.ORG', undefined],
    ['http://a.org:8080/', 'a.org:8080', undefined],
    ['http://a.org:8080/', 'a.org', undefined],
    ['http://a.org:8080/', 'a.org:80', 'http://web:1/'],
    ['http://10.1.2.3/', '10.0.0.0/8', undefined],
    ['http://11.1.2.3/', '10.0.0.0/8', 'http://web:1/'],
    ['http://10.1.2.3/', '10.1.2.3', undefined],
    ['http://10.1.2.3:99/', '10.1.2.3', undefined],
    ['http://[::1]/', '::1', undefined],
    ['http://a.org/', '*', undefined],
    ['http://a.org/', 'b.org,,', 'http://web:1/'],
    ['http://11.1.2.3/', '10.0.0.0/0', 'http://web:1/'],
    ['http://191.1.2.3/', '128.0.0.0/1', undefined],
    ['http://10.1.2.3/', '10.1.2.3/32', undefined],
    ['http://10.1.2.4/', '10.1.2.3/32', 'http://web:1/'],
    ['http://10.1.2.3/', '10.1.2.3/33', 'http://web:1/'],
    ['http://10.1.2.3/', '10.1.2/24', 'http://web:1/'],
    ['http://10.1.2.3/', '1.2.3', 'http://web:1/'],
    ['http://[::1]:99/', '::1:99', undefined],
    ['http://[::1]/', '::/0', 'http://web:1/'],
    ['http://a.org/', '*,b.org', 'http://web:1/'],
    ['http://a.org/', '.', 'http://web:1/'],
  ])('%s with NO_PROXY=%s: %s', (url, no, proxy) => {
    expect(proxyFor(new URL(url), { ...settings, no })?.href).toBe(proxy)
  })

  it('takes ALL_PROXY for schemes without one, and none where nothing is named', () => {
    expect(proxyFor(new URL('https://a.org'), { http: 'web:1', all: 'rest:3' })?.href).toBe('http://rest:3/')
    expect(proxyFor(new URL('https://a.org'), { http: 'web:1' })).toBeUndefined()
  })

  it('is told by the environment in both cases, small letters first', () => {
    const read = (env: Record<string, string>) => proxiesOf(parseConfig(env))
    expect(read({ HTTP_PROXY: 'a', HTTPS_PROXY: 'b', NO_PROXY: 'c' })).toMatchObject({ http: 'a', https: 'b', no: 'c' })
    expect(read({ http_proxy: 'a', HTTP_PROXY: 'b' })).toMatchObject({ http: 'a' })
  })
})

/** A proxy that answers for every host, and opens tunnels to one address; tells what it was asked. */
async function startProxy(tunnelPort = 9) {
  const asked: string[] = []
  const proxy: Server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim())
    if (request.url?.endsWith('/moved')) response.writeHead(302, { location: 'http://127.0.0.1:9/secret' }).end()
    else if (request.url?.endsWith('/metadata')) response.writeHead(302, { location: 'http://169.254.169.254/' }).end()
    else if (request.url?.endsWith('/local')) response.writeHead(302, { location: 'http://localhost:9/' }).end()
    else if (request.url?.endsWith('/public')) response.writeHead(302, { location: 'http://b.example/x' }).end()
    else response.end('by proxy')
  })
  proxy.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`)
    const target = connect(tunnelPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      target.pipe(socket).pipe(target)
    })
    for (const end of [target, socket]) end.on('error', () => {})
  })
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done))
  closing.push(() => {
    proxy.closeAllConnections()
    proxy.close()
  })
  return { url: `user:secret@127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked }
}

const text = async (reading: Promise<{ body: Uint8Array }>) => new TextDecoder().decode((await reading).body)

describe('requests through a proxy', () => {
  it('of http URLs name the whole URL, with the credentials of the proxy, on one connection', async () => {
    const { url, asked } = await startProxy()
    const client = createHttpClient({ proxies: { http: url } })
    expect(await text(client.request('http://a.example/x?y=1'))).toBe('by proxy')
    expect(await text(client.request('http://a.example/z'))).toBe('by proxy')
    const credentials = `Basic ${Buffer.from('user:secret').toString('base64')}`
    expect(asked).toEqual([`GET http://a.example/x?y=1 ${credentials}`, `GET http://a.example/z ${credentials}`])
    client.close()
  })

  it('of https URLs go through a tunnel', async () => {
    // speaks no TLS, so that it ends with the first bytes that come through
    const bytes: Buffer[] = []
    const target = createTcpServer((socket) => socket.once('data', (hello) => socket.end(String(bytes.push(hello)))))
    await new Promise<void>((done) => target.listen(0, '127.0.0.1', done))
    closing.push(() => target.close())
    const { url, asked } = await startProxy((target.address() as AddressInfo).port)
    const client = createHttpClient({ proxies: { https: url } })
    await expect(client.request('https://a.example/x')).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    expect(asked).toEqual(['CONNECT a.example:443'])
    expect(bytes.map((hello) => hello.includes('a.example'))).toEqual([true])
    client.close()
  })

  it('are not made for hosts that are excepted', async () => {
    const { url, asked } = await startProxy()
    const direct = await startServer((_, response) => response.end('direct'))
    closing.push(direct.close)
    const client = createHttpClient({ proxies: { http: url, no: '127.0.0.0/8' } })
    expect(await text(client.request(direct.base))).toBe('direct')
    expect(asked).toEqual([])
    client.close()
  })

  it('are refused by kinds that are not known', async () => {
    const client = createHttpClient({ proxies: { http: 'socks5://127.0.0.1:9' } })
    await expect(client.request('http://a.example/')).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  })
})

describe('redirects of public servers', () => {
  it.each(['moved', 'metadata', 'local'])('to the own network are not followed: %s', async (path) => {
    const { url, asked } = await startProxy()
    const client = createHttpClient({ proxies: { http: url, no: '127.0.0.1,localhost' } })
    await expect(client.request(`http://a.example/${path}`)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      details: { reason: expect.stringContaining('private address') },
    })
    expect(asked).toHaveLength(1)
    client.close()
  })

  it('to other public servers are', async () => {
    const { url } = await startProxy()
    const client = createHttpClient({ proxies: { http: url } })
    expect(await text(client.request('http://a.example/public'))).toBe('by proxy')
    client.close()
  })

  it('to the own network are followed where that is allowed', async () => {
    const { url } = await startProxy()
    const client = createHttpClient({ proxies: { http: url }, allowsPrivateRedirects: true })
    expect(await text(client.request('http://a.example/moved'))).toBe('by proxy')
    client.close()
  })

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '192.168.0.1',
    '172.31.0.1',
    '::1',
    'fe80::1',
    'fd00::1',
    '::ffff:10.0.0.1',
    '0.0.0.0',
  ])('know %s', (address) => expect(isPrivateAddress(address)).toBe(true))

  it('know names that lead there, and public ones', async () => {
    expect(['localhost', 'a.localhost', '[::1]', new URL('http://2130706433/').hostname].every(isPrivateHost)).toBe(
      true,
    )
    expect(['8.8.8.8', '2001:4860:4860::8888', 'example.org', 'localhost.example.org'].some(isPrivateHost)).toBe(false)
    const failure = await new Promise((done) => publicLookup('localhost', { all: false }, done))
    expect(String(failure)).toContain('private address')
    const look = (all: boolean) => new Promise((done) => publicLookup('8.8.8.8', { all }, (...said) => done(said)))
    expect(await look(false)).toEqual([null, '8.8.8.8', 4])
    expect(await look(true)).toEqual([null, [{ address: '8.8.8.8', family: 4 }]])
  })
})
