/** Requests whose answers are fetched later, through the real server. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { errorOf } from '../fake-app.ts'
import { CSV_TYPE, createThings, JSON_TYPE, sha1 } from './things-app.ts'

const things = createThings()
const { post, bodiesOnDisk } = things
let base = ''
beforeAll(async () => {
  base = await things.listen()
})
beforeEach(() => {
  things.runs.count = 0
  things.runs.hold = undefined
})
afterAll(() => things.close())

describe('Prefer: respond-async', () => {
  const later = { ...CSV_TYPE, prefer: 'respond-async' }
  const get = async (path: string, method = 'GET') => {
    const answer = await fetch(base + path, { method })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, text, json: () => JSON.parse(text) }
  }

  test('answers with a task, whose answer is fetched when it is there', async () => {
    const release = things.holdTasks()
    const bytes = Buffer.alloc(1_000_000, 'p,q\n')
    const sent = await post(bytes, later)
    expect(sent.status).toBe(202)
    expect(sent.headers.get('preference-applied')).toBe('respond-async')
    const path = sent.headers.get('location') as string
    expect(path).toMatch(/^\/v3_0\/tasks\/[\w-]{32,}$/)
    expect((await get(path)).json()).toMatchObject({ result: null, detail: null })
    const early = await get(`${path}/result`)
    expect([early.status, early.headers.get('retry-after')]).toEqual([404, '1'])
    // the body is there as long as its task needs it
    expect(bodiesOnDisk()).toHaveLength(1)
    release()
    await expect.poll(async () => (await get(path)).json().status, { timeout: 20_000 }).toBe('SUCCESS')
    await expect.poll(bodiesOnDisk).toEqual([])
    expect((await get(path)).json()).toMatchObject({ progress: 100, result: `${path}/result` })
    const result = await get(`${path}/result`)
    expect(result.json()).toMatchObject({ bytes: bytes.length, sha1: sha1(bytes) })
    expect(result.headers.get('cache-control')).toBe('no-store')
    expect((await get(path, 'DELETE')).status).toBe(204)
    for (const gone of [path, `${path}/result`]) expect((await get(gone)).status).toBe(404)
    expect((await get(path, 'DELETE')).status).toBe(404)
  })

  test('equal requests have tasks of their own; one that is ended does not end the other', async () => {
    const release = things.holdTasks()
    const [one, other] = await Promise.all([post('x,y', later), post('x,y', later)])
    const [path, otherPath] = [one, other].map(({ headers }) => headers.get('location') as string)
    expect(path).not.toBe(otherPath)
    expect((await get(path as string, 'DELETE')).status).toBe(204)
    release()
    await expect.poll(async () => (await get(otherPath as string)).json().status).toBe('SUCCESS')
    expect((await get(path as string)).status).toBe(404)
  })

  test('a task that fails says so, and its result has the status that the answer would have had', async () => {
    const sent = await post('{"points": 1}', { ...JSON_TYPE, prefer: 'wait=10, Respond-Async' })
    const path = sent.headers.get('location') as string
    await expect.poll(async () => (await get(path)).json().status).toBe('FAILURE')
    expect((await get(path)).json().detail).toContain('points')
    const result = await get(`${path}/result`)
    expect(result.status).toBe(422)
    expect(errorOf(result.text).code).toBe('INVALID_PARAMETER')
  })

  test('what cannot be taken is refused at once, and GET may be asked so, too', async () => {
    expect((await post('x', { ...later, 'content-type': 'text/odd' })).status).toBe(415)
    const answer = await fetch(`${base}/v3_0/others`, { headers: { prefer: 'respond-async' } })
    expect(answer.status).toBe(202)
    const path = answer.headers.get('location') as string
    await expect.poll(async () => (await get(`${path}/result`)).status).toBe(200)
    expect((await get(`${path}/result`)).json()).toEqual({ params: {} })
  })
})
