import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Queue } from 'bullmq'
import { type ConnectionReport, FAILOVER_WITHIN_MS } from '../../platform/redis.ts'
import { evictionWarning } from '../../platform/redis-state.ts'
import { createCosts } from '../../tasks/costs.ts'
import type { Dispatcher, RunOptions } from '../../tasks/dispatcher.ts'
import { aborted, closing, deadlineExceeded, failureOf, overloaded } from '../../tasks/failures.ts'
import type { LongTasks } from '../../tasks/long-tasks.ts'
import { QUEUE_NAMES, type QueueName, type Task, type TaskResult } from '../../tasks/task.ts'
import { NO_OBSERVER, outcomeOf, type TaskObserver } from '../../tasks/task-observer.ts'
import { ROOM_SHARE } from '../scheduling/admission.ts'
import { createQueueBodies, type QueueBodies } from './bodies.ts'
import { brokerNowMs } from './broker-clock.ts'
import { createBrokerQueues } from './broker-queues.ts'
import { connectQueue, watchPresence } from './connections.ts'
import { createJobEvents } from './job-events.ts'
import { createLongTasks } from './long-tasks/long-tasks.ts'
import { type QueueScope, taskId } from './names.ts'
import { createEndedJobs } from './pending/ended-jobs.ts'
import { createPendingTasks, type PendingTask } from './pending/pending-tasks.ts'
import { createSending } from './pending/send.ts'
import { watchPending } from './pending/watch-pending.ts'
import { createRefusals, type RefusalCount } from './refusals.ts'
import { addWaiter, removeWaiter } from './waiters.ts'
import { createQueueProbe, type QueueFleet } from './workers/probe.ts'
import { tellVersions, watchWorkers } from './workers/roster.ts'

export interface QueueDispatcherOptions {
  brokerUrl: string
  resultUrl: string
  scope: QueueScope
  /** Those that lie at this broker. Default: all. */
  queues?: readonly QueueName[]
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
  /** Hears each time that the workers of this broker were looked up. */
  onWorkers?: () => void
  observer?: TaskObserver
  /** How often it is looked after what no event told of. Default 1 s. */
  lookEveryMs?: number
  /** When nothing was heard of any worker of a queue for longer, those who wait for it are told so. Default 8 s. */
  abandonedMs?: number
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
/** With the broker away or refusing for longer, those who wait are told so. */
const DOWN_AFTER_MS = 3_000
const CLOSE_WITHIN_MS = 2_000

/**
 * Runs tasks through BullMQ. One connection sends, one listens per queue in use, one reads results. A task's job id is
 * the hash of the task, so that identical tasks under way are one, in this process and across servers: this process
 * listens first, then sends (which does nothing where the job exists), and reads the result when the job has ended.
 */
export function createQueueDispatcher(options: QueueDispatcherOptions): QueueDispatcher {
  const { scope, queues: ownQueues = QUEUE_NAMES, report, maxWaiting = 1000 } = options
  const { observer = NO_OBSERVER, onWarning } = options
  const server = randomUUID()
  const connections = connectQueue(options, report)
  const { broker, results, isReplaced } = connections
  const presence = watchPresence(connections)
  const refusals = createRefusals(options.onProblem)
  const tellVersion = tellVersions(options.onDataVersion ?? (() => undefined))
  const roster = watchWorkers(broker, scope, {
    queues: ownQueues,
    onRead(workers) {
      tellVersion(workers)
      options.onWorkers?.()
    },
    onUnreadable: (id) => refusals.note('heartbeat', 'unreadable', `What stands for the worker ${id} is no heartbeat`),
  })
  const costs = createCosts()
  let isClosing = false

  const pendings = createPendingTasks((pending, result) => {
    const { waitMs = Date.now() - pending.sinceMs, runMs = 0 } = result.timing ?? {}
    observer.ended({ task: pending.task, outcome: outcomeOf(result), waitMs, runMs })
    costs.observeResult(pending.task, result)
    if (pending.sends > 0) void removeWaiter(broker, scope, pending.id, server).catch(() => undefined)
  })
  const { queuesOf, queueFor, ...queues } = createBrokerQueues(broker, scope, onError)
  const probe = createQueueProbe({ broker, results, isReplaced, scope, queues: ownQueues, server, roster, queuesOf })
  const events = createJobEvents({
    broker,
    connection: connections.listening,
    onError,
    onUnreadable: (told) => refusals.note('event', 'unreadable', told),
    listener: {
      onCompleted: (id, outcome) => withPending(id, (pending) => void ended.onCompleted(pending, outcome)),
      onFailed: (id, reason) => withPending(id, (pending) => void ended.onFailed(pending, reason)),
      onDuplicated: (id) => withPending(id, (pending) => void sending.overtake(pending)),
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

  const sending = createSending({
    broker,
    scope,
    server,
    folderMarker: options.folderMarker,
    isReplaced,
    pendings,
    roster,
    probe,
    events,
    queueFor,
    areThere: presence.areThere,
  })
  const fates = { broker, results, scope, keyOf: ({ id, task }: PendingTask) => queueFor(task).toKey(id) }
  const ended = createEndedJobs({ ...fates, isReplaced, pendings, refusals, sendAgain: sending.sendAgain })

  broker.on('ready', () => {
    brokerNowMs(broker)
    // What was sent may have been lost with the broker; sending again does nothing where it was not.
    for (const pending of pendings.all()) void sending.send(pending)
  })
  if (onWarning)
    broker.once('ready', async () => {
      const warning = await evictionWarning(broker, 'The broker')
      if (warning !== undefined) onWarning(warning)
    })
  const stopWatching = watchPending({
    ...fates,
    roster,
    probe,
    pendings,
    downAfterMs: isReplaced ? FAILOVER_WITHIN_MS : DOWN_AFTER_MS,
    awayForMs: presence.brokerAwayForMs,
    lookEveryMs: options.lookEveryMs,
    abandonedMs: options.abandonedMs,
    collect: ended.collect,
    sendAgain: sending.sendAgain,
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

  function refuse(task: Task, result: TaskResult): TaskResult {
    observer.ended({ task, outcome: outcomeOf(result), waitMs: 0, runMs: 0 })
    return result
  }

  /** True when a task may come: as many may wait in each queue as `maxWaiting`, beside those that its workers run. */
  function makeRoomFor(task: Task): boolean {
    const threads = roster.workers().reduce((sum, { queues }) => sum + (queues[task.queue]?.threads ?? 0), 0)
    if (pendings.countOf(task.queue) < maxWaiting * ROOM_SHARE[task.criticality] + threads) return true
    const leaving = pendings.leastCriticalBelow(task)
    if (leaving) pendings.settle(leaving, failureOf(overloaded(task.queue)))
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
      if (isMoreCritical && joined.sends > 0 && !joined.isActive) void sending.overtake(joined)
      if (isLater && joined.sends > 0) void addWaiter(broker, scope, id, server, task.deadlineMs).catch(() => undefined)
      return pendings.wait(joined, task.deadlineMs, signal)
    }
    const pending = pendings.add(id, { ...task, isHeavy: costs.isHeavy(task) }, onProgress)
    const answer = pendings.wait(pending, task.deadlineMs, signal)
    void sending.send(pending)
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
      isBrokerThere: presence.areThere,
      refusals,
      unavailable: probe.unavailable,
      isRefusal: probe.isRefusal,
      failoverWithinMs: isReplaced ? FAILOVER_WITHIN_MS : 0,
    }),
    ...createQueueBodies({ results, scope, roster, folderMarker: options.folderMarker }),
    run,
    scope,
    bullQueues: () => ownQueues.flatMap(queuesOf),
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
      for (const pending of pendings.all()) pendings.settle(pending, failureOf(closing()))
      stopWatching()
      roster.close()
      const ends = Promise.allSettled([events.close(), queues.close()])
      // A broker that is away closes no connection.
      await Promise.race([ends, delay(broker.status === 'ready' ? CLOSE_WITHIN_MS : 100)])
      await connections.close()
    },
  }
}
