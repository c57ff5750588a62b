import type { Redis } from 'ioredis'
import { failureOf, noWorker } from '../../tasks/failures.ts'
import { QUEUE_NAMES, type TaskResult } from '../../tasks/task.ts'
import { findUnknownJobs } from './find-jobs.ts'
import { fullQueueName, type QueueScope } from './names.ts'
import type { PendingTask, PendingTasks } from './pending-tasks.ts'
import { resultAgesMs } from './result.ts'
import type { QueueProbe } from './workers/probe.ts'
import type { WorkerRoster } from './workers/roster.ts'

export interface PendingWatch {
  broker: Redis
  results: Redis
  scope: QueueScope
  roster: Pick<WorkerRoster, 'lastHeardMs' | 'hears'>
  probe: Pick<QueueProbe, 'pulse' | 'refusingForMs' | 'unavailable' | 'health'>
  pendings: Pick<PendingTasks, 'all' | 'get'>
  /** With the broker away or refusing for longer, those who wait are told so. */
  downAfterMs: number
  /** For how long the broker has been away; undefined while it is there. */
  awayForMs(): number | undefined
  /** Name of the job of a task at the broker. */
  keyOf(pending: PendingTask): string
  settle(pending: PendingTask, result: TaskResult): void
  /** Reads the result of a task that has ended. */
  collect(pending: PendingTask): Promise<void>
  sendAgain(pending: PendingTask): Promise<void>
  /** Tells the worker that runs a task, if one does, that somebody still waits. */
  stayWaiting(pending: PendingTask): Promise<unknown>
}

const TICK_MS = 1_000
/** When nothing was heard of any worker of a queue for longer, those who wait for it are told so: within 10 s, ticks included. */
const ABANDONED_MS = 8_000
/** A job that the broker did not know so often in a row is lost; once, it may have ended a moment ago. */
const MISSED_TIMES = 2

/**
 * The net under the events, once a second: a broker that is of no use, workers that are gone, results and jobs that no event told of.
 * Gives what ends it.
 */
export function watchPending(watch: PendingWatch): () => void {
  const ticker = setInterval(() => void look(watch).catch(() => undefined), TICK_MS)
  ticker.unref()
  return () => clearInterval(ticker)
}

async function look(watch: PendingWatch): Promise<void> {
  const { broker, results, scope, probe, pendings } = watch
  void probe.pulse()
  const awayMs = watch.awayForMs()
  if (Math.max(awayMs ?? 0, probe.refusingForMs()) > watch.downAfterMs) {
    for (const pending of pendings.all()) watch.settle(pending, failureOf(probe.unavailable()))
  }
  if (awayMs === undefined && probe.health().broker && watch.roster.hears()) giveUpAbandoned(watch)
  const old = pendings.all().filter((pending) => pending.sentAtMs < Date.now() - TICK_MS)
  if (old.length === 0) return
  // asked before the results: a job that is gone by now has stored what it made
  const unknown = await findUnknownJobs(broker, old.map(watch.keyOf))
  const ids = old.map(({ id }) => id)
  const ages = await resultAgesMs(results, scope, ids)
  for (const [i, pending] of old.entries()) {
    const age = ages[i]
    if (age !== undefined && age < Date.now() - pending.sentAtMs) await watch.collect(pending)
    else await checkJob(watch, pending, unknown.has(watch.keyOf(pending)))
  }
}

/** Those who wait for a queue whose last worker was heard of too long ago. */
function giveUpAbandoned({ roster, pendings, scope, settle }: PendingWatch): void {
  for (const queue of QUEUE_NAMES) {
    if (Date.now() - (roster.lastHeardMs(queue) ?? Infinity) < ABANDONED_MS) continue
    for (const pending of pendings.all())
      if (pending.task.queue === queue && pending.sends > 0)
        settle(pending, failureOf(noWorker(fullQueueName(scope, queue))))
  }
}

/** Sends a task again whose job is gone without a word: the broker has lost its data (FLUSHALL), or somebody removed it. */
async function checkJob(watch: PendingWatch, pending: PendingTask, isUnknown: boolean): Promise<void> {
  if (watch.pendings.get(pending.id) !== pending) return
  pending.missed = isUnknown ? pending.missed + 1 : 0
  if (pending.missed >= MISSED_TIMES) await watch.sendAgain(pending)
  else if (isUnknown) await watch.stayWaiting(pending)
}
