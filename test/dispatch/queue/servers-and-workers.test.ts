import { expect, test } from 'vitest'
import { untilTrue } from '../../until.ts'
import { openGates } from '../fake-handlers.ts'
import { addWorker, jsonOf, runs, scope, startServer, task } from './real-queue.ts'

test('status and health count what there is', async () => {
  const server = startServer()
  await addWorker({ queues: ['features'], threads: 1 })
  const all = Array.from({ length: 3 }, (_, i) => server.run(task('gate', { text: `${i}` })))
  await untilTrue(async () => {
    const { features } = await server.status()
    return features.active === 1 && features.waiting === 2
  })
  const status = await server.status()
  expect(status.features).toEqual({ waiting: 2, active: 1, workers: 1 })
  expect(status.core).toEqual({ waiting: 0, active: 0, workers: 0 })
  expect(await server.health()).toEqual({
    answeredAtMs: expect.any(Number),
    awaited: ['core', 'volumes', 'compounds'],
    broker: true,
    problems: [],
    queuesAway: [],
    results: true,
    workers: { core: 0, features: 1, volumes: 0, compounds: 0 },
  })
  await untilTrue(() => {
    openGates()
    return runs.length === 3
  })
  openGates()
  await Promise.all(all)
})

test('the version of the data is known when all workers hold the same, and told when it changes', async () => {
  const told: string[] = []
  const server = startServer({ onDataVersion: (version) => void told.push(version) })
  expect(server.dataVersion()).toBeUndefined()
  const old = await addWorker({ dataVersion: 'a' })
  await untilTrue(() => server.dataVersion() === 'a')
  await addWorker({ dataVersion: 'b' })
  await untilTrue(() => server.dataVersion() === undefined)
  await old.close(0)
  await untilTrue(() => server.dataVersion() === 'b')
  expect(told).toEqual(['a', 'b'])
})

test('two versions on one broker do not mix', async () => {
  const otherScope = { ...scope, version: `${scope.version}-next` }
  const [old, next] = [startServer(), startServer({ scope: otherScope })]
  await addWorker()
  await addWorker({ scope: otherScope })
  const answers = await Promise.all([old, next].map((server) => server.run(task('slow', { ms: 50, text: 'same' }))))
  expect(answers.map(jsonOf)).toEqual(['same', 'same'])
  expect(runs).toHaveLength(2)
})

test('a server that closes answers those who wait, and takes no more', async () => {
  const server = startServer()
  await addWorker()
  const inTime = server.run(task('gate', { text: 'in time' }))
  const tooLong = server.run(task('slow', { ms: 600_000, text: 'too long' }))
  await untilTrue(() => runs.length === 2)
  const closed = server.close(1_500)
  openGates()
  expect(await server.run(task('echo', { text: 'new' }))).toMatchObject({ code: 'OVERLOADED' })
  await closed
  expect(jsonOf(await inTime)).toBe('in time')
  expect(await tooLong).toMatchObject({ ok: false, code: 'OVERLOADED' })
})

test('a worker that closes finishes what it can and hands the rest to another', async () => {
  const server = startServer()
  const leaving = await addWorker({ threads: 2 })
  const finished = server.run(task('slow', { ms: 100, text: 'finished' }))
  await untilTrue(() => runs.length === 1)
  const answers = [finished, server.run(task('gate', { text: 'handed over' }))]
  await untilTrue(() => runs.length === 2)
  await addWorker()
  await leaving.close(1_500)
  await untilTrue(() => runs.length === 3)
  openGates()
  expect((await Promise.all(answers)).map(jsonOf)).toEqual(['finished', 'handed over'])
  expect(runs.map(({ params }) => params.text)).toEqual(['finished', 'handed over', 'handed over'])
})
