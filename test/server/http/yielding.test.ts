import { setImmediate as nextRound } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createYielder } from '../../../src/server/http/yielding.ts'

/** Takes turns until nothing happens any more. */
async function rounds(count: number) {
  for (let i = 0; i < count; i++) await nextRound()
}

test('critical work is done at once, other work one piece a round', async () => {
  const yielder = createYielder()
  const done: string[] = []
  const take = (criticality: 'critical' | 'normal' | 'background', name: string) =>
    yielder.take(criticality, () => void done.push(name))
  take('normal', 'a')
  take('normal', 'b')
  expect(done).toEqual([])
  await nextRound()
  expect(done).toEqual(['a'])
  await nextRound()
  take('critical', 'now')
  expect(done).toEqual(['a', 'b', 'now'])
})

test('the background has every fourth turn, and all when nothing else waits', async () => {
  const yielder = createYielder()
  const done: string[] = []
  for (let i = 0; i < 3; i++) yielder.take('background', () => void done.push(`b${i}`))
  for (let i = 0; i < 6; i++) yielder.take('normal', () => void done.push(`n${i}`))
  await rounds(12)
  expect(done.filter((name) => name.startsWith('n'))).toEqual(['n0', 'n1', 'n2', 'n3', 'n4', 'n5'])
  expect(done.indexOf('b0')).toBeLessThanOrEqual(3)
  expect(done.indexOf('b1') - done.indexOf('b0')).toBe(4)
  expect(done).toHaveLength(9)
})

test('waits for its turn; critical work does not', async () => {
  const yielder = createYielder()
  const done: string[] = []
  void yielder.wait('background').then(() => done.push('background'))
  void yielder.wait('critical').then(() => done.push('critical'))
  await Promise.resolve()
  expect(done).toEqual(['critical'])
  await rounds(1)
  expect(done).toEqual(['critical', 'background'])
})

test('work that throws does not stop the others', async () => {
  const yielder = createYielder()
  const caught: unknown[] = []
  const listeners = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', (error) => caught.push(error.message))
  let isDone = false
  yielder.take('normal', () => {
    throw new Error('no')
  })
  yielder.take('normal', () => {
    isDone = true
  })
  await rounds(4)
  process.removeAllListeners('uncaughtException')
  for (const listener of listeners) process.on('uncaughtException', listener)
  expect(caught).toEqual(['no'])
  expect(isDone).toBe(true)
})

describe('while people wait, the loop rests after each piece once they are many', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  /** A loop whose time is ours: what is planned, and after how many ms (none: the next time that it looks). */
  function createLoop() {
    const loop = { nowMs: 0, planned: [] as { run: () => void; ms: number | undefined }[] }
    const plan = (ms: number | undefined, run: (...args: unknown[]) => void, args: unknown[]) =>
      void loop.planned.push({ run: () => run(...args), ms })
    vi.stubGlobal('performance', { now: () => loop.nowMs })
    vi.stubGlobal('setImmediate', (run: () => void, ...args: unknown[]) => plan(undefined, run, args))
    vi.stubGlobal('setTimeout', (run: () => void, ms: number) => plan(ms, run, []))
    /** Lets happen what is planned next; how many ms it was planned for. */
    const step = () => {
      const [{ run, ms }] = loop.planned.splice(0, 1) as [(typeof loop.planned)[number]]
      loop.nowMs += ms ?? 0
      run()
      return ms
    }
    return Object.assign(loop, { step })
  }
  type Loop = ReturnType<typeof createLoop>

  /** Work that takes some time, and says that it was done. */
  const lasting = (loop: Loop, ms: number, done: string[], name = '') => {
    return () => {
      loop.nowMs += ms
      done.push(name)
    }
  }

  /** Uses up what may be owed, 50 ms, by pieces of no time. */
  const tire = (loop: Loop, yielder: ReturnType<typeof createYielder>) => {
    for (let i = 0; i < 50; i++) {
      yielder.take('normal', () => {})
      loop.step()
      loop.step()
    }
  }

  test('fifty pieces go without', () => {
    const loop = createLoop()
    const yielder = createYielder()
    let done = 0
    yielder.take('critical', () => {})
    for (let i = 0; i < 52; i++) yielder.take('normal', () => done++)
    while (loop.planned[0]?.ms === undefined) loop.step()
    expect([done, loop.step()]).toEqual([51, 1])
    expect(done).toBe(52)
  })

  test('answers that are kept owe nothing', () => {
    const loop = createLoop()
    const yielder = createYielder()
    const done: string[] = []
    yielder.take('critical', () => {})
    for (let i = 0; i < 400; i++) yielder.take('normal', lasting(loop, 0.5, done), true)
    while (loop.planned.length > 0) expect(loop.step()).toBeUndefined()
    expect(done).toHaveLength(400)
  })

  test('what is owed has a bound, and is over after its time', () => {
    const loop = createLoop()
    const yielder = createYielder()
    const done: string[] = []
    for (let i = 0; i < 100; i++) yielder.take('normal', lasting(loop, 1, done))
    while (loop.planned.length > 0) loop.step()
    expect(done).toHaveLength(100)
    yielder.take('critical', () => {})
    yielder.take('normal', lasting(loop, 0, done))
    expect(loop.step()).toBe(20)
    loop.step()
    loop.nowMs += 21
    yielder.take('normal', lasting(loop, 0, done))
    expect(loop.step()).toBeUndefined()
  })

  test.each([
    [0, 1],
    [0.1, 1],
    [2, 6],
    [2.1, 7],
    [6.6, 20],
    [50, 20],
  ])('a piece of %d ms is followed by %d ms of rest', (tookMs, restMs) => {
    const loop = createLoop()
    const yielder = createYielder()
    const done: string[] = []
    tire(loop, yielder)
    yielder.take('critical', () => {})
    yielder.take('normal', lasting(loop, tookMs, done, 'a'))
    yielder.take('background', lasting(loop, 0, done, 'b'))
    expect(loop.step()).toBeUndefined()
    expect(done).toEqual(['a'])
    expect(loop.step()).toBeUndefined()
    expect(loop.step()).toBe(restMs)
    expect(done).toEqual(['a', 'b'])
    expect(loop.step()).toBeUndefined()
    expect(loop.planned).toEqual([])
  })

  test.each([
    [499, 1],
    [500, undefined],
  ])('%d ms after the last critical request, the rest is %s', (agoMs, restMs) => {
    const loop = createLoop()
    const yielder = createYielder()
    const done: string[] = []
    yielder.take('critical', () => {})
    loop.nowMs = agoMs
    tire(loop, yielder)
    for (const name of ['a', 'b']) yielder.take('normal', lasting(loop, 0, done, name))
    loop.step()
    loop.step()
    // without a rest, the end of a turn is the beginning of the next one
    if (restMs === undefined) expect(done).toEqual(['a', 'b'])
    else expect(loop.step()).toBe(restMs)
    expect(done).toEqual(['a', 'b'])
  })

  test.each([
    [249, 1],
    [250, undefined],
  ])('a piece that waited for %d ms: the rest after it is %s', (waitedMs, restMs) => {
    const loop = createLoop()
    const yielder = createYielder()
    const done: string[] = []
    // five long pieces and the rest after them, for which a critical request in the last one is the reason
    const beforeMs = (waitedMs - 20) / 5
    for (let i = 0; i < 4; i++) yielder.take('normal', lasting(loop, beforeMs, done))
    yielder.take('normal', () => {
      lasting(loop, beforeMs, done)()
      yielder.take('critical', () => {})
    })
    for (const name of ['a', 'b']) yielder.take('normal', lasting(loop, 0, done, name))
    while (!done.includes('a')) loop.step()
    expect(loop.nowMs).toBe(waitedMs)
    loop.step()
    expect(done.at(-1)).toBe(restMs === undefined ? 'b' : 'a')
    expect(loop.planned[0]?.ms).toBe(restMs)
  })

  test('what comes within a rest waits for its end; what comes later, for nothing', () => {
    const loop = createLoop()
    const yielder = createYielder()
    const done: string[] = []
    tire(loop, yielder)
    yielder.take('critical', () => {})
    yielder.take('normal', lasting(loop, 4, done, 'a'))
    loop.step()
    loop.step()
    expect(loop.planned).toEqual([])
    loop.nowMs += 2
    yielder.take('normal', lasting(loop, 0, done, 'b'))
    expect(loop.step()).toBe(10)
    loop.step()
    loop.nowMs += 1
    yielder.take('normal', lasting(loop, 0, done, 'c'))
    expect(loop.step()).toBeUndefined()
    expect(done).toEqual(['a', 'b', 'c'])
  })
})

test('nothing is looked for where nothing waits', async () => {
  const yielder = createYielder()
  const looks = vi.spyOn(globalThis, 'setImmediate')
  const done: string[] = []
  for (const [name, criticality] of [
    ['n0', 'normal'],
    ['b0', 'background'],
    ['n1', 'normal'],
  ] as const)
    yielder.take(criticality, () => void done.push(name))
  const plans = () => looks.mock.calls.filter(([called]) => called.name === 'takeTurn' || called.name === 'endTurn')
  await nextRound()
  expect(done).toEqual(['n0'])
  await rounds(5)
  expect(done).toEqual(['n0', 'n1', 'b0'])
  // one to begin, and one for the end of each piece
  expect(plans()).toHaveLength(4)
  looks.mockRestore()
})
