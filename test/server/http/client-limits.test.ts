import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../../src/config.ts'
import { createAddressOf, createClientLimits } from '../../../src/server/http/client-limits.ts'
import { baseHeaders } from '../../../src/server/http/headers.ts'

const base = () => baseHeaders('1', false)
const from = (address: string, { url = '/v3_0/atlases', method = 'GET', forwarded = '' } = {}) =>
  ({
    url,
    method,
    socket: { remoteAddress: address },
    rawHeaders: forwarded === '' ? [] : ['X-Forwarded-For', forwarded],
  }) as unknown as IncomingMessage

/** An answer that tells what was sent, and can be ended. */
function answer() {
  let close = () => {}
  const sent = {
    status: 0,
    headers: {} as Record<string, string>,
    body: '',
    once(_: string, hear: () => void) {
      close = hear
    },
    writeHead(status: number, headers: Record<string, string>) {
      Object.assign(sent, { status, headers })
    },
    end(body: string) {
      sent.body = body
    },
    close: () => close(),
  }
  return sent as typeof sent & ServerResponse
}

function limits(env: Record<string, string>) {
  let nowMs = 0
  const refuse = createClientLimits(parseConfig(env), base, () => nowMs)
  return {
    wait(ms: number) {
      nowMs += ms
    },
    ask(request: IncomingMessage) {
      const response = answer()
      const isRefused = refuse?.(request, response) ?? false
      return { ...response, isRefused, close: response.close }
    },
  }
}

test('nothing is counted unless it is set', () => {
  expect(createClientLimits(parseConfig({}), base)).toBeUndefined()
})

describe('the rate of a client', () => {
  const env = { SIIBRA_API_CLIENT_RATE: '10', SIIBRA_API_CLIENT_BURST: '60' }

  test('a session of siibra-explorer does not meet it; a flood does, and is told when to come back', () => {
    const { ask, wait } = limits(env)
    for (let i = 0; i < 51; i++) expect(ask(from('10.0.0.1')).isRefused).toBe(false)
    for (let i = 0; i < 9; i++) ask(from('10.0.0.1'))
    const refused = ask(from('10.0.0.1'))
    expect(refused).toMatchObject({ isRefused: true, status: 429, headers: { 'retry-after': '1' } })
    expect(refused.headers).toMatchObject(base().record)
    const { error, status_code, message } = JSON.parse(refused.body)
    expect([error, status_code, JSON.parse(message).code]).toEqual([true, 429, 'TOO_MANY_REQUESTS'])
    expect(ask(from('10.0.0.2')).isRefused).toBe(false)
    wait(100)
    expect(ask(from('10.0.0.1')).isRefused).toBe(false)
    expect(ask(from('10.0.0.1')).isRefused).toBe(true)
    wait(1e9)
    for (let i = 0; i < 60; i++) expect(ask(from('10.0.0.1')).isRefused).toBe(false)
    expect(ask(from('10.0.0.1')).isRefused).toBe(true)
  })

  test('who is refused is told when there is a token again', () => {
    const { ask, wait } = limits({ SIIBRA_API_CLIENT_RATE: '0.25', SIIBRA_API_CLIENT_BURST: '1' })
    const retryAfter = () => ask(from('10.0.0.1', { method: 'POST' })).headers['retry-after']
    expect([retryAfter(), retryAfter()]).toEqual([undefined, '4'])
    wait(2000)
    expect(retryAfter()).toBe('2')
    wait(2000)
    expect(retryAfter()).toBeUndefined()
  })

  test('probes and metrics are exempt, and what only begins like them is not', () => {
    const { ask } = limits({ ...env, SIIBRA_API_CLIENT_BURST: '1' })
    ask(from('10.0.0.1'))
    for (const url of ['/livez', '/ready', '/readyz?x', '/metrics'])
      expect(ask(from('10.0.0.1', { url })).isRefused).toBe(false)
    for (const url of ['/readyness', '/metrics/x', '/']) expect(ask(from('10.0.0.1', { url })).isRefused).toBe(true)
  })
})

test('requests and uploads under way are counted until they have ended', () => {
  const { ask } = limits({ SIIBRA_API_CLIENT_REQUESTS: '3', SIIBRA_API_CLIENT_UPLOADS: '1' })
  const upload = from('10.0.0.1', { method: 'POST' })
  const first = ask(upload)
  expect(first.isRefused).toBe(false)
  expect(ask(upload)).toMatchObject({ isRefused: true, status: 429, headers: { 'retry-after': '2' } })
  const reads = [ask(from('10.0.0.1')), ask(from('10.0.0.1'))]
  expect(reads.map(({ isRefused }) => isRefused)).toEqual([false, false])
  expect(ask(from('10.0.0.1'))).toMatchObject({ isRefused: true, status: 429 })
  expect(ask(from('10.0.0.9')).isRefused).toBe(false)
  first.close()
  expect(ask(upload).isRefused).toBe(false)
})

test('without a rate, requests one after the other are never too many', () => {
  const { ask } = limits({ SIIBRA_API_CLIENT_REQUESTS: '1' })
  for (let i = 0; i < 1000; i++) {
    const { isRefused, close } = ask(from('10.0.0.1'))
    expect(isRefused).toBe(false)
    close()
  }
})

describe('who a client is', () => {
  const behind = (trusted: string, address: string, forwarded = '') =>
    createAddressOf(parseConfig({ SIIBRA_API_TRUSTED_PROXIES: trusted }).trustedProxies)(from(address, { forwarded }))

  test.each([
    ['nobody is trusted: the header counts for nothing', '', '10.0.0.1', '1.2.3.4', '10.0.0.1'],
    ['behind a trusted proxy', '10.0.0.0/8', '10.0.0.1', '1.2.3.4', '1.2.3.4'],
    [
      'the last that is no proxy, whatever was written before',
      '10.0.0.0/8',
      '10.0.0.1',
      '9.9.9.9, 1.2.3.4, 10.0.0.7',
      '1.2.3.4',
    ],
    ['another proxy than the trusted one', '10.0.0.2', '10.0.0.1', '1.2.3.4', '10.0.0.1'],
    ['no address in the header', 'loopback', '127.0.0.1', 'unknown', '127.0.0.1'],
    ['without the header', 'loopback', '127.0.0.1', '', '127.0.0.1'],
    ['IPv4 by a socket of IPv6', 'loopback', '::ffff:127.0.0.1', '1.2.3.4', '1.2.3.4'],
    ['IPv6: its network', '', '2001:db8::1:2:3', '', '2001:db8:0:0'],
    ['IPv6, short at its end', '', '2001:db8::', '', '2001:db8:0:0'],
    ['IPv6, short at its beginning', '', '::7', '', '0:0:0:0'],
    ['IPv6, whole', '', '2001:0db8:0:1:2:3:4:5', '', '2001:db8:0:1'],
    ['IPv6 that leaves out one group', '', '2001:db8::1:2:3:4:5', '', '2001:db8:0:1'],
    ['IPv6 behind a proxy of IPv6', '::1', '::1', '2001:db8:0:7:1::9', '2001:db8:0:7'],
  ])('%s', (_, trusted, address, forwarded, expected) => {
    expect(behind(trusted, address, forwarded)).toBe(expected)
  })

  test.each(['somewhere', '10.0.0.0/33', '10.0.0.0/x', '::1/129'])('%s cannot be trusted', (value) => {
    expect(() => parseConfig({ SIIBRA_API_TRUSTED_PROXIES: value })).toThrow(/TRUSTED_PROXIES/)
  })
})
