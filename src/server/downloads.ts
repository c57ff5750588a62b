/** Atlas downloads: the file itself where this process makes it (role all), a task to be followed behind a queue. */

import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { Config } from '../config.ts'
import type { QueueDispatcher } from '../dispatch/queue/dispatcher.ts'
import type { ObjectStorage } from '../downloads/object-storage.ts'
import { isBundleName } from '../tasks/answer/file-names.ts'
import { GAPS_HEADER } from '../tasks/answer/header-values.ts'
import { LightAbortSignal } from '../tasks/caller-signal.ts'
import type { Dispatcher } from '../tasks/dispatcher.ts'
import type { LongTaskState } from '../tasks/long-tasks.ts'
import type { Task, TaskResult } from '../tasks/task.ts'
import { type BundleSource, createRemover, type Expected, openBundleFile } from './bundle-files.ts'
import { answerRequest, errorAnswer, failureAnswer, jsonAnswer, parseRange, rangeRefusal } from './http/answer.ts'
import { errorBody, retryAfterS, STATUS_OF } from './http/errors.ts'
import type { Answer, ApiRequest, Call, HeaderList } from './http/exchange.ts'
import { type SpecialRoute, withFailures } from './http/special-route.ts'
import type { Yielder } from './http/yielding.ts'

/** How long a bundle may wait for a worker. */
const QUEUED_FOR_MS = 3600 * 1000
const LOOK_EVERY_MS = 300
const WATCHED_FOR_MS = 900_000
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
    const source = await openBundleFile(path, bundle)
    if (source === undefined) return failureAnswer(GONE)
    return bundleAnswer(request, bundle, source)
  }

  const getProgress: SpecialRoute = async ({ request, params }) => {
    const id = String(params.task_id)
    const state = await queue?.inspect(id)
    if (!queue || !state) return unknownAnswer(id)
    if (/\btext\/event-stream\b/.test(request.headers.accept ?? ''))
      return eventsAnswer(request, id, () => queue.inspect(id))
    const body = progressOf(id, state)
    if (state.status === 'SUCCESS') return jsonAnswer(200, body, gapsOf(state.result))
    if (state.status !== 'FAILURE') return jsonAnswer(200, body)
    const [status, headers] = failedWith(state)
    return jsonAnswer(status, { ...JSON.parse(errorBody(status, messageOf(state))), ...body }, headers)
  }

  const getResult: SpecialRoute = async ({ request, params }) => {
    const id = String(params.task_id)
    const state = await queue?.inspect(id)
    if (!queue || !state) return unknownAnswer(id)
    if (state.status === 'FAILURE') {
      const [status, headers] = failedWith(state)
      return errorAnswer(status, messageOf(state), {}, headers)
    }
    const notReady = () => errorAnswer(404, `The download ${id} is not ready yet`, {}, ['retry-after', '1'])
    // one that is made anew, as parts were missing, is there as it was before, unless the new one takes its place
    if (!state.result?.ok) return notReady()
    const bundle = bundleOf(state.result)
    const { file: name } = bundle
    const local = await openBundleFile(join(config.sharedDir, name), bundle)
    if (local) return bundleAnswer(request, bundle, local)
    const stored = await storage?.bytesOf(name)
    if (storage && stored !== undefined) {
      const read = (start: number, end: number) => storage.read(name, start, end)
      return bundleAnswer(request, bundle, { bytes: stored, read })
    }
    if (state.status !== 'SUCCESS') return notReady()
    const file = await queue.openFile(id)
    if (file === undefined) {
      // else asking anew would give the same task, whose file is gone, for a day
      await queue.forget(id)
      return errorAnswer(404, `The file of the download ${id} is gone; ask for it anew`)
    }
    const read = (start: number, end: number) => Readable.from(file.read(start, end))
    return bundleAnswer(request, bundle, { bytes: file.bytes, read })
  }

  return {
    get_download_bundle: withFailures(getBundle),
    get_download_progress: withFailures(getProgress),
    get_download_result: withFailures(getResult),
  }
}

/** Somebody else has emptied the folder, or written into its files. */
const GONE: TaskResult & { ok: false } = {
  ok: false,
  code: 'UNAVAILABLE',
  message: 'The file of the bundle is gone; ask for it anew',
  details: { retryAfterS: 1 },
}

interface Bundle extends Expected {
  file: string
  /** The same for equal bytes. */
  etag: string
  /** The header that says that parts are missing, as sources were away; else nothing. */
  gaps: HeaderList
}

/** The file that a task made. */
function bundleOf(result: TaskResult & { ok: true }): Bundle {
  const { file, bytes, sha256 } = JSON.parse(Buffer.from(result.body).toString())
  if (typeof file !== 'string' || !isBundleName(file)) throw new Error('The task made no bundle')
  return { file, bytes, sha256, etag: `"${sha256 ?? file}"`, gaps: gapsOf(result) }
}

function gapsOf(result: TaskResult | undefined): HeaderList {
  const gaps = result?.ok ? result.headers[GAPS_HEADER] : undefined
  return gaps === undefined ? [] : [GAPS_HEADER, gaps]
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

/** 500, as in the original, but where it passes: then the download may be asked for anew. */
function failedWith({ result }: LongTaskState): [status: number, headers: HeaderList] {
  const failure = result?.ok === false ? result : undefined
  const retryS = failure && retryAfterS(failure.code, failure.details)
  return failure && retryS !== undefined ? [STATUS_OF[failure.code], ['retry-after', String(retryS)]] : [500, []]
}

/** Without quotes, which the name does not need: siibra-explorer takes all that stands behind `=`. Elsewhere they are recorded. */
const dispositionOf = (bundleName: string) => `attachment; filename=${bundleName}`

/** A bundle, whole or the range that was asked for. */
async function bundleAnswer(
  request: ApiRequest,
  { file, etag, gaps }: Bundle,
  { bytes, read }: BundleSource,
): Promise<Answer> {
  const range = parseRange(answerRequest(request), etag, bytes)
  const headers = ['accept-ranges', 'bytes', 'etag', etag, ...gaps]
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
