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

test('each text, list and answer is as long as it may be', () => {
  const x = (count: number) => 'x'.repeat(count)
  const json = (value: unknown) => compactJson(JSON.stringify(value))
  expect(json([x(2000), Array(60).fill(1)])).toMatchObject({ isCut: false })
  expect(json([x(2001)])).toEqual({ text: `["${x(2000)}…"]`, isCut: true })
  expect(json(Array(61).fill(1))).toEqual({ text: JSON.stringify([...Array(60).fill(1), '… and 1 more']), isCut: true })
  // ten texts with their quotes and commas, and brackets: 20,000 characters
  const texts = [...Array(9).fill(x(2000)), x(1969)]
  expect(json(texts)).toEqual({ text: JSON.stringify(texts), isCut: false })
  const longer = [...Array(9).fill(x(2000)), x(1970)]
  expect(json(longer)).toEqual({ text: `${JSON.stringify(longer).slice(0, 20_000)}…`, isCut: true })
  // two members: nine texts of 2,003 characters each, their names, brackets and what fills the rest
  const page = { items: texts.slice(0, 9), more: x(1952) }
  expect([JSON.stringify(page).length, json(page).isCut]).toEqual([20_000, false])
  expect(json({ values: longer, items: 1 }).text).toHaveLength(20_001)
})

test('a page keeps the items for which there is room, one at least', () => {
  const items = Array.from({ length: 60 }, (_, n) => [n, 'x'.repeat(1000)])
  const { text, isCut } = compactJson(JSON.stringify({ items }))
  // of 1,006 or 1,007 characters each
  expect([JSON.parse(text).items.length, isCut]).toEqual([19, true])
  const values = Array.from({ length: 60 }, () => 'y'.repeat(1000))
  const one = compactJson(JSON.stringify({ items: [values, values] }))
  expect(one).toEqual({ text: `${JSON.stringify({ items: [values] }).slice(0, 20_000)}…`, isCut: true })
})

test('rows of a table end with the sixtieth, or where there is no more room; two are always there', () => {
  const table = (count: number, length = 1) => Array(count).fill('y'.repeat(length)).join('\n')
  expect(compactCsv(table(61))).toEqual({ text: table(61), isCut: false })
  expect(compactCsv(table(62))).toEqual({ text: `${table(61)}\n… and 1 more rows`, isCut: true })
  expect(compactCsv(table(20, 1000))).toEqual({ text: table(20, 1000), isCut: false })
  expect(compactCsv(table(21, 1000))).toEqual({ text: `${table(20, 1000)}\n… and 1 more rows`, isCut: true })
  expect(compactCsv(table(3, 15_000)).text).toBe(`${table(2, 15_000)}\n… and 1 more rows`)
})

test('a page of another origin may not call', () => {
  const { checkPlace } = createGuard({ host: 'atlas.example', hosts: [], callsPerMinute: 1 })
  const from = (origin?: string) => checkPlace('atlas.example', origin)
  expect([from(), from('https://atlas.example'), from('http://10.0.0.7')]).toEqual(Array(3).fill({ ok: true }))
  for (const origin of ['https://evil.example', 'null', ''])
    expect(from(origin)).toEqual({
      ok: false,
      status: 403,
      detail: `Origin '${origin}' is no name of this service; SIIBRA_API_MCP_HOSTS names it`,
    })
})

test('who calls too often is told when the next call comes back', () => {
  const { checkRate } = createGuard({ host: 'x', hosts: [], callsPerMinute: 4 })
  for (let call = 0; call < 4; call++) checkRate('a', 0)
  const again = (s: number) => checkRate('a', s * 1000)
  expect([again(0), again(3), again(14.9)].map((verdict) => !verdict.ok && verdict.retryAfterS)).toEqual([15, 12, 1])
  expect(again(15)).toEqual({ ok: true })
})

test('an operator can turn it off', async () => {
  const { app, close } = createFakeApp({ config: { hasMcp: false } })
  expect((await app.inject({ method: 'POST', url: '/mcp' })).statusCode).toBe(404)
  await close()
})
