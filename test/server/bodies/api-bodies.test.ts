/** What becomes of bodies on the way from a request to its answer. */
import { expect, test, vi } from 'vitest'
import type { BodyPlaces } from '../../../src/server/bodies/places.ts'
import type { ApiRequest } from '../../../src/server/http/exchange.ts'
import { type BodySpec, NEVER } from '../../../src/server/routes/route.ts'
import { SiibraError } from '../../../src/siibra/errors.ts'
import type { TaskResult } from '../../../src/tasks/task.ts'
import { BODY, createFakeApi, type FakeApiOptions, made, RECEIVED } from '../fake-api.ts'
import { errorOf } from '../fake-app.ts'
import { routeOf } from '../route-of.ts'

const spec = { accepts: { 'text/csv': { description: 'x' } }, maxBytes: 10 }

/** Sends a body to a route that takes it; tells what it was asked to receive, and whether the body was released. */
async function post({
  places = {},
  receive = async () => RECEIVED,
  headers = {},
  ...more
}: {
  places?: Partial<BodyPlaces>
  receive?: ApiRequest['receiveBody']
  headers?: Record<string, string>
} & FakeApiOptions = {}) {
  const release = vi.fn()
  const asked: BodySpec[] = []
  const { ask, tasks } = createFakeApi({
    routes: [routeOf({ method: 'POST', criticality: 'normal', body: spec, cache: NEVER })],
    bodies: { bound: () => undefined, place: async () => ({ body: BODY, release }), ...places },
    ...more,
  })
  const receiveBody: ApiRequest['receiveBody'] = (one) => {
    asked.push(one)
    return receive(one)
  }
  const answer = await ask('/v3_0/things', { method: 'POST', headers, receiveBody })
  return { ...answer, tasks, release, asked }
}

test('a body goes with its task, whose answer nobody keeps', async () => {
  const { status, headers, tasks, release, asked } = await post()
  expect([status, headers['cache-control']]).toEqual([200, 'no-store'])
  expect(tasks.map(({ body }) => body)).toEqual([BODY])
  expect(release.mock.calls).toEqual([[true]])
  expect(asked).toEqual([spec])
})

test.each<[TaskResult, boolean]>([
  [made(), true],
  [{ ok: false, code: 'BAD_DATA', message: 'm' }, true],
  [{ ok: false, code: 'ABORTED', message: 'm' }, false],
  [{ ok: false, code: 'DEADLINE_EXCEEDED', message: 'm' }, false],
])('after %j its task has ended: %s', async (result, hasEnded) => {
  expect((await post({ result })).release.mock.calls).toEqual([[hasEnded]])
})

test('one whose answer is fetched later is released when its task ends', async () => {
  let end = () => {}
  const later = {
    async send(_: unknown, onEnd = () => {}) {
      end = onEnd
      return { status: 202, headers: [], body: '' }
    },
  }
  const { status, release } = await post({ later, headers: { prefer: 'respond-async' } })
  expect([status, release.mock.calls]).toEqual([202, []])
  end()
  expect(release.mock.calls).toEqual([[true]])
})

test('the way to the workers may bound it, and says why', async () => {
  const refuse: ApiRequest['receiveBody'] = async ({ maxBytes }) => ({
    ok: false,
    status: 413,
    detail: `at most ${maxBytes}`,
    headers: ['x-a', 'b'],
  })
  for (const [bytes, allowed, why] of [
    [9, 9, '; why'],
    [10, 10, ''],
    [11, 10, ''],
  ] as const) {
    const bound = () => ({ maxBytes: bytes, why: '; why' })
    const { status, body, headers, tasks } = await post({ places: { bound }, receive: refuse })
    expect([status, headers['x-a'], tasks.length]).toEqual([413, 'b', 0])
    expect(errorOf(body)).toMatchObject({ detail: `at most ${allowed}${why}`, parameter: 'body' })
  }
  const wrong: ApiRequest['receiveBody'] = async () => ({ ok: false, status: 415, detail: 'wrong' })
  const { body } = await post({ places: { bound: () => ({ maxBytes: 1, why: '; why' }) }, receive: wrong })
  expect(errorOf(body).detail).toBe('wrong')
})

test('one that finds no place is refused; what else goes wrong is not hidden', async () => {
  const fail = (thrown: Error) => ({ place: () => Promise.reject(thrown) })
  const { status, tasks } = await post({ places: fail(new SiibraError('UNAVAILABLE', 'full')) })
  expect([status, tasks.length]).toEqual([503, 0])
  await expect(post({ places: fail(new TypeError('ours')) })).rejects.toThrow('ours')
})

test('a request or a service that cannot take one fails', async () => {
  const message = 'get_things has nowhere to take its body from'
  await expect(post({ bodies: undefined })).rejects.toThrow(message)
  const { ask } = createFakeApi({
    routes: [routeOf({ method: 'POST', body: spec, cache: NEVER })],
    bodies: { bound: () => undefined, place: async () => ({ body: BODY, release() {} }) },
  })
  await expect(ask('/v3_0/things', { method: 'POST' })).rejects.toThrow(message)
})
