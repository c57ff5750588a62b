import { afterAll, beforeAll, expect, it } from 'vitest'
import { warmUp } from '../../src/server/warm-up.ts'
import { startTestApp, type TestApp } from '../app.ts'

let app: TestApp
const asked: string[] = []

beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

const get = async (path: string) => {
  asked.push(path)
  const { status, bytes } = await app.get(path)
  return { status, body: Buffer.from(bytes).toString() }
}

it('asks what a viewer asks first, people before rodents, and none of it in vain', async () => {
  const { asked: count, failed } = await warmUp({ get })
  expect(failed).toBe(0)
  expect(count).toBe(asked.length)
  expect(asked[0]).toBe('/v3_0/atlases')
  const at = (part: string) => asked.findIndex((path) => path.includes(part))
  expect(at('/parcellations/siibra-api/demo/parcellation/harbour-2')).toBeGreaterThan(0)
  expect(at('/parcellations/siibra-api/demo/parcellation/harbour-2')).toBeLessThan(
    at('/parcellations/siibra-api/demo/parcellation/burrow'),
  )
  expect(at('/map?map_type=LABELLED')).toBeGreaterThan(0)
  expect(new Set(asked).size).toBe(asked.length)
})

it('leaves the answers in the cache, under the spelling of siibra-explorer', async () => {
  for (const path of ['/v3_0/atlases', '/v3_0/regions?parcellation_id=siibra-api/demo/parcellation/harbour-2'])
    expect((await app.get(path)).headers['x-fastapi-cache'], path).toBe('hit')
})

it('asks until an index that is being made is there, and counts no failure', async () => {
  let answers = 0
  const slow = async (path: string) => {
    if (path.includes('/map/assign') && answers++ === 0) return { status: 503, body: '{}' }
    return get(path)
  }
  expect((await warmUp({ get: slow })).failed).toBe(0)
  expect(answers).toBe(2)
})

it('stops when it is told to', async () => {
  const stop = new AbortController()
  stop.abort()
  expect(await warmUp({ get, signal: stop.signal })).toMatchObject({ asked: 0, failed: 0 })
})
