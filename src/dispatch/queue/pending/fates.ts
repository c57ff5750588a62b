import type { Redis } from 'ioredis'
import type { QueueScope } from '../names.ts'
import { resultAgesMs } from '../result.ts'
import { findUnknownJobs } from './find-jobs.ts'
import type { PendingTask } from './pending-tasks.ts'

/** What became of a task since it was last sent: its result is there; its job is gone without one; or neither. */
export type Fate = 'ended' | 'gone' | 'under way'

export interface FateSources {
  broker: Redis
  results: Redis
  scope: QueueScope
  /** Name of the job of a task at the broker. */
  keyOf(pending: PendingTask): string
}

/** Asks what became of tasks. Of one that is sent meanwhile, the answer says nothing: it is under way. */
export async function askFates(
  { broker, results, scope, keyOf }: FateSources,
  pendings: readonly PendingTask[],
): Promise<Fate[]> {
  const sends = pendings.map((pending) => pending.sends)
  // asked before the results: a job that is gone by now has stored what it made
  const unknown = await findUnknownJobs(broker, pendings.map(keyOf))
  const ages = await resultAgesMs(
    results,
    scope,
    pendings.map(({ id }) => id),
  )
  return pendings.map((pending, i) => {
    if (pending.sends !== sends[i] || pending.isBeingSent) return 'under way'
    const age = ages[i]
    if (age !== undefined && age < Date.now() - pending.sentAtMs) return 'ended'
    return unknown.has(keyOf(pending)) ? 'gone' : 'under way'
  })
}
