import { expect, test } from 'vitest'
import { isPrivateHost } from '../../src/siibra/private-hosts.ts'

test.each([
  ...[
    '127.0.0.1',
    '127.1.2.3',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '0.0.0.0',
  ],
  ...['100.64.1.1', '[::1]', '::1', '[::]', 'fe80::1', '[fd00:1::2]', '::ffff:127.0.0.1', '[::ffff:a00:1]'],
  ...['localhost', 'redis', 'mirror.local', 'a.b.svc', 'x.svc.cluster.local', 'metadata.google.internal', 'localhost.'],
])('%s is', (host) => {
  expect(isPrivateHost(host)).toBe(true)
})

test.each([
  '8.8.8.8',
  '172.32.0.1',
  '11.0.0.1',
  '[2001:4860::8888]',
  '::ffff:8.8.8.8',
  'github.com',
  'local.example.org',
])('%s is not', (host) => {
  expect(isPrivateHost(host)).toBe(false)
})

test('as URL writes them', () => {
  for (const url of ['http://0x7f.1/', 'http://2130706433/', 'http://[0:0:0:0:0:ffff:7f00:1]/'])
    expect(isPrivateHost(new URL(url).hostname), url).toBe(true)
})
