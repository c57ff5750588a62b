import { failureOf, noWorker } from '../../../tasks/failures.ts'
import { QUEUE_NAMES } from '../../../tasks/task.ts'
import { fullQueueName } from '../names.ts'
import type { QueueProbe } from '../workers/probe.ts'
import type { WorkerRoster } from '../workers/roster.ts'
import type { EndedJobs } from './ended-jobs.ts'
import { askFates, type FateSources } from './fates.ts'
import type { PendingTask, PendingTasks } from './pending-tasks.ts'
import type { Sending } from './send.ts'

export interface PendingWatch extends FateSources {
  roster: Pick<WorkerRoster, 'lastHeardMs' | 'hears'>
  probe: Pick<QueueProbe, 'pulse' | 'refusingForMs' | 'unavailable' | 'health'>
  pendings: Pick<PendingTasks, 'all' | 'get' | 'settle'>
  /** With the broker away or refusing for longer, those who wait are told so. */
  downAfterMs: number
  /** How often it is looked. Default 1 s. */
  lookEveryMs?: number | undefined
  /** When nothing was heard of any worker of a queue for longer, those who wait for it are told so. Default 8 s: within 10 s, ticks included. */
  abandonedMs?: number | undefined
  /** For how long the broker has been away; undefined while it is there. */
  awayForMs(): number | undefined
  collect: EndedJobs['collect']
  sendAgain: Sending['sendAgain']
  /** Tells the worker that runs a task, if one does, that somebody still waits. */
  stayWaiting(pending: PendingTask): Promise<unknown>
}

/** A job that the broker did not know so often in a row is lost; once, it may have ended a moment ago. */
const MISSED_TIMES = 2

/**
 * The net under the events: a broker that is of no use, workers that are gone, results and jobs that no event told of.
 * Gives what ends it.
 */
export function watchPending(watch: PendingWatch): () => void {
  const { lookEveryMs = 1_000 } = watch
  let isAsking = false
  const ticker = setInterval(async () => {
    giveUp(watch)
    // a broker that takes long to answer is not asked once more meanwhile: one answer would be counted as two
    if (isAsking) return
    isAsking = true
    await lookAfterOld(watch, lookEveryMs).catch(() => undefined)
    isAsking = false
  }, lookEveryMs)
  ticker.unref()
  return () => clearInterval(ticker)
}

function giveUp(watch: PendingWatch): void {
  const { probe, pendings } = watch
  void probe.pulse()
  const awayMs = watch.awayForMs()
  if (Math.max(awayMs ?? 0, probe.refusingForMs()) > watch.downAfterMs) {
    for (const pending of pendings.all()) pendings.settle(pending, failureOf(probe.unavailable()))
  }
  if (awayMs === undefined && probe.health().broker && watch.roster.hears()) giveUpAbandoned(watch)
}

/** Those who wait for a queue whose last worker was heard of too long ago. */
function giveUpAbandoned({ roster, pendings, scope, abandonedMs = 8_000 }: PendingWatch): void {
  for (const queue of QUEUE_NAMES) {
    if (Date.now() - (roster.lastHeardMs(queue) ?? Infinity) < abandonedMs) continue
    for (const pending of pendings.all())
      if (pending.task.queue === queue && pending.sends > 0)
        pendings.settle(pending, failureOf(noWorker(fullQueueName(scope, queue))))
  }
}

async function lookAfterOld(watch: PendingWatch, olderThanMs: number): Promise<void> {
  const old = watch.pendings.all().filter((pending) => pending.sentAtMs < Date.now() - olderThanMs)
  if (old.length === 0) return
  const fates = await askFates(watch, old)
  for (const [i, pending] of old.entries()) {
    if (fates[i] === 'ended') await watch.collect(pending)
    else await checkJob(watch, pending, fates[i] === 'gone')
  }
}

/** Sends a task again whose job is gone without a word: the broker has lost its data (FLUSHALL), or somebody removed it. */
async function checkJob(watch: PendingWatch, pending: PendingTask, isGone: boolean): Promise<void> {
  if (watch.pendings.get(pending.id) !== pending) return
  pending.missed = isGone ? pending.missed + 1 : 0
  if (pending.missed >= MISSED_TIMES) await watch.sendAgain(pending, 'lost')
  else if (isGone) await watch.stayWaiting(pending)
}
