import { describe, expect, it } from 'vitest'
import type { TaskRun } from '../../../src/dispatch/scheduling/scheduler.ts'
import { withSingleFlight } from '../../../src/dispatch/scheduling/single-flight.ts'
import type { SiibraError } from '../../../src/siibra/errors.ts'
import type { Criticality, Task, TaskResult } from '../../../src/tasks/task.ts'
import { NO_OBSERVER } from '../../../src/tasks/task-observer.ts'

const done = (text: string): TaskResult => ({
  ok: true,
  status: 200,
  contentType: 'text/plain',
  headers: {},
  body: new TextEncoder().encode(text),
  etag: '""',
})
const task = (criticality: Criticality = 'normal', text = 'a'): Task => ({
  name: 'echo',
  queue: 'core',
  params: { text },
  criticality,
  deadlineMs: Date.now() + 60_000,
})

/** Runs that end when they are told to, and note what is done to them. */
function start() {
  const runs: { end(result: TaskResult): void; raised: Criticality[]; givenUp: SiibraError[] }[] = []
  const shared: string[] = []
  const dispatcher = withSingleFlight(
    {
      start(): TaskRun {
        let end: (result: TaskResult) => void = () => {}
        const result = new Promise<TaskResult>((resolve) => {
          end = resolve
        })
        const run = { end, raised: [] as Criticality[], givenUp: [] as SiibraError[] }
        runs.push(run)
        return { result, raise: (to) => run.raised.push(to), giveUp: (error) => run.givenUp.push(error) }
      },
      status: async () => ({}) as never,
      close: async () => {},
    },
    { ...NO_OBSERVER, shared: ({ name }) => void shared.push(name) },
  )
  return { dispatcher, runs, shared }
}

describe('identical tasks', () => {
  it('are run once, as critically as the most critical of those who wait; others are not theirs', async () => {
    const { dispatcher, runs, shared } = start()
    const results = [task('background'), task('critical'), task('normal', 'b')].map((one) => dispatcher.run(one))
    expect(runs.map(({ raised }) => raised)).toEqual([['critical'], []])
    expect(shared).toEqual(['echo'])
    runs[0]?.end(done('first'))
    runs[1]?.end(done('second'))
    expect(await Promise.all(results)).toEqual([done('first'), done('first'), done('second')])
  })

  it('are run anew when they have ended', async () => {
    const { dispatcher, runs } = start()
    const first = dispatcher.run(task())
    runs[0]?.end(done('1'))
    await first
    const second = dispatcher.run(task())
    expect(runs).toHaveLength(2)
    runs[1]?.end(done('2'))
    expect(await second).toEqual(done('2'))
  })
})

describe('callers who leave', () => {
  it('get their reason at once, whatever comes later; the others get the result', async () => {
    const { dispatcher, runs } = start()
    const leaving = new AbortController()
    const results = [dispatcher.run(task(), { signal: leaving.signal }), dispatcher.run(task())]
    leaving.abort()
    expect(await results[0]).toMatchObject({ ok: false, code: 'ABORTED' })
    expect(runs[0]?.givenUp).toEqual([])
    runs[0]?.end(done('late'))
    expect(await results[1]).toEqual(done('late'))
    expect(await results[0]).toMatchObject({ ok: false, code: 'ABORTED' })
  })

  it('end the task when the last of them goes, and no sooner; who comes then begins another', async () => {
    const { dispatcher, runs } = start()
    const leaving = [new AbortController(), new AbortController()]
    const results = leaving.map(({ signal }) => dispatcher.run(task(), { signal }))
    leaving[0]?.abort()
    expect(runs[0]?.givenUp).toEqual([])
    leaving[1]?.abort()
    expect(runs[0]?.givenUp).toMatchObject([{ code: 'ABORTED' }])
    expect(await Promise.all(results)).toMatchObject([{ code: 'ABORTED' }, { code: 'ABORTED' }])
    const next = dispatcher.run(task())
    expect(runs).toHaveLength(2)
    // the end of the task that was given up is not the end of the next one: who comes meanwhile joins that
    runs[0]?.end(done('of the first'))
    await Promise.resolve()
    const joined = dispatcher.run(task())
    expect(runs).toHaveLength(2)
    runs[1]?.end(done('of the second'))
    expect(await Promise.all([next, joined])).toEqual([done('of the second'), done('of the second')])
  })

  it('who leaves after the result is there takes it from nobody', async () => {
    const { dispatcher, runs } = start()
    const leaving = new AbortController()
    const result = dispatcher.run(task(), { signal: leaving.signal })
    runs[0]?.end(done('x'))
    expect(await result).toEqual(done('x'))
    leaving.abort()
    expect(runs[0]?.givenUp).toEqual([])
  })

  it('who has left before starts nothing', async () => {
    const { dispatcher, runs } = start()
    expect(await dispatcher.run(task(), { signal: AbortSignal.abort() })).toMatchObject({ ok: false, code: 'ABORTED' })
    expect(runs).toHaveLength(0)
  })
})
