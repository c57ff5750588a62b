import { isOfFailover, stateOfError } from '../../../platform/redis-state.ts'
import { JOB_REFUSED, type JobOutcome, jobFailed, RESULT_LOST, RESULT_STORED } from '../job.ts'
import { type Refusals, UnreadableResult } from '../refusals.ts'
import { loadResult } from '../result.ts'
import { askFates, type FateSources } from './fates.ts'
import type { PendingTask, PendingTasks } from './pending-tasks.ts'
import type { Sending } from './send.ts'

export interface EndedJobParts extends FateSources {
  /** Another Redis takes over where one fails. */
  isReplaced: boolean
  pendings: Pick<PendingTasks, 'get' | 'settle'>
  refusals: Pick<Refusals, 'note'>
  sendAgain: Sending['sendAgain']
}

/** What follows from the end of the job of a task that this process waits for. */
export interface EndedJobs {
  onCompleted(pending: PendingTask, outcome: JobOutcome): Promise<void>
  onFailed(pending: PendingTask, reason: string): Promise<void>
  /** Reads the result of a task that has ended. With the result backend away, the watch tries again. */
  collect(pending: PendingTask): Promise<void>
}

/** A worker could not bring its result anywhere, but will be able to: no Redis is full. */
const isPassing = (reason: string) =>
  isOfFailover(reason) || (reason.startsWith(RESULT_LOST) && stateOfError(reason) === 'away')

export function createEndedJobs(parts: EndedJobParts): EndedJobs {
  const { results, isReplaced, scope, pendings, refusals, sendAgain } = parts

  async function collect(pending: PendingTask): Promise<void> {
    const result = await loadResult(results, scope, pending.id).catch((thrown) => {
      if (!(thrown instanceof UnreadableResult)) return 'away' as const
      const place = `in the place of the result of ${pending.task.name}`
      refusals.note('result', thrown.reason, `What lies ${place} is not used: ${thrown.message}`)
      return undefined
    })
    if (result === 'away' || pendings.get(pending.id) !== pending) return
    if (result) pendings.settle(pending, result)
    else await sendAgain(pending, 'lost')
  }

  /**
   * Sends a task again whose job was not run. An event may come late, when the watch has found the job gone and sent the task before:
   * what was sent is not sent again, and what has been run since is not run again. With one of the two ends away, the watch tries again.
   */
  async function sendUnlessSent(pending: PendingTask, cause: 'lost' | 'dropped'): Promise<void> {
    const [fate] = await askFates(parts, [pending]).catch(() => [])
    if (pendings.get(pending.id) !== pending) return
    if (fate === 'ended') await collect(pending)
    else if (fate === 'gone') await sendAgain(pending, cause)
  }

  return {
    collect,
    async onCompleted(pending, outcome) {
      await (outcome === 'done' ? collect(pending) : sendUnlessSent(pending, 'dropped'))
    },
    async onFailed(pending, reason) {
      if (reason.startsWith(RESULT_STORED)) await collect(pending)
      // somebody else's job under the id of this task is gone now
      else if (reason.startsWith(JOB_REFUSED)) await sendUnlessSent(pending, 'lost')
      // its worker met a Redis that was about to be replaced
      else if (isReplaced && isPassing(reason)) await sendUnlessSent(pending, 'lost')
      else pendings.settle(pending, jobFailed(pending.task.name, reason))
    },
  }
}
