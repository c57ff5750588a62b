import { expect, test } from 'vitest'
import { describeRedisUrl, hasFailover, parseRedisAddress } from '../../src/platform/redis-address.ts'
import { redactCredentials } from '../../src/siibra/index.ts'

const noLogin = { username: undefined, password: undefined, isEncrypted: false }
const noSentinelLogin = { sentinelUsername: undefined, sentinelPassword: undefined }

test.each([
  ['redis://:secret@redis:6379/2', { kind: 'one', url: 'redis://:secret@redis:6379/2' }],
  ['rediss://host', { kind: 'one', url: 'rediss://host' }],
  [
    'redis+sentinel://a:26380,b/mymaster',
    {
      kind: 'sentinel',
      nodes: [
        { host: 'a', port: 26380 },
        { host: 'b', port: 26379 },
      ],
      name: 'mymaster',
      database: 0,
      ...noLogin,
      ...noSentinelLogin,
    },
  ],
  [
    'rediss+sentinel://me:p%40s%2Fs@[::1]:1/the%20one/3?sentinelPassword=q%26q&sentinelUsername=watcher',
    {
      kind: 'sentinel',
      nodes: [{ host: '::1', port: 1 }],
      name: 'the one',
      database: 3,
      username: 'me',
      password: 'p@s/s',
      isEncrypted: true,
      sentinelUsername: 'watcher',
      sentinelPassword: 'q&q',
    },
  ],
  [
    'redis+cluster://:secret@n1, n2:7000/0',
    {
      kind: 'cluster',
      nodes: [
        { host: 'n1', port: 6379 },
        { host: 'n2', port: 7000 },
      ],
      ...noLogin,
      password: 'secret',
    },
  ],
])('%s', (text, address) => {
  expect(parseRedisAddress(text)).toEqual(address)
  expect(hasFailover(text)).toBe(address.kind !== 'one')
})

test.each([
  ['http://redis', /redis:\/\/.*redis\+sentinel:\/\/.*redis\+cluster:\/\//s],
  ['redis', /not a URL of the form/],
  ['redis+sentinel://a:1,b:2', /by its name/],
  ['redis+sentinel://a/m/0/1', /by its name/],
  ['redis+sentinel://a/m/x', /"x" is not a number/],
  ['redis+sentinel:///m', /"" is not of the form host/],
  ['redis+sentinel://a:66000/m', /"a:66000" is not of the form/],
  ['redis+sentinel://a,,b/m', /not of the form host/],
  ['redis+sentinel://a/m?password=x', /"password" is not one of sentinelUsername/],
  ['redis+sentinel://:%zz@a/m', /percent-encoded/],
  ['redis+cluster://a/3', /no databases/],
  ['redis+cluster://a?x=1', /no query/],
  ['redis+cluster://', /not of the form host/],
  ['redis+clusters://a', /not a URL of the form/],
])('%s is refused', (text, why) => {
  expect(() => parseRedisAddress(text)).toThrow(why)
})

test.each([
  ['redis://:secret@redis:6379/2', 'redis://redis:6379/2'],
  ['rediss+sentinel://me:secret@a,[::1]:1/m/3?sentinelPassword=secret', 'rediss+sentinel://a:26379,[::1]:1/m/3'],
  ['redis+cluster://:secret@a:1,b:2', 'redis+cluster://a:1,b:2'],
  ['redis+cluster://', 'a Redis URL that cannot be read'],
])('%s is shown without what is secret', (text, shown) => {
  expect(describeRedisUrl(text)).toBe(shown)
  expect(redactCredentials(`${text} is away`)).not.toContain('secret')
})
