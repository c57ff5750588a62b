import type { IncomingMessage, ServerResponse } from 'node:http'
import { expect, test, vi } from 'vitest'
import type { CacheEntry, ResponseCache } from '../../../../src/server/cache/cache.ts'
import { createHotPath, type HotPathOptions } from '../../../../src/server/http/kept/hot-path.ts'
import type { RouteRecord } from '../../../../src/server/routes/route.ts'
import { createEntry } from '../../cache/conformance.ts'

const route = (criticality: string, forms?: object) =>
  ({ criticality, path: '/x', response: { json: {}, forms } }) as unknown as RouteRecord
const CRITICAL = route('critical')

/** The short way beside a cache of one entry, under the key `k`; `ask` says with which status it answered, if it did. */
function createWay(entry: CacheEntry | undefined = createEntry(), cacheParts: Partial<ResponseCache> = {}) {
  const turns: string[] = []
  const onAnswer = vi.fn<HotPathOptions['onAnswer']>()
  const cache = { peek: (key: string) => (key === 'k' ? entry : undefined), ...cacheParts }
  const way = createHotPath({
    cache: cache as ResponseCache,
    yielder: {
      take: (criticality, work, isKept) => {
        turns.push(`${criticality} ${isKept}`)
        work()
      },
      wait: async () => {},
    },
    base: () => ({ list: ['server', 's'], record: {} }),
    cacheControl: 'public',
    prefix: '/p',
    nextId: (given) => given ?? 'made',
    loggedPath: (url) => JSON.stringify(url),
    onAnswer,
  })
  const learn = (url: string, more: object = {}) =>
    way.learn({ url, prefix: '/p', accept: undefined, key: 'k', route: CRITICAL, ofUrl: [], ...more })
  const ask = (url: string, rawHeaders: string[] = [], method = 'GET') => {
    const writeHead = vi.fn()
    const response = { writeHead, end() {}, shouldKeepAlive: false } as unknown as ServerResponse
    const isAnswered = way.answer({ url, method, rawHeaders } as IncomingMessage, response)
    return isAnswered ? (writeHead.mock.calls[0]?.[0] ?? 'nothing') : undefined
  }
  return { learn, ask, turns, onAnswer }
}

test('what was learned is answered by GET, where it asks for nothing else', () => {
  const beganMs = performance.now()
  const { learn, ask, onAnswer } = createWay()
  expect(ask('/a')).toBeUndefined()
  learn('/a')
  expect([ask('/a'), ask('/a', [], 'HEAD'), ask('/b'), ask('/a', ['range', 'bytes=0-1'])]).toEqual([
    200,
    undefined,
    undefined,
    undefined,
  ])
  expect(ask('/a', ['if-none-match', '"1"', 'x-request-id', 'given'])).toBe(304)
  expect(onAnswer.mock.calls.map(([{ id, status, urlJson }]) => [id, status, urlJson])).toEqual([
    ['made', 200, '"/a"'],
    ['given', 304, '"/a"'],
  ])
  for (const [{ ms }] of onAnswer.mock.calls) expect(ms >= 0 && ms <= performance.now() - beganMs).toBe(true)
})

test('what is less than critical is answered in its turn', () => {
  const { learn, ask, turns } = createWay()
  for (const criticality of ['critical', 'normal']) {
    learn(`/${criticality}`, { route: route(criticality) })
    expect(ask(`/${criticality}`)).toBe(200)
  }
  expect(turns).toEqual(['critical true', 'normal true'])
})

test('too long a URL, another path before it, or a cache without a quick look is not learned', () => {
  const { learn, ask } = createWay()
  const [longest, tooLong] = ['/'.padEnd(2048, 'x'), '/'.padEnd(2049, 'x')]
  for (const url of [longest, tooLong]) learn(url)
  learn('/other', { prefix: '/q' })
  learn('/none', { prefix: undefined })
  expect([longest, tooLong, '/other', '/none'].map((url) => ask(url))).toEqual([200, undefined, undefined, undefined])
  const slow = createWay(createEntry(), { peek: undefined })
  slow.learn('/a')
  expect(slow.ask('/a')).toBeUndefined()
})

test('a stale answer, one that is gone, and one that node would refuse are not sent', () => {
  for (const entry of [createEntry({ staleAtMs: 1 }), createEntry({ headers: { 'x-note': 'a\nb' } })]) {
    const { learn, ask } = createWay(entry)
    learn('/a')
    learn('/gone', { key: 'gone' })
    expect([ask('/a'), ask('/gone')]).toEqual([undefined, undefined])
  }
})

test('a route of several forms has one for each header Accept, up to sixteen', () => {
  const { learn, ask } = createWay()
  const several = route('critical', {})
  const knows = (n: number) => ask('/a', ['accept', `a/${n}`]) !== undefined
  for (let n = 0; n < 16; n++) learn('/a', { accept: `a/${n}`, route: several })
  expect([knows(0), knows(15), knows(16)]).toEqual([true, true, false])
  learn('/a', { accept: 'a/16', route: several })
  expect([knows(0), knows(16)]).toEqual([false, true])
  // others have one form, whatever is accepted
  learn('/b', { accept: 'a/1' })
  expect(ask('/b', ['accept', 'a/2'])).toBe(200)
})
