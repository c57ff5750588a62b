import { setTimeout as delay } from 'node:timers/promises'
import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import type { SiibraError } from '../../../siibra/index.ts'
import { GAPS_HEADER, SOURCES_GAP } from '../../../tasks/answer/header-values.ts'
import { asHeavy } from '../../../tasks/costs.ts'
import { failureOf, noWorker, overloaded } from '../../../tasks/failures.ts'
import type { LongTaskState, LongTasks } from '../../../tasks/long-tasks.ts'
import type { Task } from '../../../tasks/task.ts'
import { JOB_PRIORITY, type JobOutcome, type TaskJob } from '../job.ts'
import { fullQueueName, type QueueScope, taskId } from '../names.ts'
import { type Refusals, UnreadableResult } from '../refusals.ts'
import { addWaiter, LATER, removeWaiter } from '../waiters.ts'
import type { WorkerRoster } from '../workers/roster.ts'
import { openStoredFile } from './files.ts'
import { cancelState, hasState, loadSentJob, loadState, removeState, storeSentTask } from './states.ts'

export interface LongTaskParts {
  broker: Redis
  results: Redis
  scope: QueueScope
  /** Name of a file of this server in its shared folder. */
  folderMarker: string | undefined
  /** Tasks that may wait in a queue. */
  maxWaiting: number
  roster: Pick<WorkerRoster, 'hasWorker'>
  queueFor(task: Task): Queue<TaskJob, JobOutcome>
  isBrokerThere(): Promise<boolean>
  /** What is found in Redis and not used. */
  refusals: Pick<Refusals, 'note'>
  /** Why nothing can be sent or asked. */
  unavailable(thrown?: unknown): SiibraError
  isRefusal(thrown: unknown): boolean
  /** For how long what failed is tried again, as another Redis takes over; 0: not at all. */
  failoverWithinMs: number
}

/** A task whose state is unfinished, and whose job the broker has not known for so long, is lost. */
const LOST_AFTER_MS = 2_000
/** A Redis that takes over may lack what was written last: a server remembers for so long what it has sent. */
const REMEMBERED_MS = 30_000
const RETRY_MS = 100

/**
 * Tasks that are sent now and looked at later. The id is a hash of the task, so that a second request for the same
 * download finds the first one's file; only one that failed, or whose bundle lacks parts, is made again.
 */
export function createLongTasks(parts: LongTaskParts): LongTasks {
  const { broker, results, scope, folderMarker, maxWaiting, roster, queueFor, isBrokerThere, unavailable } = parts
  const { failoverWithinMs } = parts
  const sentLately = new Map<string, TaskJob>()
  /** Since when the broker has not known the job of an unfinished task. */
  const missingSinceMs = new Map<string, number>()

  /** What is known of a task; nothing where that is not what a worker or a server of this version wrote. */
  const load = (id: string): Promise<LongTaskState | undefined> =>
    loadState(results, scope, id).catch((thrown) => {
      if (!(thrown instanceof UnreadableResult)) throw thrown
      parts.refusals.note('state', thrown.reason, `What is known of the task ${id} is not used: ${thrown.message}`)
      return undefined
    })

  const add = async (id: string, job: TaskJob) => {
    const { task } = job
    await Promise.all([
      addWaiter(broker, scope, id, LATER, task.deadlineMs),
      queueFor(task).add(task.name, job, {
        jobId: id,
        priority: JOB_PRIORITY[task.criticality],
        removeOnComplete: true,
        removeOnFail: true,
      }),
    ])
  }
  const send = async (id: string, task: Task, known: LongTaskState | undefined) => {
    if (!(await roster.hasWorker(task.queue))) return failureOf(noWorker(fullQueueName(scope, task.queue)))
    const { wait = 0, prioritized = 0 } = await queueFor(task).getJobCounts('wait', 'prioritized')
    if (wait + prioritized >= maxWaiting) return failureOf(overloaded(task.queue))
    const job: TaskJob = { task, isLong: true, ...(folderMarker === undefined ? {} : { folderMarker }) }
    // of one that failed, was cancelled, or whose file is gone, nothing is left; who follows one that lacks parts may still fetch it
    if (!isIncomplete(known)) await removeState(results, scope, id)
    await storeNew(id, job)
    await add(id, job)
    if (failoverWithinMs > 0) {
      sentLately.set(id, job)
      setTimeout(() => sentLately.delete(id), REMEMBERED_MS).unref()
    }
    return { id }
  }
  const storeNew = (id: string, job: TaskJob) => storeSentTask(results, scope, id, job, failoverWithinMs > 0)

  /** What is known of a task, and of one that was lost on the way from one Redis to the next. */
  const find = async (id: string): Promise<LongTaskState | undefined> => {
    const state = await load(id)
    const job = sentLately.get(id)
    if (state !== undefined || job === undefined) return state
    // one that was cancelled, by another server perhaps, was not lost
    return (await hasState(results, scope, id)) ? undefined : storeNew(id, job)
  }

  /**
   * The broker may have lost a task that the result backend still tells of (a restart without a file, FLUSHALL): it is sent
   * again when somebody looks.
   */
  const resendLost = async (id: string, state: LongTaskState): Promise<void> => {
    const job = isOver(state) ? undefined : await loadSentJob(results, scope, id)
    if (job === undefined || (await broker.exists(queueFor(job.task).toKey(id))) > 0) {
      missingSinceMs.delete(id)
      return
    }
    const sinceMs = missingSinceMs.get(id)
    if (sinceMs === undefined) missingSinceMs.set(id, Date.now())
    if (sinceMs === undefined || Date.now() - sinceMs < LOST_AFTER_MS) return
    missingSinceMs.delete(id)
    await add(id, job)
  }

  /** What the result backend says; UNAVAILABLE where it does not. */
  const ask = async <T>(question: () => Promise<T>): Promise<T> => {
    const giveUpMs = Date.now() + failoverWithinMs
    for (;;) {
      if (!(await isBrokerThere())) throw unavailable()
      try {
        return await question()
      } catch (thrown) {
        if (Date.now() >= giveUpMs || parts.isRefusal(thrown)) throw unavailable(thrown)
        await delay(RETRY_MS)
      }
    }
  }

  return {
    async submit(task) {
      const id = taskId({ ...task, name: `long ${task.name}` })
      const submit = async () => {
        const known = await find(id)
        if (known) await resendLost(id, known)
        return known && isGood(known) ? { id } : send(id, asHeavy(task), known)
      }
      return ask(submit).catch((thrown: SiibraError) => failureOf(thrown))
    },
    inspect: (id) =>
      ask(async () => {
        const state = await find(id)
        if (state) await resendLost(id, state)
        return state
      }),
    cancel: (id) =>
      ask(async () => {
        if ((await load(id)) === undefined) return false
        sentLately.delete(id)
        await cancelState(results, scope, id)
        // its worker, or the one that takes it, sees that nobody waits any more
        await removeWaiter(broker, scope, id, LATER)
        return true
      }),
    forget: (id) => ask(() => removeState(results, scope, id)),
    openFile: (id) => ask(() => openStoredFile(results, scope, id)),
  }
}

const isOver = ({ status }: LongTaskState): boolean => status === 'SUCCESS' || status === 'FAILURE'

/** Under way, or ended with all that it should hold. */
const isGood = (state: LongTaskState): boolean =>
  !isOver(state) || (state.status === 'SUCCESS' && state.result?.ok === true && !isIncomplete(state))

/** Ended without what sources did not give: asked for again, they may. */
const isIncomplete = (state: LongTaskState | undefined): boolean =>
  state?.status === 'SUCCESS' && state.result?.ok === true && state.result.headers[GAPS_HEADER] === SOURCES_GAP
