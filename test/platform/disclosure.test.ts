import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { answerForClients, forClients, keepPrivate } from '../../src/platform/disclosure.ts'

keepPrivate({
  configuration: '/srv/atlases/lab/configuration',
  mirror: 'https://me:s3cret@copies.example.org/all/',
  cacheDir: '/srv/cache',
  localSnapshotDir: '/srv/cache/snapshot',
  logDir: '/data',
})

test.each([
  ['/srv/atlases/lab/configuration/maps/a.json is no JSON', '(configuration)/maps/a.json is no JSON'],
  ['/srv/cache/remote/x and /srv/cache/snapshot/y', '(cache)/remote/x and (snapshot)/y'],
  ['/srv/cache2 is another', '/srv/cache2 is another'],
  [
    'https://me:s3cret@copies.example.org/all/data.org/x.nii.gz cannot be had',
    '(mirror)/data.org/x.nii.gz cannot be had',
  ],
  ['ENOENT: open "/data/x"', 'ENOENT: open "(log)/x"'],
  ['file:///srv/cache/x', 'file://(cache)/x'],
  ['http://u:p@10.1.2.3:8080/x: refused', 'http://(internal address)/x: refused'],
  ['redis://:p@redis.prod.svc:6379/1', 'redis://(internal address)/1'],
  ['http://[::1]:8080/x', 'http://(internal address)/x'],
  ['connect ECONNREFUSED 127.0.0.1:6379', 'connect ECONNREFUSED (internal address)'],
  ['connect ECONNREFUSED ::1:6379', 'connect ECONNREFUSED (internal address)'],
  ['getaddrinfo ENOTFOUND redis', 'getaddrinfo ENOTFOUND (internal address)'],
  ['getaddrinfo EAI_AGAIN copies.prod.svc.cluster.local', 'getaddrinfo EAI_AGAIN (internal address)'],
  [`ENOENT: open '${join(tmpdir(), 'x')}'`, "ENOENT: open '(temporary folder)/x'"],
  [`at ${resolve('src', 'main.ts')}`, 'at (program)/main.ts'],
])('%s', (text, expected) => {
  expect(forClients(text)).toBe(expected)
})

test.each([
  'https://neuroglancer.humanbrainproject.eu/precomputed/x/info cannot be had: the server answers 503',
  'getaddrinfo ENOTFOUND data-proxy.ebrains.eu',
  'https://host.org/data/x and a/data/y',
  'the box 10.0 20.5 30, version 1.18.3.4, ratio 3::4',
  "No region matches 'a/b:c'. Known: v1.2, /x/y",
  'minds/core/parcellationatlas/v1.0.0/94c1125b-b87e-45e4-901c-00daee7f2579-290',
  'the point 10.0.1.5mm',
  'it cannot be read as an archive, nor connect the two',
])('%s stays as it is', (text) => {
  expect(forClients(text)).toBe(text)
})

test('answers are told the same way, at any depth', () => {
  expect(answerForClients({ url: '/srv/cache/a', list: [{ at: '/srv/cache/b', n: 1 }] })).toEqual({
    url: '(cache)/a',
    list: [{ at: '(cache)/b', n: 1 }],
  })
})
