import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import type { Dispatcher } from '../../src/tasks/dispatcher.ts'
import type { Task, TaskResult } from '../../src/tasks/task.ts'
import { untilTrue } from '../until.ts'

export interface DispatcherBounds {
  /** Tasks of one queue that run at a time. */
  concurrency: number
  maxWaiting: number
}

/** A task for one of the handlers of `conformance-handlers.ts`. */
export function createTask(name: string, params: Record<string, unknown> = {}, more: Partial<Task> = {}): Task {
  return { name, queue: 'core', params, criticality: 'normal', deadlineMs: Date.now() + 600_000, ...more }
}

export const textOf = (result: TaskResult): string => (result.ok ? Buffer.from(result.body).toString('utf8') : '')

/** What every dispatcher does, whatever it runs tasks on. */
export function describeDispatcher(name: string, create: (bounds: DispatcherBounds) => Promise<Dispatcher>): void {
  describe(`dispatcher: ${name}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'siibra-api-gates-'))
    afterAll(() => rmSync(folder, { recursive: true, force: true }))
    /** Tasks `gate` with its file end once it is open, whatever thread or process they run in. */
    const createGate = () => {
      const file = join(folder, randomUUID())
      return { file, open: () => writeFileSync(file, '') }
    }
    let open: Dispatcher[] = []
    const start = async (bounds: Partial<DispatcherBounds> = {}) => {
      const dispatcher = await create({ concurrency: 4, maxWaiting: 1000, ...bounds })
      open.push(dispatcher)
      return dispatcher
    }
    afterEach(async () => {
      await Promise.all(open.map((dispatcher) => dispatcher.close(0)))
      open = []
    })

    test('gives JSON as encoded bytes, NaN as null', async () => {
      const result = await (await start()).run(createTask('echo', { value: { text: 'Größe 日本', nan: 'x' } }))
      expect(result).toMatchObject({ ok: true, status: 200, contentType: 'application/json' })
      expect(JSON.parse(textOf(result))).toEqual({ text: 'Größe 日本', nan: 'x' })
      expect(textOf(await open[0]!.run(createTask('nan')))).toBe('[null,null,1]')
    })

    test('gives bytes with their type, status and headers', async () => {
      const result = await (await start()).run(createTask('bytes', { length: 3 }))
      expect(result).toMatchObject({ ok: true, status: 203, contentType: 'application/octet-stream' })
      expect(result.ok && result.headers).toEqual({ 'content-disposition': 'attachment; filename="x.bin"' })
      expect(result.ok && [...result.body]).toEqual([7, 7, 7])
    })

    test('gives an empty body', async () => {
      const result = await (await start()).run(createTask('bytes', { length: 0 }))
      expect(result.ok && result.body.byteLength).toBe(0)
    })

    test('gives a body of many megabytes whole', async () => {
      const result = await (await start()).run(createTask('bytes', { length: 12_000_000 }))
      expect(result.ok && result.body.byteLength).toBe(12_000_000)
      expect(result.ok && result.body.every((byte) => byte === 7)).toBe(true)
    })

    test('gives the same kept bytes again and again', async () => {
      const dispatcher = await start()
      for (let i = 0; i < 3; i++) expect(textOf(await dispatcher.run(createTask('kept')))).toBe('kept for ever')
    })

    test('gives an error with its code, message and details', async () => {
      const result = await (await start()).run(createTask('missing'))
      expect(result).toMatchObject({
        ok: false,
        code: 'NOT_FOUND',
        message: 'There is no “such” thing',
        details: { id: 'x' },
      })
    })

    test('gives a defect as INTERNAL', async () => {
      expect(await (await start()).run(createTask('broken'))).toMatchObject({ ok: false, code: 'INTERNAL' })
    })

    test('says that a task without a handler is not implemented', async () => {
      expect(await (await start()).run(createTask('nobody'))).toMatchObject({ ok: false, code: 'NOT_IMPLEMENTED' })
    })

    test('refuses parameters of the wrong form, by name', async () => {
      const result = await (await start()).run(createTask('bytes', { length: 'many' }))
      expect(result).toMatchObject({ ok: false, code: 'INVALID_PARAMETER', details: { parameter: 'length' } })
    })

    test('runs a hundred identical tasks once', async () => {
      const dispatcher = await start()
      const results = await Promise.all(
        Array.from({ length: 100 }, (_, i) =>
          // neither the order of parameters nor criticality makes another task
          dispatcher.run(
            createTask('count', i % 2 ? { ms: 50, of: 'same' } : { of: 'same', ms: 50 }, {
              criticality: i % 2 ? 'normal' : 'critical',
            }),
          ),
        ),
      )
      expect(new Set(results.map(textOf))).toEqual(new Set(['1']))
      expect(textOf(await dispatcher.run(createTask('count', { ms: 0, of: 'same' })))).toBe('2')
    })

    test('runs tasks that differ in one parameter each for itself', async () => {
      const dispatcher = await start()
      const values = ['a', 'b', 'a\n1:b', '']
      const results = await Promise.all(values.map((value) => dispatcher.run(createTask('echo', { value }))))
      expect(results.map((result) => JSON.parse(textOf(result)))).toEqual(values)
    })

    test('lets a caller go at once, and the others have their result', async () => {
      const dispatcher = await start()
      const leaving = new AbortController()
      const gate = createGate()
      const task = createTask('gate', { file: gate.file, text: 'done' })
      const left = dispatcher.run(task, { signal: leaving.signal })
      const staying = dispatcher.run(task, { signal: new AbortController().signal })
      await untilTrue(async () => (await dispatcher.status()).core.active === 1)
      leaving.abort()
      expect(await left).toMatchObject({ ok: false, code: 'ABORTED' })
      gate.open()
      expect(textOf(await staying)).toBe('"done"')
    })

    test('does not start a task whose caller has gone before', async () => {
      const gone = AbortSignal.abort()
      const dispatcher = await start()
      expect(await dispatcher.run(createTask('count', { ms: 0, of: 'gone' }), { signal: gone })).toMatchObject({
        code: 'ABORTED',
      })
      expect(textOf(await dispatcher.run(createTask('count', { ms: 0, of: 'gone' })))).toBe('1')
    })

    test('does not start a task whose deadline has passed', async () => {
      const dispatcher = await start()
      const late = createTask('count', { ms: 0, of: 'late' }, { deadlineMs: Date.now() - 1 })
      expect(await dispatcher.run(late)).toMatchObject({ ok: false, code: 'DEADLINE_EXCEEDED' })
      expect(textOf(await dispatcher.run(createTask('count', { ms: 0, of: 'late' })))).toBe('1')
    })

    test('gives up a task at its deadline, and can run others then', async () => {
      const dispatcher = await start({ concurrency: 1 })
      const task = createTask('sleep', { ms: 5000, text: '' }, { deadlineMs: Date.now() + 100 })
      expect(await dispatcher.run(task)).toMatchObject({ ok: false, code: 'DEADLINE_EXCEEDED' })
      expect(textOf(await dispatcher.run(createTask('echo', { value: 1 })))).toBe('1')
    })

    test('tells of progress', async () => {
      const heard: [number, string][] = []
      const onProgress = (fraction: number, doing: string) => heard.push([fraction, doing])
      await (await start()).run(createTask('sleep', { ms: 20, text: '' }), { onProgress })
      expect(heard).toEqual([
        [0, 'going to sleep'],
        [1, 'awake'],
      ])
    })

    test('says what runs and what waits', async () => {
      const dispatcher = await start({ concurrency: 1 })
      const gate = createGate()
      const tasks = ['1', '2', '3'].map((text) => dispatcher.run(createTask('gate', { file: gate.file, text })))
      const isSo = (active: number, waiting: number) => async () => {
        const { core } = await dispatcher.status()
        return core.active === active && core.waiting === waiting
      }
      await untilTrue(isSo(1, 2))
      gate.open()
      await Promise.all(tasks)
      await untilTrue(isSo(0, 0))
    })

    test('starts critical tasks before others that came earlier', async () => {
      const dispatcher = await start({ concurrency: 1 })
      const order: string[] = []
      const run = async (text: string, criticality: Task['criticality']) => {
        await dispatcher.run(createTask('sleep', { ms: 10, text }, { criticality }))
        order.push(text)
      }
      const gate = createGate()
      const first = dispatcher.run(createTask('gate', { file: gate.file, text: '' })).then(() => order.push('first'))
      await untilTrue(async () => (await dispatcher.status()).core.active === 1)
      const later = [run('b', 'background'), run('n', 'normal'), run('c', 'critical')]
      await untilTrue(async () => (await dispatcher.status()).core.waiting === 3)
      gate.open()
      await Promise.all([first, ...later])
      expect(order).toEqual(['first', 'c', 'n', 'b'])
    })

    test('refuses the least critical when too many wait, with a time to come back', async () => {
      const dispatcher = await start({ concurrency: 1, maxWaiting: 2 })
      const run = (text: string, criticality: Task['criticality']) =>
        dispatcher.run(createTask('sleep', { ms: 40, text }, { criticality }))
      const results = await Promise.all([
        run('1', 'normal'),
        run('2', 'normal'),
        run('3', 'background'),
        run('4', 'background'),
        run('5', 'critical'),
      ])
      expect(results.map((result) => result.ok)).toEqual([true, true, false, false, true])
      expect(results[3]).toMatchObject({ code: 'OVERLOADED', details: { queue: 'core', retryAfterS: 2 } })
    })

    test('lets one queue be full without the others noticing', async () => {
      const dispatcher = await start({ concurrency: 1, maxWaiting: 1 })
      const gate = createGate()
      const busy = ['1', '2'].map((text) => dispatcher.run(createTask('gate', { file: gate.file, text })))
      const other = createTask('echo', { value: 'quick' }, { queue: 'volumes' })
      expect(textOf(await dispatcher.run(other))).toBe('"quick"')
      gate.open()
      await Promise.all(busy)
    })

    test('finishes what is under way when it closes, and takes no more', async () => {
      const dispatcher = await start()
      const gate = createGate()
      const running = dispatcher.run(createTask('gate', { file: gate.file, text: 'done' }))
      await untilTrue(async () => (await dispatcher.status()).core.active === 1)
      const closing = dispatcher.close(120_000)
      expect(await dispatcher.run(createTask('echo', { value: 1 }))).toMatchObject({ ok: false, code: 'OVERLOADED' })
      gate.open()
      expect(textOf(await running)).toBe('"done"')
      await closing
    })
  })
}
