import type { Redis } from 'ioredis'
import { LONG_TASK_KEPT_MS, type LongTaskState, type LongTaskStatus } from '../../../tasks/long-tasks.ts'
import type { TaskJob } from '../job.ts'
import { type QueueScope, taskKeyOf } from '../names.ts'
import { UnreadableResult } from '../refusals.ts'
import { decodeResult, encodeResult } from '../result.ts'

const STATUSES: readonly LongTaskStatus[] = ['PENDING', 'STARTED', 'SUCCESS', 'FAILURE']

const stateKey = (scope: QueueScope, id: string) => taskKeyOf(scope, id, 'task')

/** Keeps what is known about a long task: a hash in the result backend. Fields left out stay as they are. */
export async function storeState(
  redis: Redis,
  scope: QueueScope,
  id: string,
  state: Partial<LongTaskState>,
): Promise<void> {
  const fields: (string | Buffer)[] = []
  if (state.status !== undefined) fields.push('status', state.status)
  if (state.fraction !== undefined) fields.push('fraction', String(state.fraction))
  if (state.doing !== undefined) fields.push('doing', state.doing)
  if (state.result !== undefined) fields.push('result', encodeResult(state.result, id))
  const key = stateKey(scope, id)
  const replies = await redis
    .pipeline()
    .hset(key, ...fields)
    .pexpire(key, LONG_TASK_KEPT_MS)
    .exec()
  for (const [error] of replies ?? []) if (error) throw error
}

/** How long a replica is waited for. */
const REPLICA_WITHIN_MS = 100

/**
 * Keeps that a long task waits, and how it was sent, so that any server can send it again: both or neither, as one without the other
 * would wait for ever. `isCopied`: once a replica has them, too, if one has in time.
 */
export async function storeSentTask(
  redis: Redis,
  scope: QueueScope,
  id: string,
  job: TaskJob,
  isCopied = false,
): Promise<LongTaskState> {
  const state: LongTaskState = { status: 'PENDING', fraction: 0, doing: 'waiting for a worker' }
  const key = stateKey(scope, id)
  const sent = redis
    .pipeline()
    .hset(key, { ...state, job: JSON.stringify(job) })
    .pexpire(key, LONG_TASK_KEPT_MS)
  // of a Cluster that server is asked whose key was written
  const replies = await (isCopied ? sent.wait(1, REPLICA_WITHIN_MS) : sent).exec()
  for (const [error] of replies ?? []) if (error) throw error
  return state
}

/** How a long task was sent. */
export async function loadSentJob(redis: Redis, scope: QueueScope, id: string): Promise<TaskJob | undefined> {
  const text = await redis.hget(stateKey(scope, id), 'job')
  return text === null ? undefined : parseJob(text)
}

/** Undefined where it is no JSON; all else of it is checked by the worker that takes it. */
function parseJob(text: string): TaskJob | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Forgets a long task: it is unknown from now on. */
export async function removeState(redis: Redis, scope: QueueScope, id: string): Promise<void> {
  await redis.unlink(stateKey(scope, id))
}

/** Whether there is anything of a long task, be it that it was cancelled. */
export async function hasState(redis: Redis, scope: QueueScope, id: string): Promise<boolean> {
  return (await redis.exists(stateKey(scope, id))) > 0
}

/** Makes a long task unknown although its worker may still write down how it is doing. */
export async function cancelState(redis: Redis, scope: QueueScope, id: string): Promise<void> {
  const key = stateKey(scope, id)
  await Promise.all([redis.hset(key, 'cancelled', '1'), redis.hdel(key, 'result', 'job')])
  await redis.pexpire(key, LONG_TASK_KEPT_MS)
}

/** Whether a long task was cancelled; false for one of which nothing is known. */
export async function isCancelled(redis: Redis, scope: QueueScope, id: string): Promise<boolean> {
  return (await redis.hget(stateKey(scope, id), 'cancelled')) !== null
}

/** What is known about a long task; undefined for an unknown id. Throws an UnreadableResult where that is no state of it. */
export async function loadState(redis: Redis, scope: QueueScope, id: string): Promise<LongTaskState | undefined> {
  const fields = await redis.hgetallBuffer(stateKey(scope, id))
  if (!fields.status || fields.cancelled) return undefined
  const status = STATUSES.find((one) => one === fields.status?.toString())
  const fraction = Number(fields.fraction ?? 0)
  if (status === undefined || !Number.isFinite(fraction)) throw new UnreadableResult('it is the state of no task')
  const result = fields.result && decodeResult(fields.result, id)
  return { status, fraction, doing: fields.doing?.toString() ?? '', ...(result ? { result } : {}) }
}
