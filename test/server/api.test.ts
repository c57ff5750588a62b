/** From a request to its answer, beside a dispatcher and a cache that tell what they are asked. */
import Type from 'typebox'
import { describe, expect, test, vi } from 'vitest'
import { isCacheable } from '../../src/server/api.ts'
import { NEVER } from '../../src/server/routes/route.ts'
import type { RunOptions } from '../../src/tasks/dispatcher.ts'
import type { TaskResult } from '../../src/tasks/task.ts'
import { createEntry } from './cache/conformance.ts'
import { BODY, createFakeApi, made, params, RECEIVED } from './fake-api.ts'
import { routeOf, TABLE } from './route-of.ts'

describe('the route of a URL', () => {
  const { api } = createFakeApi({
    routes: [
      routeOf({ versions: ['v3_0', 'v1'] }),
      routeOf({ method: 'POST', name: 'post_things' }),
      routeOf({ path: '/of/{id}', name: 'of', params: { id: Type.String() } }),
    ],
  })
  test.each([
    ['/v3_0/things', 'GET', 'get_things'],
    ['/v1/things?x=/v3_0/', 'HEAD', 'get_things'],
    ['/v3_0/things', 'POST', 'post_things'],
    ['/v3_0/of/a%2Fb?c', 'GET', 'of'],
    ['/v3_0/of/%', 'GET', 'of'],
    ['/v3_0/things', 'DELETE', undefined],
    ['/v3_0/things', 'PUT', undefined],
    ['/v1_0/things', 'GET', undefined],
    ['/v3_0things', 'GET', undefined],
    ['/v3_0', 'GET', undefined],
    ['/things', 'GET', undefined],
    ['/xv3_0/things', 'GET', undefined],
  ])('%s %s: %s', (url, method, name) => expect(api.match(url, method)?.route.name).toBe(name))

  test('is that of GET, where no method is named; its parameters are decoded where they can be', () => {
    expect(api.match('/v3_0/things')?.route.method).toBe('GET')
    expect(api.match('/v3_0/of/a%2Fb?c')?.pathParams).toEqual({ id: 'a/b' })
    expect(api.match('/v3_0/of/%?c')?.pathParams).toEqual({ id: '%' })
  })

  test.each([
    ['/v3_0/things', ['GET', 'HEAD', 'POST']],
    ['/v1/things', ['GET', 'HEAD']],
    ['/v3_0/nothing', []],
  ])('methods of %s', (url, methods) => expect(api.methods(url)).toEqual(methods))
})

describe('parameters', () => {
  test('are of the path and of the query; the task has them, and what is fixed', async () => {
    const route = routeOf({ path: '/of/{id}', params: { ...params, id: Type.String() } })
    const { ask, tasks } = createFakeApi({
      routes: [{ ...route, task: { name: 't', queue: 'core', fixed: { name: 'fixed' } } }],
    })
    const earliestMs = Date.now() + 60_000
    await ask('/v3_0/of/a%20b?size=2&id=c', { traceparent: 'trace' })
    const [task] = tasks
    expect(task).toEqual({
      name: 't',
      queue: 'core',
      params: { id: 'a b', size: 2, name: 'fixed' },
      criticality: 'critical',
      deadlineMs: expect.any(Number),
      traceparent: 'trace',
    })
    expect(task?.deadlineMs).toBeGreaterThanOrEqual(earliestMs)
    expect(task?.deadlineMs).toBeLessThanOrEqual(Date.now() + 60_000)
  })

  test('that are wrong are refused; those that nobody knows are named, beside what is said of the route', async () => {
    const deprecated = { since: '2026-01-01', successor: '/v3_0/others' }
    for (const isToGo of [false, true]) {
      const { ask } = createFakeApi({ routes: [routeOf({ params, ...(isToGo ? { deprecated } : {}) })] })
      const link = isToGo ? '</p/v3_0/others>; rel="successor-version"' : undefined
      for (const [url, status, ignored] of [
        ['/v3_0/things?size=0&odd=1', 422, 'odd'],
        ['/v3_0/things?size=1&odd=1', 200, 'odd'],
        ['/v3_0/things', 200, undefined],
      ] as const) {
        const answer = await ask(url, { prefix: '/p' })
        expect([answer.status, answer.headers['x-siibra-ignored'], answer.headers.link]).toEqual([
          status,
          ignored,
          link,
        ])
      }
    }
  })

  test('are variables of Python code, where it is asked for', async () => {
    const { ask, tasks } = createFakeApi({
      routes: [routeOf({ params, python: 'ask(name)' }), routeOf({ path: '/none' })],
    })
    const headers = { accept: 'text/x-sapi-python' }
    const answer = await ask('/v3_0/things?name=a', { headers })
    expect([answer.status, answer.body]).toEqual([200, expect.stringContaining('name = "a"')])
    expect((await ask('/v3_0/none', { headers })).status).toBe(404)
    expect(tasks).toEqual([])
  })

  test('decide whether an answer is kept', () => {
    const unless = { kind: 'unless', parameters: ['name', 'size'] } as const
    for (const [route, given, isKept] of [
      [routeOf(), {}, true],
      [routeOf({ method: 'POST' }), {}, false],
      [routeOf({ cache: NEVER }), {}, false],
      [routeOf({ cache: unless }), { other: 1 }, true],
      [routeOf({ cache: unless }), { size: 1 }, false],
    ] as const)
      expect(isCacheable(route, given)).toBe(isKept)
  })
})

describe('what is kept', () => {
  test('is asked for once; not for one who wants it fresh, and not where it is private', async () => {
    const { ask, tasks, entries } = createFakeApi()
    const url = '/v3_0/things'
    const outcomes = []
    for (const headers of [{}, {}, { 'cache-control': 'no-cache' }, { authorization: 'x' }])
      outcomes.push([(await ask(url, { headers })).outcome, tasks.length])
    expect(outcomes).toEqual([
      ['miss', 1],
      ['hit', 1],
      ['bypass', 2],
      ['none', 3],
    ])
    expect(entries.size).toBe(1)
  })

  test('says so, and for how long it may be kept', async () => {
    const { ask } = createFakeApi({ routes: [routeOf(), routeOf({ path: '/never', cache: NEVER })] })
    const of = async (url: string) => {
      const { headers } = await ask(url)
      return [headers['cache-control'], headers['x-fastapi-cache']]
    }
    expect([await of('/v3_0/things'), await of('/v3_0/things')]).toEqual([
      ['public, max-age=5', undefined],
      ['public, max-age=5', 'hit'],
    ])
    expect(await of('/v3_0/never')).toEqual(['no-store', undefined])
  })

  test.each<[string, TaskResult, string]>([
    ['another status', made({ status: 201 }), 'public, max-age=5'],
    ['what asks not to be', made({ headers: { 'cache-control': 'no-store' } }), 'no-store'],
  ])('is not %s', async (_, result, control) => {
    const { ask, entries } = createFakeApi({ result })
    expect((await ask('/v3_0/things')).headers['cache-control']).toBe(control)
    expect(entries.size).toBe(0)
  })

  test('is not what was made of data that have been replaced meanwhile', async () => {
    const parts = createFakeApi({ onRun: () => parts.state.generation++ })
    await parts.ask('/v3_0/things')
    expect(parts.entries.size).toBe(0)
  })

  test('is served while it is stale, and made again behind, where the service is ready', async () => {
    const { ask, tasks, entries, state } = createFakeApi()
    await ask('/v3_0/things')
    const [key = ''] = entries.keys()
    entries.set(key, createEntry({ staleAtMs: 1 }))
    state.phase = 'starting'
    expect([(await ask('/v3_0/things')).outcome, tasks.length]).toEqual(['hit', 1])
    state.phase = 'ready'
    expect((await ask('/v3_0/things')).outcome).toBe('hit')
    await vi.waitFor(() => expect(entries.get(key)?.etag).toBe('"e"'))
    expect(tasks.map(({ criticality }) => criticality)).toEqual(['normal', 'background'])
    expect([(await ask('/v3_0/things')).outcome, tasks.length]).toEqual(['hit', 2])
  })
})

describe('a task', () => {
  test('is not begun before the service is ready, but for the service itself', async () => {
    const { ask, tasks, state } = createFakeApi()
    Object.assign(state, { phase: 'failed', reason: 'because' })
    const refused = await ask('/v3_0/things')
    expect([refused.status, refused.headers['retry-after'], tasks.length]).toEqual([503, '1', 0])
    expect((await ask('/v3_0/things', { isInner: true })).status).toBe(200)
    expect(tasks[0]?.criticality).toBe('background')
  })

  test('that is less than critical goes on in its turn', async () => {
    const { ask, waits } = createFakeApi({
      routes: [routeOf(), routeOf({ name: 'slow', path: '/slow', criticality: 'normal' })],
    })
    await ask('/v3_0/things')
    expect(waits).toEqual([])
    await ask('/v3_0/slow')
    expect(waits).toEqual(['normal'])
  })

  test('hears when its caller goes, until it has ended', async () => {
    const gone: (() => void)[] = []
    const stay = vi.fn()
    const hasGone: unknown[] = []
    const onRun = ({ signal }: RunOptions) => {
      gone[0]?.()
      hasGone.push(signal?.aborted)
    }
    const { ask } = createFakeApi({ onRun, routes: [routeOf()] })
    const onGone = (callback: () => void) => {
      gone.push(callback)
      return stay
    }
    await ask('/v3_0/things', { onGone })
    expect([hasGone, stay.mock.calls.length]).toEqual([[true], 1])
  })

  test('is heavy, and may leave a file, where its route says so', async () => {
    const isHeavy = ({ size }: Record<string, unknown>) => size === 2
    const accepts = { 'text/csv': { description: 'x' } }
    const post = { method: 'POST', body: { accepts, maxBytes: 10 }, cache: NEVER } as const
    const { ask, tasks } = createFakeApi({
      routes: [
        routeOf({ params, response: TABLE, task: { name: 't', queue: 'core', isHeavy } }),
        routeOf({ ...post, response: TABLE }),
        routeOf({ ...post, path: '/plain' }),
      ],
      bodies: { bound: () => undefined, place: async () => ({ body: BODY, release() {} }) },
    })
    const receiveBody = async () => RECEIVED
    await ask('/v3_0/things?size=1')
    await ask('/v3_0/things?size=2')
    await ask('/v3_0/things', { method: 'POST', receiveBody })
    await ask('/v3_0/plain', { method: 'POST', receiveBody })
    expect(tasks.map(({ isHeavy, mayBeFile, body }) => [isHeavy, mayBeFile, body])).toEqual([
      [undefined, undefined, undefined],
      [true, undefined, undefined],
      [undefined, true, BODY],
      [undefined, undefined, BODY],
    ])
  })

  test('runs in a span of its own, where there are spans', async () => {
    const spans: unknown[] = []
    const { ask, tasks } = createFakeApi({
      tracing: {
        span: (name, options, parent, work) => {
          spans.push([name, options, parent])
          return work('own')
        },
      },
    })
    await ask('/v3_0/things', { traceparent: 'of the request' })
    expect(spans).toEqual([
      [
        'task all_things',
        { kind: 'producer', attributes: { 'siibra.queue': 'core', 'siibra.criticality': 'normal' } },
        'of the request',
      ],
    ])
    expect(tasks[0]?.traceparent).toBe('own')
  })

  test('that fails has the status of its error, or of its route; what is our fault is in the log', async () => {
    for (const [code, status, logged] of [
      ['NOT_FOUND', 404, 0],
      ['AMBIGUOUS', 409, 0],
      ['INTERNAL', 500, 1],
    ] as const) {
      const result: TaskResult = { ok: false, code, message: 'm', timing: { waitMs: 1.25, runMs: 20 } }
      const { ask, lines } = createFakeApi({ result, routes: [routeOf({ statuses: { AMBIGUOUS: 409 } })] })
      const answer = await ask('/v3_0/things')
      expect([answer.status, lines.length]).toEqual([status, logged])
      expect(answer.headers['server-timing']).toMatch(/^wait;dur=1\.[23], run;dur=20\.0$/)
    }
  })

  test('whose answer is a file has it sent from there, and nothing of it is kept', async () => {
    const { ask, entries } = createFakeApi({ result: made({ file: { name: 'f' }, timing: { waitMs: 0, runMs: 1 } }) })
    const { headers, body } = await ask('/v3_0/things')
    expect([body, headers['x-from'], headers['server-timing']]).toEqual(['file', 'file', 'wait;dur=0.0, run;dur=1.0'])
    expect(entries.size).toBe(0)
  })

  test('is sent, and its answer fetched later, where the client prefers that and it is less than critical', async () => {
    const send = vi.fn(async () => ({ status: 202, headers: [], body: 'sent' }))
    const routes = [routeOf(), routeOf({ name: 'slow', path: '/slow', criticality: 'normal' })]
    const { ask, tasks } = createFakeApi({ later: { send }, routes })
    const prefer = { prefer: 'respond-async' }
    expect((await ask('/v3_0/things', { headers: prefer })).status).toBe(200)
    expect((await ask('/v3_0/slow')).status).toBe(200)
    const later = await ask('/v3_0/slow', { headers: { ...prefer, 'cache-control': 'no-cache' }, prefix: '/p' })
    expect([later.status, later.body]).toEqual([202, 'sent'])
    expect(send.mock.calls).toEqual([[expect.objectContaining({ criticality: 'normal' }), expect.any(Function), '/p']])
    expect(tasks).toHaveLength(2)
    const { ask: askOther } = createFakeApi({ routes })
    expect((await askOther('/v3_0/slow', { headers: prefer })).status).toBe(200)
  })
})
