import { pino } from 'pino'
import { afterAll, describe, expect, test } from 'vitest'
import { parseConfig } from '../../../src/config.ts'
import { createInlineDispatcher } from '../../../src/dispatch/scheduling/inline.ts'
import { buildServer } from '../../../src/server/build-server.ts'
import { createMemoryCache } from '../../../src/server/cache/memory.ts'
import { createServiceState } from '../../../src/server/service.ts'

const dispatcher = createInlineDispatcher({
  handlers: new Map(),
  core: () => Promise.reject(new Error('no core')),
  sharedDir: '/nonexistent',
})
const createApp = (env: Record<string, string>) =>
  buildServer(parseConfig(env), {
    dispatcher,
    cache: createMemoryCache({ maxBytes: 0 }),
    logger: pino({ level: 'silent' }),
    info: { apiVersion: '1', packageVersion: '1', gitHash: 'x', role: 'all' },
    state: createServiceState(),
  })

const guarded = createApp({ SIIBRA_API_OPERATOR_PASSWORD: 'sesame' })
const open = createApp({})
afterAll(() => Promise.all([guarded.close(), open.close()]))
const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })

describe.each(['/status', '/status.json', '/metrics'])('%s', (url) => {
  test('is for those who know the password, where one is set', async () => {
    for (const headers of [{}, basic('me:wrong'), basic('sesame'.slice(1)), { authorization: 'Bearer sesame' }]) {
      const answer = await guarded.inject({ url, headers })
      expect(answer.statusCode).toBe(401)
      expect(answer.headers['www-authenticate']).toMatch(/^Basic realm=/)
      expect(answer.body).not.toContain('uptime')
    }
    expect((await guarded.inject({ url, headers: basic('anybody:sesame') })).statusCode).toBe(200)
    expect((await open.inject(url)).statusCode).toBe(200)
  })
})

test('probes and the API are for everybody', async () => {
  for (const url of ['/livez', '/about', '/v3_0/openapi.json', '/docs'])
    expect([url, (await guarded.inject(url)).statusCode]).toEqual([url, 200])
})

test('every answer is what its type says; pages load nothing from elsewhere and run no scripts of their own', async () => {
  for (const url of ['/', '/docs', '/status', '/nothing', '/v3_0/nothing', '/about']) {
    const { headers } = await open.inject(url)
    expect([url, headers['x-content-type-options']]).toEqual([url, 'nosniff'])
    if (!String(headers['content-type']).startsWith('text/html')) continue
    expect(headers['content-security-policy']).toMatch(/default-src 'self'.*object-src 'none'.*frame-ancestors 'self'/)
    expect(headers['content-security-policy']).not.toContain("script-src 'unsafe-inline'")
  }
})
