import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { QueueDispatcher } from '../../../../src/dispatch/queue/dispatcher.ts'
import type { LongTaskState } from '../../../../src/tasks/long-tasks.ts'
import type { TaskResult } from '../../../../src/tasks/task.ts'
import { addWorker, jsonOf, runs, startServer, task } from '../real-queue.ts'

describe('long tasks', () => {
  async function follow(server: QueueDispatcher, id: string) {
    const seen: LongTaskState[] = []
    for (;;) {
      const state = await server.inspect(id)
      if (!state) throw new Error('the task is not known')
      seen.push(state)
      if (state.status === 'SUCCESS' || state.status === 'FAILURE') return seen
      await delay(20)
    }
  }
  const idOf = (sent: Awaited<ReturnType<QueueDispatcher['submit']>>) => {
    if ('id' in sent) return sent.id
    throw new Error(sent.message)
  }

  test('tell their progress, and keep their result for any server', async () => {
    const [one, two] = [startServer(), startServer()]
    await addWorker()
    const id = idOf(await one.submit(task('slow', { ms: 1_500, text: 'done' })))
    const seen = await follow(two, id)
    const fractions = seen.map(({ fraction }) => fraction)
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
    expect(new Set(seen.map(({ doing }) => doing)).size).toBeGreaterThan(3)
    expect(seen.at(-1)).toMatchObject({ status: 'SUCCESS', fraction: 1 })
    expect(jsonOf(seen.at(-1)?.result as TaskResult)).toBe('done')
    expect(idOf(await two.submit(task('slow', { ms: 1_500, text: 'done' })))).toBe(id)
    expect(runs).toHaveLength(1)
  })

  test('that failed say why, and are tried again when asked for again', async () => {
    const server = startServer()
    await addWorker()
    const id = idOf(await server.submit(task('missing')))
    expect((await follow(server, id)).at(-1)).toMatchObject({ status: 'FAILURE', result: { code: 'NOT_FOUND' } })
    expect(idOf(await server.submit(task('missing')))).toBe(id)
    await follow(server, id)
    expect(runs).toHaveLength(2)
  })

  test('are not known under another id, and not taken without a worker', async () => {
    const server = startServer()
    expect(await server.submit(task('echo', { text: 'x' }))).toMatchObject({ code: 'UNAVAILABLE' })
    expect(await server.inspect('unheard of')).toBeUndefined()
  })
})
