/** Atlas downloads: the file itself where this process makes it (role all), a task to be followed behind a queue. */
import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import type { LongTaskState } from '../dispatch/long-tasks.ts'
import { isBundleName } from '../dispatch/shared-folder.ts'
import type { Task, TaskResult } from '../dispatch/task.ts'
import { SiibraError, toPlainError } from '../siibra/errors.ts'
import { parseRange, rangeRefusal } from './answer.ts'
import { answerRequest, sendError } from './api.ts'
import { errorBody, retryAfterS, STATUS_OF } from './errors.ts'
import type { RouteRecord } from './routes/route.ts'
import type { ServerDeps } from './service.ts'

/** Answers a route that is not simply a task whose result is sent. */
export type SpecialRoute = (
  request: FastifyRequest,
  reply: FastifyReply,
  route: RouteRecord,
  params: Record<string, unknown>,
) => Promise<unknown>

/** A bundle of role all is removed this long after it was sent: time for others who asked for the same. */
const REMOVED_AFTER_MS = 60_000
/** How long a bundle may wait for a worker. */
const QUEUED_FOR_MS = 3600 * 1000
const LOOK_EVERY_MS = 300
const WATCHED_FOR_MS = 900_000

type DownloadDeps = Pick<ServerDeps, 'dispatcher' | 'queue' | 'storage'> & {
  config: Pick<Config, 'taskTimeoutS' | 'sharedDir'>
}

/** The three routes, by name. */
export function createDownloadRoutes({
  dispatcher,
  queue,
  storage,
  config,
}: DownloadDeps): Record<string, SpecialRoute> {
  const taskOf = (route: RouteRecord, params: Record<string, unknown>, forMs: number): Task => ({
    ...route.task,
    params,
    criticality: route.criticality,
    deadlineMs: Date.now() + forMs,
  })

  const getBundle: SpecialRoute = async (request, reply, route, params) => {
    if (queue) {
      const sent = await queue.submit(taskOf(route, params, QUEUED_FOR_MS))
      if (!('id' in sent)) return sendFailed(reply, sent)
      return sendJson(reply, 200, { task_id: sent.id, status: 'PENDING' })
    }
    const left = new AbortController()
    const leave = () => left.abort()
    const { socket } = request.raw
    socket.once('close', leave)
    const task = taskOf(route, params, config.taskTimeoutS * 1000)
    const result = await dispatcher.run(task, { signal: left.signal }).finally(() => socket.off('close', leave))
    if (!result.ok) return sendFailed(reply, result)
    const path = join(config.sharedDir, bundleOf(result))
    const removeLater = () => void setTimeout(() => void rm(path, { force: true }), REMOVED_AFTER_MS).unref()
    reply.raw.once('close', removeLater)
    return sendBundle(request, reply, bundleOf(result), {
      bytes: (await stat(path)).size,
      read: (start, end) => createReadStream(path, { start, end }),
    })
  }

  const getProgress: SpecialRoute = async (request, reply, _route, { task_id }) => {
    const id = String(task_id)
    const state = await queue?.inspect(id)
    if (!state) return sendUnknown(reply, id)
    if (queue && /\btext\/event-stream\b/.test(request.headers.accept ?? '')) {
      return sendEvents(request, reply, id, () => queue.inspect(id))
    }
    const body = progressOf(id, state)
    if (state.status !== 'FAILURE') return sendJson(reply, 200, body)
    return sendJson(reply, 500, { ...JSON.parse(errorBody(500, messageOf(state))), ...body })
  }

  const getResult: SpecialRoute = async (request, reply, _route, { task_id }) => {
    const id = String(task_id)
    const state = await queue?.inspect(id)
    if (!queue || !state) return sendUnknown(reply, id)
    if (state.status === 'FAILURE') return sendError(reply, 500, messageOf(state))
    if (state.status !== 'SUCCESS' || !state.result?.ok) {
      reply.header('retry-after', 1)
      return sendError(reply, 404, `The download ${id} is not ready yet`)
    }
    const name = bundleOf(state.result)
    const path = join(config.sharedDir, name)
    const local = await stat(path).catch(() => undefined)
    if (local) {
      return sendBundle(request, reply, name, {
        bytes: local.size,
        read: (start, end) => createReadStream(path, { start, end }),
      })
    }
    const stored = await storage?.bytesOf(name)
    if (storage && stored !== undefined) {
      return sendBundle(request, reply, name, {
        bytes: stored,
        read: (start, end) => storage.read(name, start, end),
      })
    }
    const bytes = await queue.fileBytes(id)
    if (bytes === undefined) return sendError(reply, 404, `The file of the download ${id} is gone; ask for it anew`)
    return sendBundle(request, reply, name, {
      bytes,
      read: (start, end) => Readable.from(queue.readFile(id, start, end)),
    })
  }

  return {
    get_download_bundle: withFailures(getBundle),
    get_download_progress: withFailures(getProgress),
    get_download_result: withFailures(getResult),
  }
}

/** Answers with the status of an error of ours (the result backend is away ...). */
function withFailures(route: SpecialRoute): SpecialRoute {
  return async (request, reply, ...rest) => {
    try {
      return await route(request, reply, ...rest)
    } catch (thrown) {
      if (!(thrown instanceof SiibraError)) throw thrown
      return sendFailed(reply, { ok: false, ...toPlainError(thrown) })
    }
  }
}

const bundleOf = (result: TaskResult & { ok: true }): string => {
  const { file } = JSON.parse(Buffer.from(result.body).toString())
  if (typeof file !== 'string' || !isBundleName(file)) throw new Error('The task made no bundle')
  return file
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
  read(start: number, end: number): Readable | Promise<Readable>
}

/** Streams a bundle, whole or the range that was asked for. */
async function sendBundle(request: FastifyRequest, reply: FastifyReply, name: string, { bytes, read }: BundleSource) {
  const etag = `"${name}"`
  const range = parseRange(answerRequest(request), etag, bytes)
  const { start, end } = typeof range === 'object' ? range : { start: 0, end: bytes - 1 }
  // Opened before anything is said of it: that may fail.
  const body = request.method === 'HEAD' || range === 'unsatisfiable' ? undefined : await read(start, end)
  reply.headers({
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="${name}"`,
    'accept-ranges': 'bytes',
    'cache-control': 'no-store',
    etag,
  })
  if (range === 'unsatisfiable') {
    reply.removeHeader('content-disposition')
    return sendError(reply.header('content-range', `bytes */${bytes}`), 416, rangeRefusal(bytes))
  }
  reply.code(range ? 206 : 200).header('content-length', end - start + 1)
  if (range) reply.header('content-range', `bytes ${start}-${end}/${bytes}`)
  return reply.send(body)
}

/** The progress as server-sent events, until the task has ended or the client has gone. */
async function sendEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  inspect: () => Promise<LongTaskState | undefined>,
) {
  reply.hijack()
  const { raw } = reply
  const headers = { ...reply.getHeaders(), 'content-type': 'text/event-stream', 'cache-control': 'no-store' }
  raw.writeHead(200, headers as Record<string, string>)
  let hasGone = false
  request.raw.socket.once('close', () => {
    hasGone = true
  })
  const giveUpMs = Date.now() + WATCHED_FOR_MS
  let last = ''
  while (!hasGone && Date.now() < giveUpMs) {
    const state = await inspect().catch(() => undefined)
    if (!state) break
    const isOver = state.status === 'SUCCESS' || state.status === 'FAILURE'
    const data = { ...progressOf(id, state), ...(state.status === 'FAILURE' ? { detail: messageOf(state) } : {}) }
    const text = `event: ${isOver ? state.status.toLowerCase() : 'progress'}\ndata: ${JSON.stringify(data)}\n\n`
    if (text !== last) raw.write(text)
    last = text
    if (isOver) break
    await delay(LOOK_EVERY_MS)
  }
  raw.end()
}

function sendJson(reply: FastifyReply, status: number, body: unknown) {
  return reply.code(status).header('content-type', 'application/json').header('cache-control', 'no-store').send(body)
}

function sendUnknown(reply: FastifyReply, id: string) {
  return sendError(reply, 404, `There is no download ${id}`)
}

function sendFailed(reply: FastifyReply, { code, message, details }: TaskResult & { ok: false }) {
  const seconds = retryAfterS(code, details)
  if (seconds !== undefined) reply.header('retry-after', seconds)
  return sendError(reply, STATUS_OF[code], message, { code, ...details })
}
