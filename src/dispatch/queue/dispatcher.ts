import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { type ConnectionReport, closeRedis, connectRedis, FAILOVER_WITHIN_MS } from '../../platform/redis.ts'
import { hasFailover } from '../../platform/redis-address.ts'
import { evictionWarning } from '../../platform/redis-state.ts'
import { createCosts } from '../../tasks/costs.ts'
import type { Dispatcher, RunOptions } from '../../tasks/dispatcher.ts'
import { aborted, closing, deadlineExceeded, failureOf, noWorker, overloaded, taskLost } from '../../tasks/failures.ts'
import type { LongTasks } from '../../tasks/long-tasks.ts'
import { QUEUE_NAMES, type QueueName, type Task, type TaskResult } from '../../tasks/task.ts'
import { NO_OBSERVER, outcomeOf, type TaskObserver } from '../../tasks/task-observer.ts'
import { ROOM_SHARE } from '../scheduling/admission.ts'
import { createQueueBodies, type QueueBodies } from './bodies.ts'
import { brokerNowMs, byBrokerClock } from './broker-clock.ts'
import { JOB_PRIORITY, JOB_REFUSED, type JobOutcome, jobFailed, RESULT_STORED, type TaskJob } from './job.ts'
import { createJobEvents } from './job-events.ts'
import { createLongTasks } from './long-tasks/long-tasks.ts'
import { fullQueueName, laneName, lanesOf, type QueueScope, taskId } from './names.ts'
import { createPendingTasks, type PendingTask } from './pending-tasks.ts'
import { createRefusals, type RefusalCount, UnreadableResult } from './refusals.ts'
import { loadResult } from './result.ts'
import { addWaiter, removeWaiter } from './waiters.ts'
import { watchPending } from './watch-pending.ts'
import { createQueueProbe, type QueueFleet } from './workers/probe.ts'
import { watchWorkers } from './workers/roster.ts'

export interface QueueDispatcherOptions {
  brokerUrl: string
  resultUrl: string
  scope: QueueScope
  /** Tasks of a queue that may wait at a time; the least critical are refused first. Default 1000. */
  maxWaiting?: number
  /** Name of a file of this server in its shared folder; without one, files come through the result backend. */
  folderMarker?: string
  report?: ConnectionReport
  /** Told of faults of the queue itself, for the log. */
  onProblem?: (message: string) => void
  /** Told of settings of the broker under which tasks may be lost, for the log. */
  onWarning?: (message: string) => void
  /** Hears when all workers hold a version of the data, and when they have come to hold another. */
  onDataVersion?: (version: string) => void
  observer?: TaskObserver
}

/** The queues themselves, for dashboards. */
export interface QueueSource {
  bullQueues(): Queue[]
}

/** What a start waits for, and what it keeps answers under. */
export interface QueueStart {
  /** True as soon as broker and result backend answer, false where they do not within the time. */
  waitUntilConnected(withinMs: number): Promise<boolean>
  /** The version of the data that all workers hold; undefined while they differ, or do not know yet. */
  dataVersion(): string | undefined
}

/** What was found in Redis and not used. */
export interface QueueRefusals {
  refusals(): readonly RefusalCount[]
}

export interface QueueDispatcher
  extends Dispatcher,
    LongTasks,
    QueueFleet,
    QueueSource,
    QueueStart,
    QueueBodies,
    QueueRefusals {}

/** So many requests may wait in all for each task that may wait in a queue: those that join one cost little. */
const REQUESTS_PER_TASK = 16
/** A command of a server that is not answered within this time has failed. */
const COMMAND_WITHIN_MS = 2_000
const CLOSE_WITHIN_MS = 2_000
/** How long a request waits for a broker that has just gone, or for one that was not there yet; where another server takes over, longer. */
const RECONNECT_WITHIN_MS = 1_000
/** With the broker away or refusing for longer, those who wait are told so. */
const DOWN_AFTER_MS = 3_000
/** A task that ended without a result for this process is sent again, but not for ever. */
const MAX_SENDS = 5

/**
 * Runs tasks through BullMQ. One connection sends, one listens per queue in use, one reads results. A task's job id is
 * the hash of the task, so that identical tasks under way are one, in this process and across servers: this process
 * listens first, then sends (which does nothing where the job exists), and reads the result when the job has ended.
 */
export function createQueueDispatcher(options: QueueDispatcherOptions): QueueDispatcher {
  const { scope, report, maxWaiting = 1000, observer = NO_OBSERVER, onWarning } = options
  const server = randomUUID()
  const isReplaced = [options.brokerUrl, options.resultUrl].some(hasFailover)
  const reconnectWithinMs = isReplaced ? FAILOVER_WITHIN_MS : RECONNECT_WITHIN_MS
  const connect = (
    url: string,
    name: string,
    settings: { retryForever?: boolean; lazy?: boolean; quiet?: boolean } = {},
  ) =>
    connectRedis(url, {
      name: `siibra-api ${name}`,
      ...(settings.retryForever ? { retryForever: true } : { commandTimeoutMs: COMMAND_WITHIN_MS }),
      ...(settings.lazy ? { lazy: true } : {}),
      ...(report && !settings.quiet ? { report } : {}),
    })
  const broker = connect(options.brokerUrl, 'server')
  const results = connect(options.resultUrl, 'results')
  // Never connected itself: BullMQ duplicates it for each queue.
  const listening = connect(options.brokerUrl, 'events', { retryForever: true, lazy: true, quiet: true })
  const refusals = createRefusals(options.onProblem)
  const roster = watchWorkers(broker, scope, options.onDataVersion, (id) =>
    refusals.note('heartbeat', 'unreadable', `What stands for the worker ${id} is no heartbeat`),
  )
  const costs = createCosts()
  const queues = new Map<string, Queue<TaskJob, JobOutcome>>()
  let isClosing = false
  /** Those of the two ends that are not connected, with the time since when. */
  const awaySinceMs = new Map<Redis, number>()

  const pendings = createPendingTasks((pending, result) => {
    const { waitMs = Date.now() - pending.sinceMs, runMs = 0 } = result.timing ?? {}
    observer.ended({ task: pending.task, outcome: outcomeOf(result), waitMs, runMs })
    costs.observeResult(pending.task, result)
    if (pending.sends > 0) void removeWaiter(broker, scope, pending.id, server).catch(() => undefined)
  })
  const probe = createQueueProbe({ broker, results, scope, server, roster, queuesOf })
  const events = createJobEvents({
    broker,
    connection: listening,
    onError,
    onUnreadable: (told) => refusals.note('event', 'unreadable', told),
    listener: {
      onCompleted: (id, outcome) => withPending(id, (pending) => onCompleted(pending, outcome)),
      onFailed: (id, reason) => withPending(id, (pending) => onFailed(pending, reason)),
      onDuplicated: (id) => withPending(id, (pending) => void overtake(pending)),
      onActive: (id) =>
        withPending(id, (pending) => {
          pending.isActive = true
        }),
      onProgress: (id, fraction, doing) =>
        withPending(id, ({ progressListeners }) => {
          for (const hear of progressListeners) hear(fraction, doing)
        }),
    },
  })

  for (const redis of [broker, results]) {
    awaySinceMs.set(redis, Date.now())
    redis.on('close', () => {
      if (!awaySinceMs.has(redis)) awaySinceMs.set(redis, Date.now())
    })
    redis.on('ready', () => awaySinceMs.delete(redis))
  }
  broker.on('ready', () => {
    brokerNowMs(broker)
    // What was sent may have been lost with the broker; sending again does nothing where it was not.
    for (const pending of pendings.all()) void send(pending)
  })
  if (onWarning)
    broker.once('ready', async () => {
      const warning = await evictionWarning(broker, 'The broker')
      if (warning !== undefined) onWarning(warning)
    })
  const stopWatching = watchPending({
    broker,
    results,
    scope,
    roster,
    probe,
    pendings,
    downAfterMs: isReplaced ? FAILOVER_WITHIN_MS : DOWN_AFTER_MS,
    awayForMs() {
      const sinceMs = awaySinceMs.get(broker)
      return sinceMs === undefined ? undefined : Date.now() - sinceMs
    },
    keyOf: ({ id, task }) => queueFor(task).toKey(id),
    settle,
    collect,
    sendAgain,
    stayWaiting: ({ id, deadlineMs }) => addWaiter(broker, scope, id, server, deadlineMs),
  })

  function withPending(id: string, act: (pending: PendingTask) => void): void {
    const pending = pendings.get(id)
    if (pending) act(pending)
  }

  function onError(error: Error): void {
    // A connection that breaks is reported where it is made.
    if (broker.status === 'ready' && !isClosing) options.onProblem?.(error.message)
  }

  function queueNamed(name: string): Queue<TaskJob, JobOutcome> {
    let queue = queues.get(name)
    if (!queue) {
      queue = new Queue(name, {
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

  function queuesOf(name: QueueName): Queue<TaskJob, JobOutcome>[] {
    return lanesOf(scope, name).map(queueNamed)
  }

  function queueFor({ queue, isHeavy = false }: Task): Queue<TaskJob, JobOutcome> {
    return queueNamed(laneName(scope, queue, isHeavy))
  }

  /** True when broker and result backend are connected, or come back within a moment. */
  async function isBrokerThere(): Promise<boolean> {
    // the end of a connection is told a moment after it
    const untilMs = Math.min(Date.now(), ...awaySinceMs.values()) + reconnectWithinMs
    const areReady = () => broker.status === 'ready' && results.status === 'ready'
    while (!areReady() && Date.now() < untilMs) await delay(10)
    return areReady()
  }

  function settle(pending: PendingTask, result: TaskResult): void {
    pendings.settle(pending, result)
  }

  async function send(pending: PendingTask): Promise<void> {
    const { id, task } = pending
    try {
      if (!(await isBrokerThere())) return settle(pending, failureOf(probe.unavailable()))
      if (!(await roster.hasWorker(task.queue))) {
        return settle(pending, failureOf(noWorker(fullQueueName(scope, task.queue))))
      }
      const queue = queueFor(task)
      await events.listen(queue.name)
      if (pendings.get(id) !== pending) return
      pending.sentAtMs = Date.now()
      pending.sends++
      pending.missed = 0
      await Promise.all([
        addWaiter(broker, scope, id, server, pending.deadlineMs),
        queue.add(
          task.name,
          {
            task: { ...task, deadlineMs: byBrokerClock(broker, pending.deadlineMs) },
            ...(task.mayBeFile && options.folderMarker !== undefined ? { folderMarker: options.folderMarker } : {}),
            ...(pending.progressListeners.size > 0 ? { tellsProgress: true } : {}),
          },
          {
            jobId: id,
            timestamp: brokerNowMs(broker),
            priority: JOB_PRIORITY[task.criticality],
            removeOnComplete: true,
            removeOnFail: true,
          },
        ),
      ])
    } catch (thrown) {
      // While the broker restarts, tasks that were sent before are sent again when it is back; where another takes over, all are.
      const reason = probe.unavailable(thrown)
      if ((pending.sends <= 1 && !isReplaced) || probe.isRefusal(thrown)) settle(pending, failureOf(reason))
      else pending.sentAtMs = Math.min(pending.sentAtMs, Date.now())
    }
  }

  /** Sends a task that was lost on the way, but not for ever. */
  async function sendAgain(pending: PendingTask): Promise<void> {
    if (pending.sends < MAX_SENDS) await send(pending)
    else settle(pending, failureOf(taskLost()))
  }

  /** Moves a task forward that was sent as a less critical one, by this server or by another. */
  async function overtake({ id, task }: PendingTask): Promise<void> {
    const priority = JOB_PRIORITY[task.criticality]
    try {
      const job = await queueFor(task).getJob(id)
      if (job && job.priority > priority) await job.changePriority({ priority })
    } catch {
      // it has its turn later
    }
  }

  function onCompleted(pending: PendingTask, outcome: JobOutcome): void {
    if (outcome === 'done') void collect(pending)
    else if (pending.sends < MAX_SENDS) void send(pending)
    else settle(pending, failureOf(deadlineExceeded()))
  }

  function onFailed(pending: PendingTask, reason: string): void {
    if (reason.startsWith(RESULT_STORED)) void collect(pending)
    // somebody else's job under the id of this task is gone now
    else if (reason.startsWith(JOB_REFUSED)) void sendAgain(pending)
    else settle(pending, jobFailed(pending.task.name, reason))
  }

  /** Reads the result of a task that has ended. With the result backend away, the watch tries again. */
  async function collect(pending: PendingTask): Promise<void> {
    const result = await loadResult(results, scope, pending.id).catch((thrown) => {
      if (!(thrown instanceof UnreadableResult)) return 'away' as const
      const place = `in the place of the result of ${pending.task.name}`
      refusals.note('result', thrown.reason, `What lies ${place} is not used: ${thrown.message}`)
      return undefined
    })
    if (result === 'away' || pendings.get(pending.id) !== pending) return
    if (result) settle(pending, result)
    else await sendAgain(pending)
  }

  function refuse(task: Task, result: TaskResult): TaskResult {
    observer.ended({ task, outcome: outcomeOf(result), waitMs: 0, runMs: 0 })
    return result
  }

  /** True when a task may come: as many may wait in each queue as `maxWaiting`, beside those that its workers run. */
  function makeRoomFor(task: Task): boolean {
    const threads = roster.workers().reduce((sum, { queues }) => sum + (queues[task.queue]?.threads ?? 0), 0)
    if (pendings.countOf(task.queue) < maxWaiting * ROOM_SHARE[task.criticality] + threads) return true
    const leaving = pendings.leastCriticalBelow(task)
    if (leaving) settle(leaving, failureOf(overloaded(task.queue)))
    return leaving !== undefined
  }

  async function run(task: Task, { signal, onProgress }: RunOptions = {}): Promise<TaskResult> {
    if (isClosing) return failureOf(closing())
    if (signal?.aborted) return failureOf(aborted())
    if (task.deadlineMs <= Date.now()) return failureOf(deadlineExceeded())
    const id = taskId(task)
    const joined = pendings.get(id)
    if (pendings.waiting() >= maxWaiting * REQUESTS_PER_TASK || !(joined || makeRoomFor(task))) {
      return refuse(task, failureOf(overloaded(task.queue)))
    }
    if (joined) {
      observer.shared(task)
      const { isMoreCritical, isLater } = pendings.join(joined, task, onProgress)
      if (isMoreCritical && joined.sends > 0 && !joined.isActive) void overtake(joined)
      if (isLater && joined.sends > 0) void addWaiter(broker, scope, id, server, task.deadlineMs).catch(() => undefined)
      return pendings.wait(joined, task.deadlineMs, signal)
    }
    const pending = pendings.add(id, { ...task, isHeavy: costs.isHeavy(task) }, onProgress)
    const answer = pendings.wait(pending, task.deadlineMs, signal)
    void send(pending)
    return answer
  }

  return {
    ...createLongTasks({
      broker,
      results,
      scope,
      maxWaiting,
      folderMarker: options.folderMarker,
      roster,
      queueFor,
      isBrokerThere,
      refusals,
      unavailable: probe.unavailable,
      isRefusal: probe.isRefusal,
      failoverWithinMs: isReplaced ? FAILOVER_WITHIN_MS : 0,
    }),
    ...createQueueBodies({ results, scope, roster, folderMarker: options.folderMarker }),
    run,
    scope,
    bullQueues: () => QUEUE_NAMES.flatMap(queuesOf),
    workers: roster.workers,
    dataVersion: roster.dataVersion,
    refusals: refusals.counts,
    status: probe.status,
    health: probe.health,
    waitUntilConnected: probe.waitUntilConnected,
    async close(graceMs = 0) {
      isClosing = true
      const giveUpMs = Date.now() + graceMs
      while (pendings.all().length > 0 && Date.now() < giveUpMs) await delay(20)
      for (const pending of pendings.all()) settle(pending, failureOf(closing()))
      stopWatching()
      roster.close()
      const ends = Promise.allSettled([events.close(), ...[...queues.values()].map((queue) => queue.close())])
      // A broker that is away closes no connection.
      await Promise.race([ends, delay(broker.status === 'ready' ? CLOSE_WITHIN_MS : 100)])
      await Promise.all([broker, results, listening].map((redis) => closeRedis(redis)))
    },
  }
}
