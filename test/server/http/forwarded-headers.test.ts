import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { createForwarded } from '../../../src/server/http/forwarded.ts'

const PROXY = '10.0.0.1'
const trusting = createForwarded({ basePath: '/own', trustedProxies: ['127.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8'] })

/** A request as far as it is looked at: its headers, and who sent it. */
const sent = (rawHeaders: string[], remoteAddress: string | undefined = PROXY) =>
  ({ rawHeaders, socket: { remoteAddress } }) as unknown as IncomingMessage

test.each([
  ['203.0.113.9', PROXY, '203.0.113.9'],
  ['198.51.100.7, 203.0.113.9 ,10.1.2.3', PROXY, '203.0.113.9'],
  ['203.0.113.9, 10.1.2.3, fd00::5', '::1', '203.0.113.9'],
  ['::ffff:203.0.113.9, ::ffff:10.1.2.3', '::ffff:10.0.0.1', '203.0.113.9'],
  ['2001:db8::1', PROXY, '2001:db8::1'],
  // nobody but proxies, and names that are no addresses: who sent it is all that is known
  ['10.1.2.3, 127.0.0.1', PROXY, PROXY],
  ['unknown', PROXY, PROXY],
  ['203.0.113.9, unknown, 10.1.2.3', PROXY, PROXY],
  // anybody may say anything
  ['203.0.113.9', '192.0.2.1', '192.0.2.1'],
  ['203.0.113.9', '::ffff:192.0.2.1', '192.0.2.1'],
  ['203.0.113.9', '2001:db8::2', '2001:db8::2'],
])('who asks for %s, by %s, is %s', (hops, peer, client) => {
  expect(trusting.clientOf(sent(['X-Forwarded-For', hops], peer))).toBe(client)
})

test('a header is found by its name, and goes on where it is said again', () => {
  const request = sent([
    'x-forwarded-foo',
    '198.51.100.1',
    'X-Forwarded-For',
    '198.51.100.7',
    'x-forwarded-for',
    '10.9.9.9',
  ])
  expect(trusting.clientOf(request)).toBe('198.51.100.7')
  const further = sent(['x-forwarded-for', '198.51.100.7', 'accept', '*/*', 'x-forwarded-for', '203.0.113.9'])
  expect(trusting.clientOf(further)).toBe('203.0.113.9')
  expect(trusting.clientOf(sent(['accept', '198.51.100.7']))).toBe(PROXY)
  expect(createForwarded({ basePath: '', trustedProxies: [] }).clientOf(further)).toBe(PROXY)
})

test.each([
  [['x-forwarded-prefix', ' /atlas// '], '/atlas'],
  [['x-forwarded-prefix', '/'], ''],
  [['x-forwarded-prefix', 'a b'], '/own'],
  [['x-forwarded-suffix', '/atlas'], '/own'],
  [[], '/own'],
])('%j stands below %j', (headers, prefix) => {
  expect(trusting.prefixOf(sent(headers))).toBe(prefix)
  expect(trusting.prefixOf(sent(headers, '192.0.2.1'))).toBe('/own')
})

test('the scheme is that which the nearest proxy says', () => {
  const schemeOf = (value: string) => trusting.schemeOf(sent(['x-forwarded-proto', value]))
  expect(['https', 'http, https', 'https, http', 'wss'].map(schemeOf)).toEqual(['https', 'https', 'http', 'http'])
})

test.each([
  ['/atlas/v3_0', '/atlas', '/v3_0'],
  ['/atlas/', '/atlas', '/'],
  ['/atlas', '/atlas', '/atlas'],
  ['/atlases/v3_0', '/atlas', '/atlases/v3_0'],
  // as long as the path, and another
  ['/other/v3_0', '/atlas', '/other/v3_0'],
  ['/v3_0', '', '/v3_0'],
  [undefined, '/atlas', '/'],
])('%s below %j is %s', (url, prefix, below) => {
  expect(trusting.urlBelow({ url } as IncomingMessage, prefix)).toBe(below)
})
