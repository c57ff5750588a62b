import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { deadlineExceeded, failureOf, noWorker, taskLost } from '../../../tasks/failures.ts'
import type { Task } from '../../../tasks/task.ts'
import { brokerNowMs, byBrokerClock } from '../broker-clock.ts'
import { JOB_PRIORITY, type JobOutcome, type TaskJob } from '../job.ts'
import type { JobEvents } from '../job-events.ts'
import { fullQueueName, type QueueScope } from '../names.ts'
import { addWaiter } from '../waiters.ts'
import type { QueueProbe } from '../workers/probe.ts'
import type { WorkerRoster } from '../workers/roster.ts'
import type { PendingTask, PendingTasks } from './pending-tasks.ts'

export interface SendingParts {
  broker: Redis
  scope: QueueScope
  /** Id of this server. */
  server: string
  /** Name of a file of this server in its shared folder. */
  folderMarker: string | undefined
  /** Another Redis takes over where one fails. */
  isReplaced: boolean
  pendings: Pick<PendingTasks, 'get' | 'settle'>
  roster: Pick<WorkerRoster, 'hasWorker'>
  probe: Pick<QueueProbe, 'unavailable' | 'isRefusal'>
  events: Pick<JobEvents, 'listen'>
  queueFor(task: Task): Pick<Queue<TaskJob, JobOutcome>, 'name' | 'add' | 'getJob'>
  /** True when broker and result backend are connected, or come back within a moment. */
  areThere(): Promise<boolean>
}

export interface Sending {
  /** Sends a task, which does nothing where its job exists, nor while it is being sent already. Does not reject. */
  send(pending: PendingTask): Promise<void>
  /** Sends a task that was lost on the way, or that nobody ran; but not for ever. */
  sendAgain(pending: PendingTask, cause: 'lost' | 'dropped'): Promise<void>
  /** Moves a task forward that was sent as a less critical one, by this server or by another. */
  overtake(pending: PendingTask): Promise<void>
}

/** A task that ended without a result for this process is sent again, but not for ever. */
export const MAX_SENDS = 5

/** Listens first, then sends: nothing of a job is missed. */
export function createSending(parts: SendingParts): Sending {
  const { broker, scope, server, folderMarker, isReplaced, pendings, roster, probe, events, queueFor } = parts

  async function sendNow(pending: PendingTask): Promise<void> {
    const { id, task } = pending
    if (!(await parts.areThere())) return void pendings.settle(pending, failureOf(probe.unavailable()))
    if (!(await roster.hasWorker(task.queue))) {
      return void pendings.settle(pending, failureOf(noWorker(fullQueueName(scope, task.queue))))
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
          ...(task.mayBeFile && folderMarker !== undefined ? { folderMarker } : {}),
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
  }

  async function send(pending: PendingTask): Promise<void> {
    if (pending.isBeingSent) return
    pending.isBeingSent = true
    try {
      await sendNow(pending)
    } catch (thrown) {
      // While the broker restarts, tasks that were sent before are sent again when it is back; where another takes over, all are.
      const reason = probe.unavailable(thrown)
      if ((pending.sends <= 1 && !isReplaced) || probe.isRefusal(thrown)) pendings.settle(pending, failureOf(reason))
      else pending.sentAtMs = Math.min(pending.sentAtMs, Date.now())
    } finally {
      pending.isBeingSent = false
    }
  }

  return {
    send,
    async sendAgain(pending, cause) {
      if (pending.sends < MAX_SENDS) await send(pending)
      else pendings.settle(pending, failureOf(cause === 'lost' ? taskLost() : deadlineExceeded()))
    },
    async overtake({ id, task }) {
      const priority = JOB_PRIORITY[task.criticality]
      try {
        const job = await queueFor(task).getJob(id)
        if (job && job.priority > priority) await job.changePriority({ priority })
      } catch {
        // it has its turn later
      }
    },
  }
}
