/** Atlas downloads: the file itself where this process makes it (role all), a task to be followed behind a queue. */

import { createReadStream } from 'node:fs'
import { open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { Config } from '../config.ts'
import type { QueueDispatcher } from '../dispatch/queue/dispatcher.ts'
import type { ObjectStorage } from '../downloads/object-storage.ts'
import { SiibraError } from '../siibra/index.ts'
import { isBundleName } from '../tasks/answer/file-names.ts'
import { LightAbortSignal } from '../tasks/caller-signal.ts'
import type { Dispatcher } from '../tasks/dispatcher.ts'
import type { LongTaskState } from '../tasks/long-tasks.ts'
import type { Task, TaskResult } from '../tasks/task.ts'
import { answerRequest, errorAnswer, failureAnswer, jsonAnswer, parseRange, rangeRefusal } from './http/answer.ts'
import { errorBody } from './http/errors.ts'
import type { Answer, ApiRequest, Call } from './http/exchange.ts'
import { type SpecialRoute, withFailures } from './http/special-route.ts'
import type { Yielder } from './http/yielding.ts'

/** A bundle of role all is removed this long after it was sent: time for others who asked for the same. */
const REMOVED_AFTER_MS = 60_000
const REMOVED_TOGETHER_MS = 10_000
/** How long a bundle may wait for a worker. */
const QUEUED_FOR_MS = 3600 * 1000
const LOOK_EVERY_MS = 300
const WATCHED_FOR_MS = 900_000
/** A bundle of this size is read at once: a stream of it costs five times the work of the event loop. */
const MAX_READ_AT_ONCE_BYTES = 1024 * 1024

interface DownloadParts {
  dispatcher: Dispatcher
  queue?: QueueDispatcher
  storage?: ObjectStorage | undefined
  config: Pick<Config, 'taskTimeoutS' | 'sharedDir'>
  yielder: Yielder
}

/** The three routes, by name. */
export function createDownloadRoutes({
  dispatcher,
  queue,
  storage,
  config,
  yielder,
}: DownloadParts): Record<string, SpecialRoute> {
  const taskOf = ({ request: { traceparent }, route, params }: Call, forMs: number): Task => ({
    name: route.task.name,
    queue: route.task.queue,
    params,
    criticality: route.criticality,
    deadlineMs: Date.now() + forMs,
    ...(traceparent !== undefined && { traceparent }),
  })

  const removeLater = createRemover()

  const getBundle: SpecialRoute = async (call) => {
    const { request, route } = call
    if (queue) {
      const sent = await queue.submit(taskOf(call, QUEUED_FOR_MS))
      return 'id' in sent ? jsonAnswer(200, { task_id: sent.id, status: 'PENDING' }) : failureAnswer(sent)
    }
    const caller = new LightAbortSignal()
    const stay = request.onGone(() => caller.abort())
    const result = await dispatcher.run(taskOf(call, config.taskTimeoutS * 1000), { signal: caller })
    stay()
    await yielder.wait(route.criticality)
    if (!result.ok) return failureAnswer(result)
    const bundle = bundleOf(result)
    const path = join(config.sharedDir, bundle.file)
    removeLater(path)
    return bundleAnswer(request, bundle, fileSource(path, bundle.bytes))
  }

  const getProgress: SpecialRoute = async ({ request, params }) => {
    const id = String(params.task_id)
    const state = await queue?.inspect(id)
    if (!queue || !state) return unknownAnswer(id)
    if (/\btext\/event-stream\b/.test(request.headers.accept ?? ''))
      return eventsAnswer(request, id, () => queue.inspect(id))
    const body = progressOf(id, state)
    if (state.status !== 'FAILURE') return jsonAnswer(200, body)
    return jsonAnswer(500, { ...JSON.parse(errorBody(500, messageOf(state))), ...body })
  }

  const getResult: SpecialRoute = async ({ request, params }) => {
    const id = String(params.task_id)
    const state = await queue?.inspect(id)
    if (!queue || !state) return unknownAnswer(id)
    if (state.status === 'FAILURE') return errorAnswer(500, messageOf(state))
    if (state.status !== 'SUCCESS' || !state.result?.ok)
      return errorAnswer(404, `The download ${id} is not ready yet`, {}, ['retry-after', '1'])
    const bundle = bundleOf(state.result)
    const { file: name } = bundle
    const path = join(config.sharedDir, name)
    const local = await stat(path).catch(() => undefined)
    if (local) return bundleAnswer(request, bundle, fileSource(path, local.size))
    const stored = await storage?.bytesOf(name)
    if (storage && stored !== undefined) {
      const read = (start: number, end: number) => storage.read(name, start, end)
      return bundleAnswer(request, bundle, { bytes: stored, read })
    }
    const bytes = await queue.fileBytes(id)
    if (bytes === undefined) {
      // else asking anew would give the same task, whose file is gone, for a day
      await queue.forget(id)
      return errorAnswer(404, `The file of the download ${id} is gone; ask for it anew`)
    }
    const read = (start: number, end: number) => Readable.from(queue.readFile(id, start, end))
    return bundleAnswer(request, bundle, { bytes, read })
  }

  return {
    get_download_bundle: withFailures(getBundle),
    get_download_progress: withFailures(getProgress),
    get_download_result: withFailures(getResult),
  }
}

interface Bundle {
  file: string
  bytes: number
  /** The same for equal bytes. */
  etag: string
}

/** The file that a task made. */
function bundleOf(result: TaskResult & { ok: true }): Bundle {
  const { file, bytes, sha256 } = JSON.parse(Buffer.from(result.body).toString())
  if (typeof file !== 'string' || !isBundleName(file)) throw new Error('The task made no bundle')
  return { file, bytes, etag: `"${typeof sha256 === 'string' ? sha256 : file}"` }
}

/** Status as the original names it (a task under way is PENDING), progress in per cent. */
function progressOf(id: string, { status, fraction, doing }: LongTaskState) {
  return {
    task_id: id,
    status: status === 'STARTED' ? 'PENDING' : status,
    progress: Math.round(fraction * 100),
    doing,
  }
}

const messageOf = ({ result }: LongTaskState): string => (result?.ok === false ? result.message : 'The task failed')

interface BundleSource {
  bytes: number
  read(start: number, end: number): Readable | Uint8Array | Promise<Readable | Uint8Array>
}

function fileSource(path: string, bytes: number): BundleSource {
  const read = (start: number, end: number) =>
    bytes <= MAX_READ_AT_ONCE_BYTES ? readPart(path, start, end) : createReadStream(path, { start, end })
  return { bytes, read }
}

/** Bytes of a file, in memory that V8 does not count (dispatch/thread-loop.ts says why). */
async function readPart(path: string, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(new SharedArrayBuffer(end + 1 - start))
  const file = await open(path)
  try {
    for (let at = 0; at < bytes.byteLength; ) {
      const { bytesRead } = await file.read(bytes, at, bytes.byteLength - at, start + at)
      if (bytesRead === 0) throw new SiibraError('INTERNAL', `${path} is shorter than it was`)
      at += bytesRead
    }
  } finally {
    await file.close()
  }
  return bytes
}

/** Removes files some time after they were sent: in one go, as a timer each would be thousands. */
function createRemover(): (path: string) => void {
  let sent: string[] = []
  const removeAll = (paths: string[]) => {
    for (const path of paths) void rm(path, { force: true })
  }
  return (path) => {
    if (sent.length === 0)
      setTimeout(() => {
        const paths = sent
        sent = []
        setTimeout(removeAll, REMOVED_AFTER_MS, paths).unref()
      }, REMOVED_TOGETHER_MS).unref()
    sent.push(path)
  }
}

/** Without quotes, which the name does not need: siibra-explorer takes all that stands behind `=`. Elsewhere they are recorded. */
const dispositionOf = (bundleName: string) => `attachment; filename=${bundleName}`

/** A bundle, whole or the range that was asked for. */
async function bundleAnswer(
  request: ApiRequest,
  { file, etag }: Bundle,
  { bytes, read }: BundleSource,
): Promise<Answer> {
  const range = parseRange(answerRequest(request), etag, bytes)
  const headers = ['accept-ranges', 'bytes', 'etag', etag]
  if (range === 'unsatisfiable')
    return errorAnswer(416, rangeRefusal(bytes), {}, [...headers, 'content-range', `bytes */${bytes}`])
  const { start, end } = range ?? { start: 0, end: bytes - 1 }
  return {
    status: range ? 206 : 200,
    headers: [
      ...headers,
      ...['content-type', 'application/octet-stream', 'content-disposition', dispositionOf(file)],
      ...['cache-control', 'no-store', 'content-length', String(end - start + 1)],
      ...(range ? ['content-range', `bytes ${start}-${end}/${bytes}`] : []),
    ],
    // opened before anything is said of it: that may fail
    body: request.method === 'HEAD' ? undefined : await read(start, end),
  }
}

/** The progress as server-sent events. */
function eventsAnswer(request: ApiRequest, id: string, inspect: () => Promise<LongTaskState | undefined>): Answer {
  const headers = ['content-type', 'text/event-stream', 'cache-control', 'no-store']
  return { status: 200, headers, body: request.method === 'HEAD' ? undefined : Readable.from(watch(id, inspect)) }
}

/** Tells of a task until it has ended; whoever reads may stop at any time. */
async function* watch(id: string, inspect: () => Promise<LongTaskState | undefined>): AsyncGenerator<string> {
  const giveUpMs = Date.now() + WATCHED_FOR_MS
  let last = ''
  while (Date.now() < giveUpMs) {
    const state = await inspect().catch(() => undefined)
    if (!state) return
    const isOver = state.status === 'SUCCESS' || state.status === 'FAILURE'
    const data = { ...progressOf(id, state), ...(state.status === 'FAILURE' ? { detail: messageOf(state) } : {}) }
    const text = `event: ${isOver ? state.status.toLowerCase() : 'progress'}\ndata: ${JSON.stringify(data)}\n\n`
    if (text !== last) yield text
    last = text
    if (isOver) return
    await delay(LOOK_EVERY_MS)
  }
}

const unknownAnswer = (id: string): Answer => errorAnswer(404, `There is no download ${id}`)
