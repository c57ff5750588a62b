import { expect, test } from 'vitest'
import { compactCsv, compactJson } from '../../../src/server/mcp/compact.ts'
import { createGuard } from '../../../src/server/mcp/guard.ts'
import { createFakeApp } from '../fake-app.ts'

test('calls come back steadily, each caller has its own', () => {
  const { checkRate } = createGuard({ host: '127.0.0.1', hosts: [], callsPerMinute: 60 })
  for (let call = 0; call < 60; call++) expect(checkRate('a', 0).ok).toBe(true)
  expect(checkRate('a', 0)).toMatchObject({ ok: false, status: 429, retryAfterS: 1 })
  expect(checkRate('b', 0).ok).toBe(true)
  expect(checkRate('a', 1000).ok).toBe(true)
  expect(checkRate('a', 1000).ok).toBe(false)
})

test('names of a service behind a proxy', () => {
  const place = (hosts: string[], host: string) =>
    createGuard({ host: '0.0.0.0', hosts, callsPerMinute: 1 }).checkPlace(host, undefined).ok
  expect(place([], 'atlas.example')).toBe(false)
  expect(place(['Atlas.example'], 'atlas.example:443')).toBe(true)
  expect(place(['*'], 'anything.example')).toBe(true)
  expect(place([], '[::1]:5000')).toBe(true)
  expect(place([], '')).toBe(false)
})

test('long answers end where there is no more room', () => {
  const items = Array.from({ length: 50 }, (_, n) => ({
    '@context': {},
    id: n,
    text: 'x'.repeat(1000),
    none: null,
    list: [],
  }))
  const { text, isCut } = compactJson(JSON.stringify({ items, total: 50 }))
  expect(isCut).toBe(true)
  expect(text.length).toBeLessThan(20_001)
  const kept = JSON.parse(text) as { items: object[]; total: number }
  expect(kept.total).toBe(50)
  expect(kept.items[0]).toEqual({ id: 0, text: 'x'.repeat(1000) })
  expect(compactJson('{"values":[1,2]}')).toEqual({ text: '{"values":[1,2]}', isCut: false })
  expect(compactJson(JSON.stringify({ values: Array.from({ length: 100 }, () => 1) })).text).toContain('… and 40 more')
})

test('tables lose their row numbers and what is too much', () => {
  expect(compactCsv(',a,b\n0,1,2\n')).toEqual({ text: 'a,b\n1,2', isCut: false })
  const { text, isCut } = compactCsv(`a\n${'1\n'.repeat(100)}`)
  expect(isCut).toBe(true)
  expect(text.endsWith('1\n… and 40 more rows')).toBe(true)
})

test('an operator can turn it off', async () => {
  const { app, close } = createFakeApp({ config: { hasMcp: false } })
  expect((await app.inject({ method: 'POST', url: '/mcp' })).statusCode).toBe(404)
  await close()
})
