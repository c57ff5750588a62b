import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import type { Answer, ApiRequest } from '../../src/server/http/exchange.ts'
import { askInside } from '../../src/server/inner-requests.ts'
import { routeOf } from './route-of.ts'

function ask(url: string, body: Answer['body']) {
  const asked: ApiRequest[] = []
  const api = {
    match: (of: string) => (of === '/a' ? { route: routeOf(), pathParams: {} } : undefined),
    methods: () => [],
    answer(request: ApiRequest) {
      asked.push(request)
      return { status: 200, headers: [], body }
    },
  }
  return askInside(api, url).then((answer) => ({ answer, asked }))
}

test('what the service asks itself is marked as such, and answered as text', async () => {
  for (const body of ['x', Buffer.from('x')]) {
    const { answer, asked } = await ask('/a', body)
    expect(answer).toEqual({ status: 200, body: 'x' })
    expect(asked).toMatchObject([{ method: 'GET', url: '/a', isInner: true }])
    expect(asked[0]?.onGone(() => {})()).toBeUndefined()
  }
  expect((await ask('/a', undefined)).answer.body).toBe('')
})

test('what is no route is not there; a stream is no text', async () => {
  expect(await ask('/b', 'x')).toEqual({ answer: { status: 404, body: '' }, asked: [] })
  await expect(ask('/a', Readable.from(['x']))).rejects.toThrow('/a is a stream')
})
