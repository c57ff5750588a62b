import { setImmediate as nextRound } from 'node:timers/promises'
import type { MessagePort } from 'node:worker_threads'
import { loadTracing } from '../../platform/tracing.ts'
import type { AroundRequest, AtlasCore, FrozenFiles } from '../../siibra/index.ts'
import { aborted, deadlineExceeded } from '../../siibra/index.ts'
import { hasHeavyLane } from '../../tasks/costs.ts'
import { executeTask } from '../../tasks/execute.ts'
import type { DataHandler, QueueName, TaskResult } from '../../tasks/task.ts'
import { acknowledgeAbort, take } from './claims.ts'
import { compactWhenIdle } from './compact.ts'
import { openThreadClock } from './cpu-clock.ts'
import { dataVersionOf } from './data-version.ts'
import { createReplySender } from './reply-channel.ts'
import type { CoreSummary, ThreadReply, ThreadRequest, ThreadSettings } from './thread-messages.ts'
import { lowerThreadPriority } from './thread-priority.ts'

export interface ThreadParts {
  loadHandlers: (queues: ThreadSettings['queues']) => Promise<ReadonlyMap<string, DataHandler>>
  loadCore: (
    settings: ThreadSettings['core'],
    onNotice: (message: string) => void,
    aroundRequest?: AroundRequest,
  ) => Promise<{ core: AtlasCore; summary: CoreSummary; files?: readonly FrozenFiles[] | undefined }>
  /** Makes ready what tasks of a queue need, whenever nothing is being run. */
  prepare?: Partial<Record<QueueName, (core: AtlasCore, isBusy: () => boolean) => Promise<void>>>
}

/** Preparations begin when the service has settled. */
const PREPARE_AFTER_MS = 1000

/** Tasks that have computed for less say nothing of it: most do, and every byte of a reply counts. */
const TOLD_FROM_MS = 7

/** The life of a thread: loads handlers, loads the core when it is first needed, runs what it is sent. */
export async function runThread(port: MessagePort, settings: ThreadSettings, parts: ThreadParts): Promise<void> {
  lowerThreadPriority(settings.niceness)
  const reply = (message: ThreadReply, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer)
  const tracing = loadTracing(settings.isTraced, () => {})
  let loaded: AtlasCore | undefined
  const loadCore = onceUnlessFailed(async () => {
    const onNotice = (message: string) => reply({ kind: 'notice', message })
    const result = await parts.loadCore(settings.core, onNotice, (await tracing).aroundRequest)
    loaded = result.core
    return result
  })
  // an object, not a Map, for the reason that fifo.ts gives
  const aborts: Record<number, AbortController> = Object.create(null)
  let active = 0
  const cpuMsOfThread = settings.queues.some(hasHeavyLane) ? openThreadClock() : () => 0
  const sender = settings.replies && createReplySender(settings.replies)
  const handlers = parts.loadHandlers(settings.queues)

  let reportedMs = 0
  /** At most once a second; a core that is not loaded holds nothing. */
  const reportCaches = () => {
    if (loaded === undefined || performance.now() - reportedMs < 1000) return
    reportedMs = performance.now()
    reply({ kind: 'caches', bytes: { volumes: loaded.volumes.stats().bytes } })
  }

  const run = async ({ id, task, isFollowed }: ThreadRequest & { kind: 'run' }) => {
    // it may have been given to another thread, while this one was busy
    if (settings.claims && !take(settings.claims, id)) return
    const stop = new AbortController()
    aborts[id] = stop
    active++
    const startedMs = performance.now()
    const usedBeforeMs = cpuMsOfThread()
    const execute = async () =>
      executeTask(task, await handlers, {
        core: async () => (await loadCore()).core,
        signal: stop.signal,
        sharedDir: settings.sharedDir,
        ...(settings.limits && { limits: settings.limits }),
        remapProviders: settings.core.remapProviders,
        progress(fraction, doing) {
          if (isFollowed) reply({ kind: 'progress', id, fraction, doing })
        },
      })
    const { span } = await tracing
    const spanOptions = { kind: 'consumer', attributes: { 'siibra.queue': task.queue } } as const
    const ended = await span(`run ${task.name}`, spanOptions, task.traceparent, execute)
    delete aborts[id]
    active--
    reportCaches()
    const runMs = performance.now() - startedMs
    const cpuMs = cpuMsOfThread() - usedBeforeMs
    const result = cpuMs < TOLD_FROM_MS ? ended : { ...ended, timing: { waitMs: 0, runMs, cpuMs } }
    // the progress of a task comes by the port, and must not come after its result
    if (!isFollowed && sender?.send({ id, runMs, result })) return
    const portable = toPortable(result)
    reply({ kind: 'result', id, result: portable.result, runMs }, portable.transfer)
  }

  /** Reads the whole configuration once more, a file a round, while tasks are run. */
  const tellDataVersion = async () => {
    const fingerprint = await (await loadCore()).core.configuration.fingerprint(() => nextRound())
    reply({ kind: 'dataVersion', version: dataVersionOf(fingerprint, settings.core) })
  }

  /** Failures do not matter: what could not be prepared is made when it is asked for. */
  const prepare = async () => {
    for (const queue of settings.queues)
      try {
        await parts.prepare?.[queue]?.((await loadCore()).core, () => active > 0)
      } catch {}
  }

  /** What is critical runs in threads of `core`: a pause of theirs is one of somebody who waits. */
  const isCompacted = !settings.queues.includes('core')
  const settle = async () => {
    await prepare()
    if (isCompacted) await compactWhenIdle(() => active > 0)
  }

  port.on('message', (request: ThreadRequest) => {
    if (request.kind === 'run') return void run(request)
    if (settings.claims) acknowledgeAbort(settings.claims, request.id)
    aborts[request.id]?.abort(request.code === 'ABORTED' ? aborted() : deadlineExceeded())
  })
  try {
    const names = [...(await handlers).keys()]
    const first = settings.loadsCoreAtStart ? await loadCore() : undefined
    reply({ kind: 'started', handlers: names, core: first?.summary ?? null, files: first?.files })
    if (settings.loadsCoreAtStart) void tellDataVersion().catch(() => {})
    // the others load it meanwhile, at their low priority; a task that comes first waits for that
    if (settings.loadsCoreBehind) await loadCore().catch(() => {})
    setTimeout(settle, PREPARE_AFTER_MS).unref()
  } catch (thrown) {
    reply({ kind: 'failed', message: thrown instanceof Error ? thrown.message : String(thrown) })
  }
}

/** Bodies up to this size travel in shared memory. */
const MAX_SHARED_BYTES = 256 * 1024

/**
 * A result in a form that the event loop takes over without copying. Smaller bodies lie in shared memory, which V8 does not count
 * against the event loop's heap: counted, a flood of them starts a full garbage collection (6 ms) every 200 ms. Larger
 * ones are transferred, and counted.
 */
function toPortable(result: TaskResult): { result: TaskResult; transfer: ArrayBuffer[] } {
  if (!result.ok || result.body.byteLength === 0) return { result, transfer: [] }
  const { byteLength } = result.body
  if (byteLength <= MAX_SHARED_BYTES) {
    const body = new Uint8Array(new SharedArrayBuffer(byteLength))
    body.set(result.body)
    return { result: { ...result, body }, transfer: [] }
  }
  // JSON is encoded for this answer alone; other bytes may be kept by the core
  const { buffer } = result.body
  const isOwn = result.contentType === 'application/json' && buffer.byteLength === byteLength
  // a copy: `slice` of a Buffer would be a view, and what is kept would go with it
  const body = isOwn && buffer instanceof ArrayBuffer ? result.body : new Uint8Array(result.body)
  return { result: { ...result, body }, transfer: [body.buffer as ArrayBuffer] }
}

/** The value of the first call that succeeds; a failed one is tried again by the next call. */
function onceUnlessFailed<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined
  return () => {
    loading ??= load().catch((thrown) => {
      loading = undefined
      throw thrown
    })
    return loading
  }
}
