import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Queue, QueueEvents } from 'bullmq'
import { type ConnectionReport, closeRedis, connectRedis } from '../../platform/redis.ts'
import type { Dispatcher, RunOptions } from '../../tasks/dispatcher.ts'
import type { LongTasks } from '../../tasks/long-tasks.ts'
import { QUEUE_NAMES, type QueueName, type Task, type TaskResult } from '../../tasks/task.ts'
import { NO_OBSERVER, outcomeOf, type TaskObserver } from '../../tasks/task-observer.ts'
import { ROOM_SHARE } from '../scheduling/admission.ts'
import { aborted, brokerAway, closing, deadlineExceeded, jobFailed, noWorker, overloaded } from './failures.ts'
import { JOB_PRIORITY, type JobOutcome, RESULT_STORED, type TaskJob } from './job.ts'
import { createLongTasks } from './long-tasks.ts'
import { fullQueueName, type QueueScope, taskId } from './names.ts'
import { createQueueProbe, type QueueHealth } from './probe.ts'
import { loadResult, resultAgesMs } from './result.ts'
import { findLeastCritical } from './room.ts'
import { addWaiter, removeWaiter } from './waiters.ts'
import { type WorkerInfo, watchWorkers } from './workers.ts'

export interface QueueDispatcherOptions {
  brokerUrl: string
  resultUrl: string
  scope: QueueScope
  /** Tasks of a queue that may wait at a time; the least critical are refused first. Default 1000. */
  maxWaiting?: number
  /** Name of a file of this server in its shared folder; without one, files come through the result backend. */
  mark?: string
  report?: ConnectionReport
  /** Told of faults of the queue itself, for the log. */
  onProblem?: (message: string) => void
  /** Hears when all workers hold a version of the data, and when they have come to hold another. */
  onDataVersion?: (version: string) => void
  observer?: TaskObserver
}

export interface QueueDispatcher extends Dispatcher, LongTasks {
  /** What lies behind the queue, as of at most two seconds ago. */
  health(): QueueHealth
  /** True as soon as broker and result backend answer, false where they do not within the time. */
  waitUntilConnected(withinMs: number): Promise<boolean>
  readonly scope: QueueScope
  /** The queues themselves, for dashboards. */
  bullQueues(): Queue[]
  /** Live workers, as far as known. */
  workers(): readonly WorkerInfo[]
  /** The version of the data that all workers hold; undefined while they differ, or do not know yet. */
  dataVersion(): string | undefined
}

/** So many requests may wait in all for each task that may wait in a queue: those that join one cost little. */
const REQUESTS_PER_TASK = 16
/** A command of a server that is not answered within this time has failed. */
const COMMAND_WITHIN_MS = 2_000
/** With the broker away for longer, those who wait are told so. */
const PATIENCE_MS = 3_000
const TICK_MS = 1_000
const CLOSE_WITHIN_MS = 2_000
/** How long a request waits for a broker that has just gone, or for one that was not there yet. */
const BLINK_MS = 1_000
/** With the last worker of a queue gone for longer, those who wait for it are told so. */
const ABANDONED_MS = 10_000
/** A task that ended without a result for this process is sent again, but not for ever. */
const MAX_SENDS = 5

/** A task under way and those who wait for it in this process. */
interface Pending {
  id: string
  task: Task
  /** Latest deadline of those who wait. */
  deadlineMs: number
  /** When it was last sent; a result stored earlier is of another run. */
  sentAtMs: number
  /** When the first request for it came. */
  sinceMs: number
  sends: number
  isActive: boolean
  waiters: Set<(result: TaskResult) => void>
  listeners: Set<NonNullable<RunOptions['onProgress']>>
}

/**
 * Runs tasks through BullMQ. One connection sends, one listens per queue in use, one reads results. A task's job id is
 * the hash of the task, so that identical tasks under way are one, in this process and across servers: this process
 * listens first, then sends (which does nothing where the job exists), and reads the result when the job has ended.
 */
export function createQueueDispatcher(options: QueueDispatcherOptions): QueueDispatcher {
  const { scope, report, maxWaiting = 1000, observer = NO_OBSERVER } = options
  const server = randomUUID()
  const connect = (url: string, name: string, settings: { patient?: boolean; lazy?: boolean; quiet?: boolean } = {}) =>
    connectRedis(url, {
      name: `siibra-api ${name}`,
      ...(settings.patient ? { patient: true } : { commandTimeoutMs: COMMAND_WITHIN_MS }),
      ...(settings.lazy ? { lazy: true } : {}),
      ...(report && !settings.quiet ? { report } : {}),
    })
  const broker = connect(options.brokerUrl, 'server')
  const results = connect(options.resultUrl, 'results')
  // Never connected itself: BullMQ duplicates it for each queue.
  const listener = connect(options.brokerUrl, 'events', { patient: true, lazy: true, quiet: true })
  const roster = watchWorkers(broker, scope, options.onDataVersion)
  // an object, not a Map, for the reason that line.ts gives
  const pendings: Record<string, Pending> = Object.create(null)
  const queues = new Map<QueueName, Queue<TaskJob, JobOutcome>>()
  const listeners = new Map<QueueName, Promise<QueueEvents>>()
  /** Tasks under way or waiting of each queue. */
  const taken = new Map<QueueName, number>()
  const abandonedSinceMs = new Map<QueueName, number>()
  let waiting = 0
  let isClosing = false
  let awaySinceMs: number | undefined = Date.now()

  const probe = createQueueProbe({ broker, results, roster, queueOf })
  broker.on('close', () => {
    awaySinceMs ??= Date.now()
  })
  broker.on('ready', () => {
    awaySinceMs = undefined
    void roster.refresh().catch(() => undefined)
    // What was sent may have been lost with the broker; sending again does nothing where it was not.
    for (const pending of Object.values(pendings)) void send(pending)
  })
  const ticker = setInterval(() => void tick().catch(() => undefined), TICK_MS)
  ticker.unref()

  const onError = (error: Error) => {
    // A connection that breaks is reported where it is made.
    if (broker.status === 'ready' && !isClosing) options.onProblem?.(error.message)
  }

  function queueOf(name: QueueName): Queue<TaskJob, JobOutcome> {
    let queue = queues.get(name)
    if (!queue) {
      queue = new Queue(fullQueueName(scope, name), {
        connection: broker,
        skipVersionCheck: true,
        skipWaitingForReady: true,
        skipMetasUpdate: true,
      })
      queue.on('error', onError)
      queues.set(name, queue)
    }
    return queue
  }

  /** Listens to the end of jobs; from a moment before now on, so that nothing is missed while it starts. */
  function listen(name: QueueName): Promise<QueueEvents> {
    let events = listeners.get(name)
    if (!events) {
      events = broker.time().then(([seconds]) => {
        const created = new QueueEvents(fullQueueName(scope, name), {
          connection: listener,
          lastEventId: `${Number(seconds) * 1000}-0`,
          skipVersionCheck: true,
        })
        created.on('error', onError)
        created.on('completed', ({ jobId, returnvalue }) => onCompleted(jobId, returnvalue as unknown as JobOutcome))
        created.on('active', ({ jobId }) => {
          const pending = pendings[jobId]
          if (pending) pending.isActive = true
        })
        created.on('duplicated', ({ jobId }) => {
          const pending = pendings[jobId]
          if (pending) void overtake(pending)
        })
        created.on('progress', ({ jobId, data }) => {
          const [fraction, doing] = data as unknown as [number, string]
          for (const hear of pendings[jobId]?.listeners ?? []) hear(fraction, doing)
        })
        created.on('failed', ({ jobId, failedReason }) => onFailed(jobId, failedReason))
        return created
      })
      events.catch(() => listeners.delete(name))
      listeners.set(name, events)
    }
    return events
  }

  /** True when broker and result backend are connected, or come back within a blink. */
  async function isBrokerThere(): Promise<boolean> {
    const untilMs = (awaySinceMs ?? 0) + BLINK_MS
    const areReady = () => broker.status === 'ready' && results.status === 'ready'
    while (!areReady() && Date.now() < untilMs) await delay(10)
    return areReady()
  }

  async function send(pending: Pending): Promise<void> {
    const { id, task } = pending
    try {
      if (!(await isBrokerThere())) return settle(pending, brokerAway())
      if (!(await roster.hasWorker(task.queue))) return settle(pending, noWorker(scope, task.queue))
      await listen(task.queue)
      if (pendings[id] !== pending) return
      pending.sentAtMs = Date.now()
      pending.sends++
      await Promise.all([
        addWaiter(broker, scope, id, server, pending.deadlineMs),
        queueOf(task.queue).add(
          task.name,
          {
            task: { ...task, deadlineMs: pending.deadlineMs },
            ...(pending.listeners.size > 0 ? { tellsProgress: true } : {}),
          },
          { jobId: id, priority: JOB_PRIORITY[task.criticality], removeOnComplete: true, removeOnFail: true },
        ),
      ])
    } catch {
      // While the broker restarts, tasks that were sent before are sent again when it is back.
      if (pending.sends <= 1) settle(pending, brokerAway())
    }
  }

  /** Moves a task forward that was sent as a less critical one, by this server or by another. */
  async function overtake({ id, task: { queue, criticality } }: Pending): Promise<void> {
    const priority = JOB_PRIORITY[criticality]
    try {
      const job = await queueOf(queue).getJob(id)
      if (job && job.priority > priority) await job.changePriority({ priority })
    } catch {
      // it has its turn later
    }
  }

  function onCompleted(id: string, outcome: JobOutcome): void {
    const pending = pendings[id]
    if (!pending) return
    if (outcome === 'done') void collect(pending)
    else if (pending.sends < MAX_SENDS) void send(pending)
    else settle(pending, deadlineExceeded())
  }

  function onFailed(id: string, reason: string): void {
    const pending = pendings[id]
    if (!pending) return
    if (reason.startsWith(RESULT_STORED)) void collect(pending)
    else settle(pending, jobFailed(reason))
  }

  /** Reads the result of a task that has ended. With the result backend away, the ticker tries again. */
  async function collect(pending: Pending): Promise<void> {
    const result = await loadResult(results, scope, pending.id).catch(() => 'away' as const)
    if (result === 'away' || pendings[pending.id] !== pending) return
    if (result) settle(pending, result)
    else if (pending.sends < MAX_SENDS) await send(pending)
    else settle(pending, jobFailed('The result of the task was lost'))
  }

  function settle(pending: Pending, result: TaskResult): void {
    if (pendings[pending.id] !== pending) return
    delete pendings[pending.id]
    taken.set(pending.task.queue, (taken.get(pending.task.queue) ?? 1) - 1)
    const { waitMs = Date.now() - pending.sinceMs, runMs = 0 } = result.timing ?? {}
    observer.ended({ task: pending.task, outcome: outcomeOf(result), waitMs, runMs })
    for (const resolve of pending.waiters) resolve(result)
    if (pending.sends > 0) void removeWaiter(broker, scope, pending.id, server).catch(() => undefined)
  }

  /** The net under the events: results that are there although no event said so, and a broker that stays away. */
  async function tick(): Promise<void> {
    void probe.pulse()
    if (awaySinceMs !== undefined && Date.now() - awaySinceMs > PATIENCE_MS) {
      for (const pending of Object.values(pendings)) settle(pending, brokerAway())
    }
    for (const queue of QUEUE_NAMES) {
      if (probe.countWorkers(queue) > 0) abandonedSinceMs.delete(queue)
      else if (!abandonedSinceMs.has(queue)) abandonedSinceMs.set(queue, Date.now())
      if (Date.now() - (abandonedSinceMs.get(queue) ?? Infinity) < ABANDONED_MS) continue
      for (const pending of Object.values(pendings))
        if (pending.task.queue === queue) settle(pending, noWorker(scope, queue))
    }
    const old = Object.values(pendings).filter((pending) => pending.sentAtMs < Date.now() - TICK_MS)
    if (old.length === 0) return
    const ages = await resultAgesMs(
      results,
      scope,
      old.map((pending) => pending.id),
    )
    for (const [i, pending] of old.entries()) {
      const age = ages[i]
      if (age !== undefined && age < Date.now() - pending.sentAtMs) await collect(pending)
    }
  }

  /** Waits for a task until the deadline or the caller's leaving. */
  function wait(pending: Pending, deadlineMs: number, signal: RunOptions['signal']): Promise<TaskResult> {
    return new Promise((resolve) => {
      const end = (result: TaskResult) => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', leave)
        waiting--
        pending.waiters.delete(end)
        resolve(result)
        if (pending.waiters.size === 0) settle(pending, result)
      }
      const leave = () => end(aborted())
      const timer = setTimeout(() => end(deadlineExceeded()), Math.max(0, deadlineMs - Date.now()))
      signal?.addEventListener('abort', leave)
      waiting++
      pending.waiters.add(end)
    })
  }

  function refuse(task: Task, result: TaskResult): TaskResult {
    observer.ended({ task, outcome: outcomeOf(result), waitMs: 0, runMs: 0 })
    return result
  }

  /** True when a task may come: as many may wait in each queue as `maxWaiting`, beside those that its workers run. */
  function makeRoomFor(task: Task): boolean {
    const threads = roster.workers().reduce((sum, { queues }) => sum + (queues[task.queue]?.threads ?? 0), 0)
    if ((taken.get(task.queue) ?? 0) < maxWaiting * ROOM_SHARE[task.criticality] + threads) return true
    const leaving = findLeastCritical(Object.values(pendings), task)
    if (leaving) settle(leaving, overloaded(task.queue))
    return leaving !== undefined
  }

  async function run(task: Task, { signal, onProgress }: RunOptions = {}): Promise<TaskResult> {
    if (isClosing) return closing()
    if (signal?.aborted) return aborted()
    if (task.deadlineMs <= Date.now()) return deadlineExceeded()
    const id = taskId(task)
    const joined = pendings[id]
    if (waiting >= maxWaiting * REQUESTS_PER_TASK || !(joined || makeRoomFor(task))) {
      return refuse(task, overloaded(task.queue))
    }
    if (joined) {
      observer.shared(task)
      if (onProgress) joined.listeners.add(onProgress)
      if (JOB_PRIORITY[task.criticality] < JOB_PRIORITY[joined.task.criticality]) {
        joined.task = { ...joined.task, criticality: task.criticality }
        if (joined.sends > 0 && !joined.isActive) void overtake(joined)
      }
      if (task.deadlineMs > joined.deadlineMs) {
        joined.deadlineMs = task.deadlineMs
        if (joined.sends > 0) void addWaiter(broker, scope, id, server, task.deadlineMs).catch(() => undefined)
      }
      return wait(joined, task.deadlineMs, signal)
    }
    const pending: Pending = {
      id,
      task,
      deadlineMs: task.deadlineMs,
      sentAtMs: Infinity,
      sinceMs: Date.now(),
      sends: 0,
      isActive: false,
      waiters: new Set(),
      listeners: new Set(onProgress ? [onProgress] : []),
    }
    pendings[id] = pending
    taken.set(task.queue, (taken.get(task.queue) ?? 0) + 1)
    const result = wait(pending, task.deadlineMs, signal)
    void send(pending)
    return result
  }

  return {
    ...createLongTasks({ broker, results, scope, maxWaiting, mark: options.mark, roster, queueOf, isBrokerThere }),
    run,
    scope,
    bullQueues: () => QUEUE_NAMES.map(queueOf),
    workers: roster.workers,
    dataVersion: roster.dataVersion,
    status: probe.status,
    health: probe.health,
    waitUntilConnected: probe.waitUntilConnected,
    async close(graceMs = 0) {
      isClosing = true
      const giveUpMs = Date.now() + graceMs
      while (Object.keys(pendings).length > 0 && Date.now() < giveUpMs) await delay(20)
      for (const pending of Object.values(pendings)) settle(pending, closing())
      clearInterval(ticker)
      roster.close()
      const ends = Promise.allSettled([
        ...[...listeners.values()].map(async (events) => (await events).close()),
        ...[...queues.values()].map((queue) => queue.close()),
      ])
      // A broker that is away does not say good-bye.
      await Promise.race([ends, delay(broker.status === 'ready' ? CLOSE_WITHIN_MS : 100)])
      await Promise.all([broker, results, listener].map((redis) => closeRedis(redis)))
    },
  }
}
