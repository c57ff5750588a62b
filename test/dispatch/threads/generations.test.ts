import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createGenerations, type GenerationsOptions } from '../../../src/dispatch/threads/generations.ts'
import type { CoreSummary } from '../../../src/dispatch/threads/thread-messages.ts'
import type { ThreadsDispatcher } from '../../../src/dispatch/threads/threads.ts'
import { mapQueues } from '../../../src/tasks/queues.ts'
import type { TaskResult } from '../../../src/tasks/task.ts'
import { anAnswer } from '../an-answer.ts'
import { createTask, textOf } from '../conformance.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Threads whose tasks end when the test says so. */
class FakeThreads implements ThreadsDispatcher {
  readonly dataVersion: Promise<string>
  readonly ends: ((text: string) => void)[] = []
  readonly closings: (number | undefined)[] = []
  othersStarted: unknown[] = []
  load = { active: 0, waiting: 0 }
  readonly version: string
  constructor(version: string) {
    this.version = version
    this.dataVersion = Promise.resolve(version)
  }
  start = async () => ({ source: this.version }) as CoreSummary
  startOthers = async (atOnce?: boolean): Promise<void> => {
    this.othersStarted.push(atOnce)
  }
  letOthersStart = () => {}
  /** Its other threads take until that is called. */
  holdOthers() {
    const held = new Promise<void>((resolve) => {
      this.letOthersStart = resolve
    })
    this.startOthers = () => held
  }
  run = () => new Promise<TaskResult>((resolve) => void this.ends.push((text) => resolve(anAnswer(text))))
  status = async () => mapQueues(() => ({ ...this.load, workers: 1 }))
  cacheBytes = () => ({ [this.version]: 1 })
  async close(graceMs?: number) {
    this.closings.push(graceMs)
  }
  get isClosed() {
    return this.closings.length > 0
  }
}

function createAll(versions: string[], more: Partial<GenerationsOptions> = {}) {
  const all = versions.map((version) => new FakeThreads(version))
  const left = [...all]
  const switched: string[] = []
  const problems: string[] = []
  const generations = createGenerations({
    create: () => left.shift() as FakeThreads,
    onSwitch: ({ summary, dataVersion }) => void switched.push(`${summary.source} ${dataVersion}`),
    onProblem: (message) => void problems.push(message),
    ...more,
  })
  /** Whose answer a task of a version gets. */
  const answererOf = async (dataVersion?: string) => {
    const answer = generations.run(createTask('echo', {}, dataVersion === undefined ? {} : { dataVersion }))
    for (const threads of all) threads.ends.shift()?.(threads.version)
    return textOf(await answer)
  }
  return { all, generations, switched, problems, answererOf, at: (index: number) => all[index] as FakeThreads }
}

describe('a reload', () => {
  test('lets the new threads answer when all are there; the old ones end when they have nothing to do', async () => {
    const { generations, switched, answererOf, at } = createAll(['a', 'b'])
    expect(generations.currentVersion()).toBeUndefined()
    expect(await generations.dataVersion).toBe('a')
    expect([await generations.start(), generations.currentVersion()]).toEqual([{ source: 'a' }, 'a'])
    await generations.startOthers()
    at(0).load = { active: 0, waiting: 1 }
    expect(await generations.reload()).toBe(true)
    expect([at(0).othersStarted, at(1).othersStarted, switched]).toEqual([[undefined], [true], ['b b']])
    expect([generations.currentVersion(), generations.cacheBytes?.()]).toEqual(['b', { b: 1 }])
    expect([await answererOf(), await answererOf('a'), await answererOf('b'), await answererOf('c')]).toEqual([
      'b',
      'a',
      'b',
      'b',
    ])
    await vi.advanceTimersByTimeAsync(1_000)
    at(0).load = { active: 1, waiting: 0 }
    await vi.advanceTimersByTimeAsync(1_000)
    expect(at(0).isClosed).toBe(false)
    at(0).load = { active: 0, waiting: 0 }
    await vi.advanceTimersByTimeAsync(100)
    expect([at(0).closings, at(1).closings]).toEqual([[undefined], []])
    expect(await answererOf('a')).toBe('b')
  })

  test('to data that were there before lets the newest threads answer for them', async () => {
    const { generations, all, at } = createAll(['a', 'b', 'a'])
    for (const threads of all) threads.load = { active: 1, waiting: 0 }
    await generations.reload()
    await generations.reload()
    void generations.run(createTask('echo', {}, { dataVersion: 'a' }))
    expect([all.map(({ ends }) => ends.length), at(0).isClosed]).toEqual([[0, 0, 1], false])
  })

  test('keeps the old ones for as long as is wished', async () => {
    const { generations, answererOf, at } = createAll(['a', 'b'], { keepMs: 60_000 })
    await generations.reload()
    await vi.advanceTimersByTimeAsync(59_999)
    expect([at(0).isClosed, await answererOf('a')]).toEqual([false, 'a'])
    await vi.advanceTimersByTimeAsync(1)
    expect([at(0).isClosed, vi.getTimerCount()]).toEqual([true, 0])
  })

  test('that finds the same changes nothing', async () => {
    const { generations, switched, at } = createAll(['a', 'a'])
    await generations.dataVersion
    expect(await generations.reload()).toBe(false)
    expect([switched, at(0).isClosed, at(1).isClosed]).toEqual([[], false, true])
  })

  test('that fails leaves all as it was, also where it is the others that fail', async () => {
    const { generations, switched, answererOf, at } = createAll(['a', 'b', 'c', 'd'])
    at(1).start = () => Promise.reject(new Error('no such folder'))
    at(2).startOthers = () => Promise.reject(new Error('no memory'))
    at(2).close = () => Promise.reject(new Error('no end'))
    await expect(generations.reload()).rejects.toThrow('no such folder')
    await expect(generations.reload()).rejects.toThrow('no memory')
    expect([await answererOf(), at(1).isClosed, switched]).toEqual(['a', true, []])
    expect([await generations.reload(), await answererOf()]).toEqual([true, 'd'])
  })

  test('waits for the one before, and reads once more what may have changed since', async () => {
    const { generations, switched, at } = createAll(['a', 'b', 'c'])
    at(1).holdOthers()
    const both = [generations.reload(), generations.reload()]
    await vi.advanceTimersByTimeAsync(1_000)
    expect(switched).toEqual([])
    at(1).letOthersStart()
    expect([await Promise.all(both), switched]).toEqual([
      [true, true],
      ['b b', 'c c'],
    ])
  })

  test('is told of where its old threads cannot be ended', async () => {
    const { generations, problems, at } = createAll(['a', 'b'])
    at(0).close = () => Promise.reject(new Error('no end'))
    await generations.reload()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(problems).toEqual(['Older threads could not be ended: no end'])
  })
})

describe('a task that was begun with older data', () => {
  const begin = async (more: object = {}, options: object = {}) => {
    const parts = createAll(['a', 'b'])
    parts.at(0).load = { active: 1, waiting: 0 }
    await parts.generations.dataVersion
    const answer = parts.generations.run(createTask('echo', {}, more), options)
    await parts.generations.reload()
    return { ...parts, answer }
  }
  /** Ends it in its threads, and wherever it is run again. */
  const answerOf = async ({ answer, at }: Awaited<ReturnType<typeof begin>>) => {
    at(0).ends.shift()?.('old')
    await vi.advanceTimersByTimeAsync(0)
    at(1).ends.shift()?.('new')
    return textOf(await answer)
  }

  test('is run once more, unless it named them', async () => {
    expect(await answerOf(await begin())).toBe('new')
    expect(await answerOf(await begin({ dataVersion: 'a' }))).toBe('old')
  })

  test('is not, where its caller has gone, or the service stops', async () => {
    const caller = new AbortController()
    const left = await begin({}, { signal: caller.signal })
    caller.abort()
    expect(await answerOf(left)).toBe('old')
    const stopped = await begin()
    await stopped.generations.close(0)
    expect(await answerOf(stopped)).toBe('old')
  })
})

test('closing ends all threads that there are, and a reload under way', async () => {
  const { generations, at, switched } = createAll(['a', 'b', 'c'])
  at(0).load = { active: 1, waiting: 0 }
  await generations.reload()
  at(2).holdOthers()
  const reloading = generations.reload().catch((error: Error) => error.message)
  await vi.advanceTimersByTimeAsync(0)
  await generations.close(7)
  at(2).letOthersStart()
  expect(await reloading).toBe('The service stops')
  await vi.advanceTimersByTimeAsync(1_000)
  expect([at(0).closings[0], at(1).closings, at(2).closings, switched]).toEqual([7, [7], [undefined], ['b b']])
})
