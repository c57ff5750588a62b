import { expect, test, vi } from 'vitest'
import type { CacheEntry, ResponseCache } from '../../../../src/server/cache/cache.ts'
import { createKeptAnswers, type Place } from '../../../../src/server/http/kept/kept-answers.ts'
import { routeTable } from '../../../../src/server/routes/table.ts'
import type { TaskResult } from '../../../../src/tasks/task.ts'
import { createEntry } from '../../cache/conformance.ts'

const route = routeTable.find(({ criticality }) => criticality === 'normal')
if (!route) throw new Error('no such route')
const PLACE: Place = { url: '/a', accept: undefined, key: 'k', route, ofUrl: [] }
const config = { responseCacheTtlS: 10, responseCacheStaleS: 20 }

const made = (status: number) =>
  ({ ok: true, status, contentType: 'text/csv', headers: {}, body: Buffer.from('new'), etag: '"new"' }) as TaskResult
const failed = (code: string) => ({ ok: false, code, message: 'm' }) as TaskResult

/** Kept answers beside a cache that knows one entry, and tells what is done with it. */
function createKept(known?: CacheEntry, generation?: () => number) {
  const set = vi.fn(async (_key: string, _entry: CacheEntry) => {})
  const gone = vi.fn(async (_key: string) => {})
  const onCached = vi.fn()
  const cache = { set, delete: gone, peek: () => known } as Partial<ResponseCache> as ResponseCache
  return { set, gone, onCached, kept: createKeptAnswers({ cache, config, onCached, generation }) }
}

test.each([
  ['made', made(200), '"new"'],
  ['of another status', made(404), 'kept'],
  ['gone', failed('NOT_FOUND'), 'deleted'],
  ['not to be had now', failed('UNAVAILABLE'), 'kept'],
  ['not made by our fault', failed('INTERNAL'), 'kept'],
])('a stale answer that is %s', async (_, result, what) => {
  const { kept, set, gone } = createKept()
  const stale = createEntry({ staleAtMs: 1 })
  const make = vi.fn(async () => result)
  kept.refresh(PLACE, stale, make)
  // who asks meanwhile does not make it once more
  kept.refresh(PLACE, stale, make)
  await vi.waitFor(() => expect(set.mock.calls.length + gone.mock.calls.length).toBe(1))
  expect(make).toHaveBeenCalledTimes(1)
  const [, entry] = set.mock.calls[0] ?? []
  const againInS = ((entry?.staleAtMs ?? 0) - Date.now()) / 1000
  if (what === 'deleted') expect(gone).toHaveBeenCalledWith('k')
  else expect(entry?.etag).toBe(what === 'kept' ? stale.etag : what)
  // it is left alone for a minute; a new one is fresh for its time
  if (entry) expect(Math.ceil(againInS / 10)).toBe(what === 'kept' ? 6 : 1)
})

test('an answer is fresh for its time, and served for a while after that', () => {
  const { staleAtMs = 0, expiresAtMs } = createKept().kept.entryOf(made(200) as TaskResult & { ok: true })
  expect([Math.round((staleAtMs - Date.now()) / 10_000), expiresAtMs - staleAtMs]).toEqual([1, 20_000])
})

test('what was made of a former configuration is not kept', async () => {
  let now = 1
  const { kept, set, gone } = createKept(undefined, () => now)
  const making = Promise.resolve(made(200))
  kept.refresh(PLACE, createEntry(), () => making)
  now = 2
  await making
  await new Promise((resolve) => setImmediate(resolve))
  expect([set, gone].map(({ mock }) => mock.calls)).toEqual([[], []])
})

test('the same answer keeps its compressed forms, and leads to them at once; another does not', async () => {
  const bodies = { identity: Buffer.from('x'), gzip: Buffer.from('packed') }
  const again = createEntry({ etag: '"e"' })
  for (const [etag, isSame] of [
    ['"e"', true],
    ['"other"', false],
  ] as const) {
    const { kept, set, onCached } = createKept(createEntry({ etag, bodies }))
    kept.store(PLACE, again)
    await new Promise((resolve) => setImmediate(resolve))
    expect(set.mock.calls).toEqual([['k', isSame ? { ...again, bodies } : again]])
    expect(onCached.mock.calls).toEqual(isSame ? [[PLACE]] : [])
  }
})
