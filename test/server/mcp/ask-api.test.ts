import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import type { Api } from '../../../src/server/api.ts'
import type { Answer, ApiRequest } from '../../../src/server/http/exchange.ts'
import { askApi } from '../../../src/server/mcp/ask-api.ts'
import { routeOf } from '../route-of.ts'

const PART = Buffer.alloc(2 ** 20)

/** Asks an API that answers so; `during` sees the request. */
function ask(
  answer: Partial<Answer>,
  during: (request: ApiRequest) => void = () => {},
  signal = new AbortController().signal,
) {
  const api: Api = {
    match: (url) => (url === '/v3_0/things' ? { route: routeOf(), pathParams: {} } : undefined),
    methods: () => [],
    answer(request) {
      during(request)
      return { status: 200, headers: ['etag', '"e"', 'content-type', 'text/csv'], body: undefined, ...answer }
    },
  }
  return (path = '/v3_0/things') => askApi(api)(path, 'text/csv', signal)
}

const told = (text: string, contentType = 'text/csv') => ({ status: 200, contentType, bytes: Buffer.from(text) })

test('an answer is read whole, however it comes', async () => {
  const seen: ApiRequest[] = []
  expect(await ask({ body: 'é' }, (request) => seen.push(request))()).toEqual(told('é'))
  expect(seen).toMatchObject([
    { method: 'GET', url: '/v3_0/things', headers: { accept: 'text/csv' }, isInner: false, cacheOutcome: 'none' },
  ])
  expect(await ask({ body: Buffer.from('b') })()).toEqual(told('b'))
  expect(await ask({})()).toEqual(told(''))
  expect(await ask({ body: Readable.from([Buffer.from('c'), Buffer.from('d')]) })()).toEqual(told('cd'))
  expect(await ask({ body: 'e', headers: [] })()).toEqual(told('e', ''))
  expect(await ask({ body: 'e', headers: ['content-type', 'x'] })()).toEqual(told('e', 'x'))
  await expect(ask({})('/v3_0/nothing')).rejects.toThrow('/v3_0/nothing is no route')
})

test('one that streams may have 64 MiB', async () => {
  const parts = (count: number) => Readable.from(Array(count).fill(PART))
  expect((await ask({ body: parts(64) })()).bytes).toHaveLength(67_108_864)
  await expect(ask({ body: Readable.from([...Array(64).fill(PART), Buffer.alloc(1)]) })()).rejects.toThrow(
    'more than 67108864 bytes',
  )
})

test('who goes is told of, once, also where that was before; not when the answer is there', async () => {
  for (const isBefore of [false, true]) {
    const caller = new AbortController()
    if (isBefore) caller.abort()
    let gone = 0
    await ask({}, ({ onGone }) => onGone(() => gone++), caller.signal)()
    caller.abort()
    expect(gone).toBe(1)
  }
  const caller = new AbortController()
  await ask({}, ({ onGone }) => onGone(() => expect.unreachable())(), caller.signal)()
  caller.abort()
})
