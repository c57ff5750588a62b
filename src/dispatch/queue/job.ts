import { describeState, isOfFailover, stateOfError } from '../../platform/redis-state.ts'
import { SiibraError } from '../../siibra/index.ts'
import { type Criticality, mapCriticalities, rankOf } from '../../tasks/criticality.ts'
import { type Failure, failureOf, queueUnavailable, taskFatal } from '../../tasks/failures.ts'
import type { Task } from '../../tasks/task.ts'

/** What travels over the queue: the task itself, no results. */
export interface TaskJob {
  task: Task
  /** Nobody waits with an open connection: the worker keeps the state, the progress and the result for a day. */
  isLong?: true
  /** Somebody listens to the progress of this task. */
  tellsProgress?: true
  /** Name of a file in the shared folder of the server that sent the task: a worker that sees it shares the folder. */
  folderMarker?: string
}

/** What a job returns: its result lies in the result backend, or it was left out because nobody waited any more. */
export type JobOutcome = 'done' | 'dropped'

/** Begins the reason of a failed job whose result (an error with its code) lies in the result backend. */
export const RESULT_STORED = 'result stored:'

/** Begins the reason of a failed job whose result could not be brought to the result backend. */
export const RESULT_LOST = 'result not stored:'

/** Begins the reason of a job that its worker did not run, as it is none of ours (worker/check-job.ts). */
export const JOB_REFUSED = 'job refused:'

/** Why a job failed without a result: its worker died, twice, or Redis took nothing of what it made. */
export function jobFailed(taskName: string, reason: string): Failure {
  const state = stateOfError(reason)
  if (state !== 'away')
    return failureOf(queueUnavailable(`The answer could not be kept: ${describeState('it', state)}`))
  if (reason.startsWith(RESULT_LOST) || isOfFailover(reason))
    return failureOf(queueUnavailable('The answer could not be kept for its server'))
  return failureOf(reason.includes('stalled') ? taskFatal(taskName) : new SiibraError('INTERNAL', reason))
}

/** Longest that one task may run. */
export const TASK_LIMIT_MS = 600_000

/** BullMQ takes jobs without a priority first, then 1, 2, ... */
export const JOB_PRIORITY: Readonly<Record<Criticality, number>> = mapCriticalities(rankOf)
