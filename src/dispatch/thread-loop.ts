import type { MessagePort } from 'node:worker_threads'
import { SiibraError } from '../siibra/errors.ts'
import type { AtlasCore } from '../siibra/index.ts'
import { executeTask } from './execute.ts'
import type { DataHandler, TaskResult } from './task.ts'
import type { CoreSummary, ThreadReply, ThreadRequest, ThreadSettings } from './thread-messages.ts'
import { lowerThreadPriority } from './thread-priority.ts'
import { loadTracing } from './tracing.ts'

export interface ThreadParts {
  loadHandlers: (queues: ThreadSettings['queues']) => Promise<ReadonlyMap<string, DataHandler>>
  loadCore: (settings: ThreadSettings['core']) => Promise<{ core: AtlasCore; summary: CoreSummary }>
  /** Makes ready what listings of features need, whenever nothing is being run. */
  prepareFeatures?: (core: AtlasCore, isBusy: () => boolean) => Promise<void>
}

/** Preparations begin when the service has settled. */
const PREPARE_AFTER_MS = 1000

/** The life of a thread: loads handlers, loads the core when it is first needed, runs what it is sent. */
export async function runThread(port: MessagePort, settings: ThreadSettings, parts: ThreadParts): Promise<void> {
  lowerThreadPriority(settings.niceness)
  const reply = (message: ThreadReply, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer)
  let loaded: AtlasCore | undefined
  const loadCore = onceUnlessFailed(async () => {
    const result = await parts.loadCore(settings.core)
    loaded = result.core
    return result
  })
  const aborts = new Map<number, AbortController>()
  const tracing = loadTracing(settings.isTraced, () => {})
  const handlers = parts.loadHandlers(settings.queues)

  let reportedMs = 0
  /** At most once a second; a core that is not loaded holds nothing. */
  const reportCaches = () => {
    if (loaded === undefined || performance.now() - reportedMs < 1000) return
    reportedMs = performance.now()
    reply({ kind: 'caches', bytes: { volumes: loaded.volumes.stats().bytes } })
  }

  const run = async ({ id, task }: ThreadRequest & { kind: 'run' }) => {
    const stop = new AbortController()
    aborts.set(id, stop)
    const startedMs = performance.now()
    const execute = async () =>
      executeTask(task, await handlers, {
        core: async () => (await loadCore()).core,
        signal: stop.signal,
        sharedDir: settings.sharedDir,
        remapProviders: settings.core.remapProviders,
        progress: (fraction, doing) => reply({ kind: 'progress', id, fraction, doing }),
      })
    const { span } = await tracing
    const result = await span(`run ${task.name}`, { 'siibra.queue': task.queue }, task.traceparent, execute)
    aborts.delete(id)
    reportCaches()
    reply({ kind: 'result', id, result, runMs: performance.now() - startedMs }, ownBuffers(result))
  }

  /** Failures do not matter: what could not be prepared is made when it is asked for. */
  const prepare = async () => {
    try {
      if (parts.prepareFeatures) await parts.prepareFeatures((await loadCore()).core, () => aborts.size > 0)
    } catch {}
  }

  port.on('message', (request: ThreadRequest) => {
    if (request.kind === 'run') void run(request)
    else aborts.get(request.id)?.abort(new SiibraError(request.code, 'Nobody waits for this answer any more'))
  })
  try {
    const names = [...(await handlers).keys()]
    reply({ kind: 'started', handlers: names, core: settings.loadsCoreAtStart ? (await loadCore()).summary : null })
    if (settings.queues.includes('features')) setTimeout(prepare, PREPARE_AFTER_MS).unref()
    // the others load it meanwhile, at their low priority; a task that comes first waits for that
    if (settings.loadsCoreBehind) await loadCore().catch(() => {})
  } catch (thrown) {
    reply({ kind: 'failed', message: thrown instanceof Error ? thrown.message : String(thrown) })
  }
}

/** JSON bodies are encoded for this answer alone and can be handed over; other bytes may be kept by the core. */
function ownBuffers(result: TaskResult): ArrayBuffer[] {
  if (!result.ok || result.contentType !== 'application/json') return []
  const { buffer, byteLength } = result.body
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : []
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
