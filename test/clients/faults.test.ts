/** The client where the service cannot answer: repetitions, pauses, ends, answers that are kept. */
import { expect, test } from 'vitest'
import { ApiError, type ClientOptions, createClient } from '../../clients/typescript/src/index.ts'

const PAGE = { items: [], total: 0, page: 1, size: 50, pages: 0 }
const busy = (headers: Record<string, string> = { 'retry-after': '0' }) =>
  new Response(
    JSON.stringify({ error: true, status_code: 503, message: '{"detail":"No worker","code":"UNAVAILABLE"}' }),
    { status: 503, headers },
  )
const fine = (headers: Record<string, string> = {}) => Response.json(PAGE, { headers })

/** A client whose requests get these answers, one after the other, and what it sent. */
function clientOf(answers: (Response | Error)[], options: ClientOptions = {}) {
  const sent: { url: string; init: RequestInit }[] = []
  const own = async (url: unknown, init: RequestInit = {}) => {
    init.signal?.throwIfAborted()
    sent.push({ url: String(url), init })
    const answer = answers.shift()
    if (answer === undefined) throw new Error('nothing is left to answer with')
    if (answer instanceof Error) throw answer
    return answer
  }
  return { client: createClient('http://host/v3_0/', { fetch: own as typeof fetch, ...options }), sent }
}

test('a busy service is asked again', async () => {
  const { client, sent } = clientOf([busy(), new TypeError('fetch failed'), fine()])
  expect(await client.get('/atlases')).toEqual(PAGE)
  expect(sent.length).toBe(3)
})

test('a repetition waits as long as Retry-After says, in seconds or until a date', async () => {
  const inAMoment = () => new Date(Math.ceil(Date.now() / 1000) * 1000 + 1000).toUTCString()
  for (const asked of [() => '1', inAMoment]) {
    const { client } = clientOf([busy({ 'retry-after': asked() }), fine()])
    const startedMs = performance.now()
    await client.get('/atlases')
    expect(performance.now() - startedMs).toBeGreaterThan(900)
  }
})

test('a pause that is too long, the last attempt and what will not change are errors at once', async () => {
  const long = clientOf([busy({ 'retry-after': '3600' })])
  await expect(long.client.get('/atlases')).rejects.toMatchObject({
    status: 503,
    code: 'UNAVAILABLE',
    detail: 'No worker',
  })
  const often = clientOf([busy(), busy()], { retries: 1 })
  await expect(often.client.get('/atlases')).rejects.toBeInstanceOf(ApiError)
  expect(often.sent.length).toBe(2)
  const wrong = clientOf([new Response('<html>', { status: 404 })])
  await expect(wrong.client.get('/atlases')).rejects.toMatchObject({ status: 404, code: 'HTTP_404', detail: '<html>' })
  const away = clientOf([new TypeError('fetch failed')], { retries: 0 })
  await expect(away.client.get('/atlases')).rejects.toMatchObject({ status: 0, code: 'UNREACHABLE' })
})

test('a signal ends a pause', async () => {
  const { client, sent } = clientOf([busy({ 'retry-after': '20' }), fine()])
  const ending = new AbortController()
  const answer = client.get('/atlases', {}, { signal: ending.signal })
  setTimeout(() => ending.abort(), 50)
  await expect(answer).rejects.toMatchObject({ name: 'AbortError' })
  expect(sent.length).toBe(1)
})

test('a fresh answer is given again, a stale one validated, each as a copy', async () => {
  const { client, sent } = clientOf([
    fine({ etag: '"a"', 'cache-control': 'public, max-age=0' }),
    new Response(null, { status: 304, headers: { 'cache-control': 'public, max-age=600' } }),
  ])
  const first = await client.bytes('/atlases')
  first.fill(0)
  const second = await client.bytes('/atlases')
  expect(JSON.parse(new TextDecoder().decode(second))).toEqual(PAGE)
  expect(new Headers(sent[1]?.init.headers).get('if-none-match')).toBe('"a"')
  expect(await client.get('/atlases')).toEqual(PAGE)
  expect(sent.length).toBe(2)
})

test('what the service does not want kept is not', async () => {
  const { client, sent } = clientOf([fine({ etag: '"a"', 'cache-control': 'no-store' }), fine()])
  await client.get('/atlases')
  await client.get('/atlases')
  expect(sent[1]?.init.headers).not.toHaveProperty('if-none-match')
})

test('addresses: ids as one part of a path, lists repeated, what is undefined left out', () => {
  const { client } = clientOf([])
  expect(client.base).toBe('http://host/v3_0')
  expect(
    client.url('/regions/{region_id}', { region_id: 'a/b c', parcellation_id: 'p', fields: ['name', '@id'] }),
  ).toBe('http://host/v3_0/regions/a%2Fb%20c?parcellation_id=p&fields=name&fields=%40id')
  expect(() => client.url('/regions/{region_id}', { parcellation_id: 'p' } as never)).toThrow('needs region_id')
})

test('a task is followed to its end', async () => {
  const state = (status: string, progress: number) =>
    Response.json({ task_id: '7', status, progress, doing: '', result: null, detail: null })
  const accepted = new Response('{}', { status: 202, headers: { location: '/v3_0/tasks/7' } })
  const { client, sent } = clientOf([accepted, state('STARTED', 40), state('SUCCESS', 100), new Response('done')])
  const seen: number[] = []
  const bytes = await client.task('/atlas_download', {}, { onTask: ({ progress }) => seen.push(progress) })
  expect(new TextDecoder().decode(bytes)).toBe('done')
  expect(seen).toEqual([40, 100])
  expect(sent.map(({ url }) => new URL(url).pathname)).toEqual([
    '/v3_0/atlas_download',
    '/v3_0/tasks/7',
    '/v3_0/tasks/7',
    '/v3_0/tasks/7/result',
  ])
})

test('a task whose caller leaves is ended', async () => {
  const accepted = new Response('{}', { status: 202, headers: { location: '/v3_0/tasks/7' } })
  const started = Response.json({ status: 'STARTED', progress: 1 })
  const { client, sent } = clientOf([accepted, started, new Response(null, { status: 204 })])
  const ending = new AbortController()
  const answer = client.task(
    '/atlas_download',
    {},
    { signal: ending.signal, onTask: () => setTimeout(() => ending.abort(), 10) },
  )
  await expect(answer).rejects.toMatchObject({ name: 'AbortError' })
  await expect.poll(() => sent.at(-1)?.init.method).toBe('DELETE')
})
