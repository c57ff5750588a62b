import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { unprovenKey } from '../../../../src/siibra/retrieval/cache/entry-names.ts'
import { withWriteBehind } from '../../../../src/siibra/retrieval/wrappers/with-write-behind.ts'
import { createCacheInMemory } from './cache-in-memory.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'], now: 1_000 }))
afterEach(() => void vi.useRealTimers())

const bytesOf = (length: number) => new Uint8Array(length)

function create(options: Parameters<typeof withWriteBehind>[1] = {}) {
  const { cache: disk, entries, calls } = createCacheInMemory()
  const cache = withWriteBehind(disk, options)
  /** Lets time go by; entries are written one a round of the event loop. */
  const pass = async (ms: number) => {
    vi.advanceTimersByTime(ms)
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
  }
  return { cache, disk, entries, calls, pass }
}

describe('an entry', () => {
  test('is written when none has come for a tenth of a second', async () => {
    const { cache, calls, pass } = create()
    await cache.write('a', bytesOf(1))
    await pass(99)
    await cache.write('b', bytesOf(1))
    await pass(99)
    expect(calls).toEqual([])
    await pass(1)
    expect([calls, vi.getTimerCount()]).toEqual([['write a', 'write b'], 0])
  })

  test('waits for a second at most, from the first on', async () => {
    const { cache, calls, pass } = create()
    await pass(5_000)
    for (let i = 0; i < 10; i++) {
      await cache.write(`${i}`, bytesOf(1))
      await pass(99)
    }
    await cache.write('last', bytesOf(1))
    await pass(9)
    expect(calls).toEqual([])
    await pass(1)
    expect([calls.length, calls.at(-1)]).toEqual([11, 'write last'])
    // the second begins anew
    await cache.write('c', bytesOf(1))
    await pass(99)
    expect(calls.length).toBe(11)
    await pass(1)
    expect(calls.length).toBe(12)
  })

  test('can be read until it is on disk, and says when it came', async () => {
    const { cache } = create()
    vi.setSystemTime(2_000)
    await cache.write('a', Uint8Array.from([1, 2, 3]))
    expect(await cache.read('a', 3)).toEqual({ bytes: Uint8Array.from([1, 2, 3]), storedAtMs: 2_000 })
    await expect(cache.read('a', 2)).rejects.toMatchObject({ details: { sizeBytes: 3, maxBytes: 2 } })
    expect((await cache.readRange('a', { offset: 1, length: 1 }))?.bytes).toEqual(Uint8Array.from([2]))
    expect([await cache.read('b'), await cache.readRange('b', { suffixLength: 1 })]).toEqual([undefined, undefined])
  })

  test('that comes while others are written is written afterwards', async () => {
    const { cache, disk, calls, pass } = create()
    const write = disk.write.bind(disk)
    let goOn = () => {}
    disk.write = async (key, bytes) => {
      await new Promise<void>((resolve) => {
        goOn = resolve
      })
      await write(key, bytes)
    }
    const other = withWriteBehind(disk)
    await other.write('a', bytesOf(1))
    await pass(100)
    // a newer one of the same key, while that is on its way
    await other.write('a', bytesOf(2))
    await pass(1_000)
    expect([calls, (await other.read('a'))?.bytes.length]).toEqual([[], 2])
    goOn()
    await pass(0)
    expect([calls, (await other.read('a'))?.bytes.length]).toEqual([['write a'], 2])
    await pass(1_000)
    goOn()
    await pass(0)
    expect([calls, (await cache.read('a'))?.bytes.length]).toEqual([['write a', 'write a'], 2])
  })
})

test('who writes waits once more than the bound is held, by the bytes that are held now', async () => {
  const { cache, calls, pass } = create({ maxWaitingBytes: 10 })
  await cache.write('a', bytesOf(6))
  await cache.write('a', bytesOf(5))
  await cache.write('b', bytesOf(4))
  await cache.delete('b')
  await cache.write('c', bytesOf(5))
  expect(calls).toEqual(['delete b'])
  await cache.write('d', bytesOf(1))
  expect(calls).toEqual(['delete b', 'write a', 'write c', 'write d'])
  await cache.write('e', bytesOf(10))
  await pass(0)
  expect(calls.length).toBe(4)
  await cache.settle()
  expect(calls.length).toBe(5)
  // 32 MiB, where nothing is said
  const usual = create()
  await usual.cache.write('a', bytesOf(2 ** 25))
  expect(usual.calls).toEqual([])
  await usual.cache.write('b', bytesOf(1))
  expect(usual.calls.length).toBe(2)
})

describe('what could be decoded', () => {
  test('is written under its own name, once', async () => {
    const { cache, calls, pass } = create()
    await cache.write(unprovenKey('a'), bytesOf(3))
    await cache.prove('a')
    expect([(await cache.read('a'))?.bytes.length, await cache.read(unprovenKey('a'))]).toEqual([3, undefined])
    await pass(100)
    expect(calls).toEqual(['write a'])
    await cache.prove('b')
    expect(calls).toEqual(['write a', 'prove b'])
  })

  test('and is on its way to the disk already is renamed there', async () => {
    const { cache, calls, pass } = create()
    await cache.write(unprovenKey('a'), bytesOf(3))
    const settled = cache.settle()
    await cache.prove('a')
    await settled
    await pass(100)
    expect([...new Set(calls)]).toEqual(expect.arrayContaining(['write a|unproven']))
    expect((await cache.read('a'))?.bytes.length).toBe(3)
  })
})

test('what was decoded is written when nothing has come for a tenth of a second since', async () => {
  const { cache, calls, pass } = create()
  await cache.write(unprovenKey('a'), bytesOf(1))
  await pass(60)
  await cache.prove('a')
  await pass(99)
  expect(calls).toEqual([])
  await pass(1)
  expect(calls).toEqual(['write a'])
})

describe('what could not', () => {
  test('goes with its parts, and others stay', async () => {
    const { cache, calls } = create()
    for (const key of ['a', unprovenKey('a'), 'a\0part', 'ab']) await cache.write(key, bytesOf(1))
    await cache.drop('a')
    // the one before was decoded
    expect(
      await Promise.all(
        ['a', unprovenKey('a'), 'a\0part', 'ab'].map(async (key) => (await cache.read(key)) !== undefined),
      ),
    ).toEqual([true, false, false, true])
    expect(calls).toEqual(['drop but for a'])
    await cache.drop('a')
    expect([await cache.read('a'), calls.at(-1)]).toEqual([undefined, 'drop a'])
    await cache.write('a', bytesOf(1))
    await cache.drop('a', true)
    expect([(await cache.read('a')) !== undefined, calls.at(-1)]).toEqual([true, 'drop but for a'])
  })
})
