/** Results in the result backend, and who waits for them. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { TaskJob } from '../../../src/dispatch/queue/job.ts'
import { makeRoomForResult } from '../../../src/dispatch/queue/long-tasks/results.ts'
import { hasState, storeSentTask } from '../../../src/dispatch/queue/long-tasks/states.ts'
import { taskKeyOf } from '../../../src/dispatch/queue/names.ts'
import {
  decodeResult,
  encodeResult,
  loadResult,
  resultAgesMs,
  storeResult,
} from '../../../src/dispatch/queue/result.ts'
import { addWaiter, hasWaiter, removeWaiter } from '../../../src/dispatch/queue/waiters.ts'
import { anAnswer } from '../an-answer.ts'
import { FakeRedis } from '../fake-redis.ts'
import { aTask, scope } from './pending/parts.ts'

const HOUR_MS = 3_600_000
const NOW_MS = 1_700_000_000_000
let fake: FakeRedis
beforeEach(() => {
  vi.useFakeTimers({ now: NOW_MS, toFake: ['Date', 'performance'] })
  fake = new FakeRedis()
})
afterEach(() => void vi.useRealTimers())

describe('results', () => {
  const key = taskKeyOf(scope, 'core-1', 'result')
  const PIECE = 512 * 1024
  const large = (bytes: number) => anAnswer('x'.repeat(bytes))
  const headBytes = encodeResult(anAnswer(''), 'core-1').length

  test.each([0, 1, PIECE - headBytes, PIECE - headBytes + 1, 2 * PIECE - headBytes, 3 * PIECE + 7])(
    'of %i bytes come back as they were, and are kept for a minute',
    async (bytes) => {
      await storeResult(fake.redis, scope, 'core-1', large(bytes))
      expect(fake.asked.includes('rename')).toBe(bytes + headBytes > PIECE)
      const result = await loadResult(fake.redis, scope, 'core-1')
      expect(result?.ok && result.body.byteLength).toBe(bytes)
      expect([[...fake.values.keys()], fake.ttlOf(key)]).toEqual([[key], 60_000])
      vi.setSystemTime(NOW_MS + 10)
      expect(await resultAgesMs(fake.redis, scope, ['core-1', 'core-2'])).toEqual([10, undefined])
    },
  )

  test.each([
    ['append', 'a piece'],
    ['rename', 'all pieces'],
    ['strlen', 'the last piece'],
  ])(
    'of which a Redis that takes over before %s lacks %s are written anew, three times at most',
    async (command, what) => {
      const lose = () => {
        for (const [name, value] of fake.values)
          if (what === 'all pieces') fake.values.delete(name)
          else fake.values.set(name, (value as Buffer).subarray(0, -PIECE))
      }
      let [seen, losses] = [0, 1]
      fake.before = (asked) => {
        // the second piece, so that there is one to lose
        if (asked !== command || (command === 'append' && seen++ % 3 !== 1) || losses-- <= 0) return
        lose()
      }
      const whole = large(3 * PIECE)
      await storeResult(fake.redis, scope, 'core-1', whole)
      expect(losses).toBeLessThanOrEqual(0)
      fake.before = () => {}
      const result = await loadResult(fake.redis, scope, 'core-1')
      expect(result?.ok && Buffer.from(result.body).equals(Buffer.from('x'.repeat(3 * PIECE)))).toBe(true)
      fake.before = (asked) => {
        if (asked === command) lose()
      }
      await expect(storeResult(fake.redis, scope, 'core-1', whole)).rejects.toThrow('kept losing pieces')
    },
  )

  test('that go while they are read are none; unfinished ones go by themselves', async () => {
    await storeResult(fake.redis, scope, 'core-1', large(2 * PIECE))
    fake.before = (command) => {
      if (command === 'strlen') fake.before = () => void fake.values.delete(key)
    }
    expect(await loadResult(fake.redis, scope, 'core-1')).toBeUndefined()
    fake.before = () => {}
    fake.before = (command) => {
      if (command === 'rename') throw new Error('away')
    }
    await expect(storeResult(fake.redis, scope, 'core-1', large(2 * PIECE))).rejects.toThrow('away')
    for (const left of fake.values.keys()) expect(fake.ttlOf(left)).toBe(60_000)
    expect(fake.asked.filter((command) => command === 'pexpire').length).toBeGreaterThan(2)
  })

  test('in pieces go by themselves from the first piece on, and have none that is empty', async () => {
    let appended = 0
    fake.before = (command) => {
      if (command === 'append' && ++appended === 2) throw new Error('away')
    }
    await expect(storeResult(fake.redis, scope, 'core-1', large(2 * PIECE))).rejects.toThrow('away')
    const [left, ...others] = [...fake.values.keys()]
    expect([fake.ttlOf(left ?? ''), others]).toEqual([60_000, []])
    fake.before = () => {}
    fake.asked.length = 0
    await storeResult(fake.redis, scope, 'core-1', large(2 * PIECE))
    expect(fake.asked.filter((command) => command === 'append').length).toBe(4)
  })

  test('whose time is over this moment have the age of that', async () => {
    fake.pttl = async () => 0
    expect(await resultAgesMs(fake.redis, scope, ['core-1'])).toEqual([60_000])
  })

  test('are read only as what they are', () => {
    const read = (head: unknown, id?: string) => {
      const text = Buffer.from(typeof head === 'string' ? head : JSON.stringify(head))
      const length = Buffer.alloc(4)
      length.writeUInt32LE(text.length)
      return decodeResult(Buffer.concat([length, text]), id)
    }
    const good = { ok: true, status: 200, contentType: 'a/b', headers: { a: 'b' }, etag: '"x"' }
    const fails = { ok: false, code: 'INTERNAL', message: 'm' }
    expect([read(good).ok, read(fails).ok, read({ ...good, id: 'a' }, 'a').ok]).toEqual([true, false, true])
    for (const status of [200, 599]) expect(read({ ...good, status }).ok).toBe(true)
    for (const more of [
      { status: 199 },
      { status: 600 },
      { status: 200.5 },
      { contentType: 'a\r\nb' },
      { etag: 7 },
      { headers: null },
      { headers: 'x' },
      { headers: { a: 'b\nc' } },
      { headers: { 'a\n': 'b' } },
    ])
      expect(() => read({ ...good, ...more })).toThrow('that of no result')
    for (const more of [{ ok: 1 }, { code: 7 }, { message: null }])
      expect(() => read({ ...fails, ...more })).toThrow('that of no result')
    for (const text of ['null', '7', '{']) expect(() => read(text)).toThrow('no JSON')
    expect(() => read(good, 'a')).toThrow('of another task')
    for (const bytes of [[], [0, 0, 0], [1, 0, 0, 0]])
      expect(() => decodeResult(Buffer.from(bytes))).toThrow(`${bytes.length} bytes are no result`)
    expect(() => decodeResult(Buffer.alloc(4))).toThrow('no JSON')
  })
})

test('who waits is known until then, and longer where it is said again; what is left goes after two hours', async () => {
  await addWaiter(fake.redis, scope, 'core-1', 'a', NOW_MS + 100)
  await addWaiter(fake.redis, scope, 'core-1', 'a', NOW_MS + 50)
  expect(fake.ttlOf(taskKeyOf(scope, 'core-1', 'waiters'))).toBe(2 * HOUR_MS)
  vi.advanceTimersByTime(99)
  expect(await hasWaiter(fake.redis, scope, 'core-1')).toBe(true)
  vi.advanceTimersByTime(3)
  expect(await hasWaiter(fake.redis, scope, 'core-1')).toBe(false)
  await addWaiter(fake.redis, scope, 'core-1', 'b', NOW_MS + 1000)
  await removeWaiter(fake.redis, scope, 'core-1', 'b')
  expect(await hasWaiter(fake.redis, scope, 'core-1')).toBe(false)
})

describe('results for who comes later', () => {
  const bounds = { maxBytes: 100, maxResults: 3 }
  const job = { task: aTask() } as TaskJob
  const store = async (id: string, bytes: number) => {
    vi.setSystemTime(Date.now() + 1)
    await storeSentTask(fake.redis, scope, id, job)
    await makeRoomForResult(fake.redis, scope, id, bytes, bounds)
  }
  const kept = async (...ids: string[]) => {
    const found = await Promise.all(ids.map((id) => hasState(fake.redis, scope, `core-${id}`)))
    return ids.filter((_, i) => found[i]).join('')
  }

  test('the oldest go for bytes, or for their number, and no more than have to', async () => {
    for (const id of ['a', 'b', 'c']) await store(`core-${id}`, 30)
    expect(await kept('a', 'b', 'c')).toBe('abc')
    await store('core-d', 40)
    expect(await kept('a', 'b', 'c', 'd')).toBe('bcd')
    await store('core-e', 100)
    expect(await kept('b', 'c', 'd', 'e')).toBe('e')
    await expect(store('core-f', 101)).rejects.toMatchObject({ code: 'OVERLOADED' })
    for (const id of ['g', 'h', 'i', 'j']) await store(`core-${id}`, 1)
    expect(await kept('e', 'g', 'h', 'i', 'j')).toBe('hij')
  })

  test('one that is made again is the newest, and is never its own room', async () => {
    await store('core-a', 60)
    await store('core-b', 40)
    await store('core-a', 61)
    expect(await kept('a', 'b')).toBe('a')
  })
})
