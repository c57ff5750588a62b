import { afterAll, expect, test } from 'vitest'
import { createKeptBounds, isBeyondTheEnd, MAX_KEPT } from '../../../../src/server/http/kept/kept-bounds.ts'
import { routeTable } from '../../../../src/server/routes/table.ts'
import { createEntry } from '../../cache/conformance.ts'
import { createFakeApp } from '../../fake-app.ts'

const { app, calls, cache, close } = createFakeApp({
  answers: {
    all_atlases: ({ page, size }) => ({
      json: { items: page === 1 ? [{ name: 'one' }] : [], total: 1, page, size, pages: 1 },
    }),
    all_spaces: ({ page, size }) => ({ json: { items: [], total: 0, page, size, pages: 0 } }),
  },
})
afterAll(close)

test('pages beyond the end are answered, and not kept; an empty listing is', async () => {
  await app.inject('/v3_0/atlases')
  const before = cache.stats().entries
  for (let page = 2; page < 50; page++) {
    const answer = await app.inject(`/v3_0/atlases?page=${page}`)
    expect([answer.statusCode, answer.json().items]).toEqual([200, []])
  }
  expect(cache.stats().entries).toBe(before)
  await app.inject('/v3_0/spaces')
  expect(cache.stats().entries).toBe(before + 1)
})

test('a route with free parameters keeps so many answers, and no more', { timeout: 600_000 }, async () => {
  const before = cache.stats().entries
  const url = (i: number) => `/v3_0/map/assign?parcellation_id=a&space_id=b&point=${i},0,0`
  for (let i = 0; i < MAX_KEPT.normal + 100; i++) await app.inject(url(i))
  expect(cache.stats().entries - before).toBe(MAX_KEPT.normal)
  // the newest are there, other routes lost nothing
  calls.length = 0
  await app.inject(url(MAX_KEPT.normal + 99))
  await app.inject('/v3_0/spaces')
  expect(calls).toEqual([])
  await app.inject(url(0))
  expect(calls).toHaveLength(1)
})

test('what was asked for again stays', () => {
  const gone: string[] = []
  const [route] = routeTable.filter(({ criticality }) => criticality === 'normal')
  if (!route) throw new Error('no such route')
  const bounds = createKeptBounds((key) => void gone.push(key), { ...MAX_KEPT, normal: 2 })
  for (const key of ['a', 'b', 'a', 'c']) bounds.note(route, key)
  expect(gone).toEqual(['b'])
})

test('a page beyond the end is small JSON, empty, and not the first', () => {
  const JSON_TYPE = 'application/json'
  const page = (page: number, bytes = 0) => `{"items":[],"page":${page}}`.padEnd(bytes)
  for (const [contentType, body, isBeyond] of [
    [JSON_TYPE, page(2), true],
    [JSON_TYPE, page(2, 256), true],
    [JSON_TYPE, page(2, 257), false],
    [JSON_TYPE, page(1), false],
    [JSON_TYPE, '{"items":[1],"page":2}', false],
    ['text/csv', page(2), false],
    ['text/csv', page(2, 257), false],
  ] as const)
    expect(isBeyondTheEnd(createEntry({ contentType, bodies: { identity: Buffer.from(body) } }))).toBe(isBeyond)
})
