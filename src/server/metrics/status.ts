/** How the service is doing, as one document: `/status.json`, which the live page at `/status` shows. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { forClients } from '../../platform/disclosure.ts'
import type { Dispatcher, QueueStatus } from '../../tasks/dispatcher.ts'
import { QUEUE_NAMES, type QueueName } from '../../tasks/task.ts'
import type { ResponseCache } from '../cache/cache.ts'
import type { ServiceInfo, ServiceState } from '../service.ts'
import type { TaskCounts, TaskMetrics } from './task-metrics.ts'
import { type WeightedWindows, WINDOWS_S, type WindowSummary } from './weighted-windows.ts'

/** Five minutes of slots of 5 s. */
const HISTORY_SLOTS = 60
/** A probe of the event loop looks this often; what is longer is delay. */
const PROBE_MS = 20

export interface Status {
  service: { version: string; role: string; phase: string; reason: string; uptimeS: number; configuration: string }
  windows: WindowSummary[]
  history: { answersPerS: number; weightedMs: number }[]
  queues: Record<QueueName, QueueStatus & Partial<TaskCounts>>
  cache: { name: string; entries: number; bytes: number; maxBytes: number; hits: number; misses: number }
  cacheBytes: Record<string, number>
  process: { rssBytes: number; heapBytes: number; eventLoopP99Ms: number; eventLoopUtilization: number }
}

export interface StatusParts {
  dispatcher: Pick<Dispatcher, 'status' | 'cacheBytes'>
  tasks?: Pick<TaskMetrics, 'counts'>
  cache: Pick<ResponseCache, 'name' | 'stats'>
  info: Pick<ServiceInfo, 'apiVersion' | 'role'>
  state: ServiceState
  windows: WeightedWindows
}

/** Makes the function that reads the status; it measures the event loop from now on. */
export function createStatus({ dispatcher, tasks, cache, info, state, windows }: StatusParts): () => Promise<Status> {
  const readLoop = measureEventLoop()

  return async () => {
    const queues = await dispatcher.status()
    const counts = tasks?.counts() ?? {}
    const { rss, heapUsed } = process.memoryUsage()
    return {
      service: {
        version: info.apiVersion,
        role: info.role,
        phase: state.phase,
        reason: forClients(state.reason),
        uptimeS: Math.round((Date.now() - state.startedAtMs) / 1000),
        configuration: state.core ? forClients(state.core.source) : 'held by the workers',
      },
      windows: WINDOWS_S.map((windowS) => windows.summarize(windowS)),
      history: windows.history(HISTORY_SLOTS),
      queues: Object.fromEntries(
        QUEUE_NAMES.map((name) => [name, { ...queues[name], ...counts[name] }]),
      ) as Status['queues'],
      cache: { name: cache.name, ...cache.stats() },
      cacheBytes: dispatcher.cacheBytes?.() ?? {},
      process: { rssBytes: rss, heapBytes: heapUsed, ...readLoop() },
    }
  }
}

/** Delay and utilisation of the event loop since the last reading that is at least a second old. */
function measureEventLoop() {
  const delay = monitorEventLoopDelay({ resolution: PROBE_MS })
  delay.enable()
  let since = performance.eventLoopUtilization()
  let readAtMs = performance.now()
  let last = { eventLoopP99Ms: 0, eventLoopUtilization: 0 }
  return () => {
    if (performance.now() - readAtMs < 1000) return last
    const now = performance.eventLoopUtilization()
    last = {
      eventLoopP99Ms: Math.max(0, delay.percentile(99) / 1e6 - PROBE_MS),
      eventLoopUtilization: performance.eventLoopUtilization(now, since).utilization,
    }
    delay.reset()
    since = now
    readAtMs = performance.now()
    return last
  }
}
