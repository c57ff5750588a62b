/** The routes of downloads over a queue and a dispatcher that are told what to answer. With real ones: downloads.test.ts. */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { beforeEach, describe, expect, test } from 'vitest'
import type { QueueDispatcher } from '../../src/dispatch/queue/dispatcher.ts'
import type { ObjectStorage } from '../../src/downloads/object-storage.ts'
import { createDownloadRoutes } from '../../src/server/downloads.ts'
import { toRecord } from '../../src/server/http/reply.ts'
import { createYielder } from '../../src/server/http/yielding.ts'
import type { Dispatcher } from '../../src/tasks/dispatcher.ts'
import type { LongTaskState } from '../../src/tasks/long-tasks.ts'
import type { Task, TaskResult } from '../../src/tasks/task.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { errorOf } from './fake-app.ts'
import { routeOf } from './route-of.ts'

const NAME = 'atlas-download-1.zip'
const BYTES = Buffer.from('0123456789')
const SHA256 = createHash('sha256').update(BYTES).digest('hex')
const ETAG = `"${SHA256}"`
const made = (told: object = { file: NAME, bytes: 10, sha256: SHA256 }, headers = {}): TaskResult => ({
  ok: true,
  status: 200,
  contentType: 'application/json',
  headers,
  etag: '',
  body: Buffer.from(JSON.stringify(told)),
})
const failed = (code: 'INTERNAL' | 'UNAVAILABLE'): TaskResult => ({
  ok: false,
  code,
  message: `It is ${code}`,
  details: {},
})
const GAPS = { 'x-siibra-gaps': 'sources' }

let folder: string
let sent: Task[]
beforeEach(() => {
  folder = temporaryFolder()
  sent = []
})

interface Given {
  /** What the queue knows of the task `x`; without, this process runs its tasks itself. */
  state?: LongTaskState | undefined
  result?: TaskResult
  storage?: Partial<ObjectStorage>
  stored?: Buffer
  headers?: Record<string, string>
  method?: string
  traceparent?: string
}

async function ask(name: string, id: string, given: Given = {}) {
  const forgotten: string[] = []
  const submit = async (task: Task) => {
    sent.push(task)
    return given.result?.ok === false ? given.result : { id: 'new' }
  }
  const queue = {
    submit,
    inspect: async (asked: string) => (asked === 'x' ? given.state : undefined),
    openFile: async () =>
      given.stored && {
        bytes: given.stored.length,
        read: (start: number, end: number) => Readable.from([given.stored?.subarray(start, end + 1)]),
      },
    forget: async (one: string) => void forgotten.push(one),
  } as unknown as QueueDispatcher
  const dispatcher = {
    async run(task: Task) {
      sent.push(task)
      return given.result
    },
  } as unknown as Dispatcher
  const parts = { dispatcher, yielder: createYielder(), config: { taskTimeoutS: 60, sharedDir: folder } }
  const storage = given.storage as ObjectStorage | undefined
  const routes = createDownloadRoutes({ ...parts, ...('state' in given && { queue }), storage })
  const { method = 'GET', headers = {}, traceparent } = given
  const call = {
    method,
    url: '/',
    headers,
    traceparent,
    isInner: false,
    cacheOutcome: 'none' as const,
    onGone: () => () => {},
  }
  const answer = await routes[name]?.({ request: call, route: routeOf(), params: { task_id: id }, ofUrl: [] })
  const { body } = answer ?? {}
  const bytes = body instanceof Readable ? await buffer(body) : Buffer.from(body ?? '')
  return { status: answer?.status, text: bytes.toString(), headers: toRecord(answer?.headers ?? []), forgotten }
}

const told = ({ status, text, headers }: Awaited<ReturnType<typeof ask>>) => [status, text, headers.etag]
const detailOf = ({ status, text }: { status?: number | undefined; text: string }) => [status, errorOf(text).detail]
const near = (deadlineMs: number, forMs: number) => Math.abs(deadlineMs - Date.now() - forMs) < 30_000

describe('a bundle that is asked for', () => {
  test('behind a queue is a task, which may wait for an hour', async () => {
    const answer = await ask('get_download_bundle', '', { state: undefined, traceparent: 'trace' })
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { task_id: 'new', status: 'PENDING' }])
    expect(sent).toMatchObject([{ name: 'all_things', queue: 'core', traceparent: 'trace', criticality: 'critical' }])
    expect(near(sent[0]?.deadlineMs ?? 0, 3_600_000)).toBe(true)
    expect(detailOf(await ask('get_download_bundle', '', { state: undefined, result: failed('UNAVAILABLE') }))).toEqual(
      [503, 'It is UNAVAILABLE'],
    )
    expect(sent[1]).not.toHaveProperty('traceparent')
  })

  test('without one is the file', async () => {
    writeFileSync(join(folder, NAME), BYTES)
    const answer = await ask('get_download_bundle', '', { result: made(undefined, GAPS) })
    expect([answer.status, answer.text, answer.headers]).toEqual([
      200,
      '0123456789',
      {
        ...GAPS,
        etag: ETAG,
        'accept-ranges': 'bytes',
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename=${NAME}`,
        'cache-control': 'no-store',
        'content-length': '10',
      },
    ])
    expect(near(sent[0]?.deadlineMs ?? 0, 60_000)).toBe(true)
    expect(detailOf(await ask('get_download_bundle', '', { result: failed('INTERNAL') }))[0]).toBe(500)
  })

  test('comes in parts, or as its head', async () => {
    writeFileSync(join(folder, NAME), BYTES)
    const of = (range: string) => ask('get_download_bundle', '', { result: made(), headers: { range } })
    const part = await of('bytes=2-4')
    expect([...told(part), part.headers['content-range'], part.headers['content-length']]).toEqual([
      ...[206, '234', ETAG],
      ...['bytes 2-4/10', '3'],
    ])
    const behind = await of('bytes=10-')
    expect([behind.status, behind.headers['content-range']]).toEqual([416, 'bytes */10'])
    const head = await ask('get_download_bundle', '', { result: made(), method: 'HEAD' })
    expect([...told(head), head.headers['content-length']]).toEqual([200, '', ETAG, '10'])
  })

  test('whose file is gone, or is none, is told of', async () => {
    const gone = await ask('get_download_bundle', '', { result: made() })
    expect([...detailOf(gone), gone.headers['retry-after']]).toEqual([
      503,
      'The file of the bundle is gone; ask for it anew',
      '1',
    ])
    for (const file of ['../secret', 7])
      await expect(ask('get_download_bundle', '', { result: made({ file, bytes: 1 }) })).rejects.toThrow('no bundle')
    writeFileSync(join(folder, NAME), BYTES)
    const unsummed = await ask('get_download_bundle', '', { result: made({ file: NAME, bytes: 10 }) })
    expect(told(unsummed)).toEqual([200, '0123456789', `"${NAME}"`])
  })
})

const stateOf = (status: LongTaskState['status'], result?: TaskResult): LongTaskState => ({
  status,
  fraction: 0.256,
  doing: 'it',
  ...(result && { result }),
})

describe('the progress of a download', () => {
  const progress = (status: string) => ({ task_id: 'x', status, progress: 26, doing: 'it' })

  test.each([
    ['PENDING', 'PENDING', undefined],
    ['STARTED', 'PENDING', undefined],
    ['SUCCESS', 'SUCCESS', 'sources'],
  ] as const)('%s is told as %s', async (status, name, gaps) => {
    const answer = await ask('get_download_progress', 'x', { state: stateOf(status, made(undefined, GAPS)) })
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, progress(name)])
    expect(answer.headers['x-siibra-gaps']).toBe(gaps)
  })

  test.each([
    [failed('INTERNAL'), 500, 'It is INTERNAL', undefined],
    [failed('UNAVAILABLE'), 503, 'It is UNAVAILABLE', '10'],
    [undefined, 500, 'The task failed', undefined],
  ])('that failed is an error: %j', async (result, status, detail, retryAfter) => {
    const given = { state: stateOf('FAILURE', result) }
    const answer = await ask('get_download_progress', 'x', given)
    expect([...detailOf(answer), answer.headers['retry-after']]).toEqual([status, detail, retryAfter])
    expect(JSON.parse(answer.text)).toMatchObject(progress('FAILURE'))
    const file = await ask('get_download_result', 'x', given)
    expect([...detailOf(file), file.headers['retry-after']]).toEqual([status, detail, retryAfter])
  })

  test('is a stream of events for who asks for one, until it has ended', async () => {
    const headers = { accept: 'text/event-stream' }
    const stream = (state: LongTaskState, method = 'GET') =>
      ask('get_download_progress', 'x', { state, headers, method })
    const success = await stream(stateOf('SUCCESS'))
    expect(success.headers['content-type']).toBe('text/event-stream')
    expect(success.text).toBe(`event: success\ndata: ${JSON.stringify(progress('SUCCESS'))}\n\n`)
    expect((await stream(stateOf('FAILURE', failed('INTERNAL')))).text).toBe(
      `event: failure\ndata: ${JSON.stringify({ ...progress('FAILURE'), detail: 'It is INTERNAL' })}\n\n`,
    )
    expect((await stream(stateOf('SUCCESS'), 'HEAD')).text).toBe('')
    const ending = stateOf('STARTED')
    let looks = 0
    const state = Object.defineProperty(ending, 'status', { get: () => (looks++ < 8 ? 'STARTED' : 'SUCCESS') })
    const events = (await stream(state)).text.split('\n').filter((line) => line.startsWith('event'))
    expect(events).toEqual(['event: progress', 'event: success'])
  })

  test('of a task that nobody knows is 404, also where there is no queue', async () => {
    for (const given of [{ state: stateOf('SUCCESS') }, {}])
      for (const name of ['get_download_progress', 'get_download_result'])
        expect(detailOf(await ask(name, 'y', given))).toEqual([404, 'There is no download y'])
  })
})

describe('the file of a download', () => {
  const done = stateOf('SUCCESS', made())

  test('lies in the folder, in the object storage or in the result backend', async () => {
    const storage = {
      bytesOf: async () => 10,
      read: async (_: string, start: number, end: number) => Readable.from([BYTES.subarray(start, end + 1)]),
    }
    const whole = [200, '0123456789', ETAG]
    expect(told(await ask('get_download_result', 'x', { state: done, storage }))).toEqual(whole)
    expect(told(await ask('get_download_result', 'x', { state: done, stored: BYTES }))).toEqual(whole)
    const empty = { ...storage, bytesOf: async () => undefined }
    const given = { state: done, storage: empty, stored: BYTES, headers: { range: 'bytes=1-1' } }
    expect(told(await ask('get_download_result', 'x', given))).toEqual([206, '1', ETAG])
    writeFileSync(join(folder, NAME), BYTES)
    expect(told(await ask('get_download_result', 'x', { state: stateOf('STARTED', made()) }))).toEqual(whole)
  })

  test('that is gone is forgotten; one that is being made is not there yet', async () => {
    const gone = await ask('get_download_result', 'x', { state: done })
    expect(detailOf(gone)).toEqual([404, 'The file of the download x is gone; ask for it anew'])
    expect(gone.forgotten).toEqual(['x'])
    for (const state of [stateOf('PENDING'), stateOf('STARTED', made()), stateOf('STARTED', failed('INTERNAL'))]) {
      const answer = await ask('get_download_result', 'x', { state, stored: BYTES })
      expect(detailOf(answer)).toEqual([404, 'The download x is not ready yet'])
      expect([answer.headers['retry-after'], answer.forgotten]).toEqual(['1', []])
    }
  })
})
