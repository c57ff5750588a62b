/** Results of tasks that are asked for later: what all of them may take of the result backend. */
import type { Redis } from 'ioredis'
import { SiibraError } from '../../../siibra/index.ts'
import { LATER_RESULT_BOUNDS, LONG_TASK_KEPT_MS } from '../../../tasks/long-tasks.ts'
import { type QueueScope, scopeKey } from '../names.ts'
import { removeState } from './states.ts'

/** By the time at which they were stored (a sorted set), and their sizes (a hash). */
const timesKey = (scope: QueueScope) => scopeKey(scope, 'later-results')
const sizesKey = (scope: QueueScope) => scopeKey(scope, 'later-result-bytes')

/**
 * Makes room for a result before it is stored: the oldest go first, with all that is known of their tasks. Throws OVERLOADED for
 * one that is larger than all may be together.
 */
export async function makeRoomForResult(
  redis: Redis,
  scope: QueueScope,
  id: string,
  bytes: number,
  { maxBytes, maxResults } = LATER_RESULT_BOUNDS,
): Promise<void> {
  if (bytes > maxBytes) {
    const message = `The result has ${bytes} bytes, more than the ${maxBytes} that are kept for who comes later`
    throw new SiibraError('OVERLOADED', message)
  }
  const [times, sizes] = [timesKey(scope), sizesKey(scope)]
  await Promise.all([redis.zadd(times, Date.now(), id), redis.hset(sizes, id, String(bytes))])
  await Promise.all([redis.pexpire(times, LONG_TASK_KEPT_MS), redis.pexpire(sizes, LONG_TASK_KEPT_MS)])
  const [oldestFirst, bytesById] = await Promise.all([redis.zrange(times, '0', '-1'), redis.hgetall(sizes)])
  let sum = oldestFirst.reduce((all, one) => all + Number(bytesById[one] ?? 0), 0)
  let count = oldestFirst.length
  for (const oldest of oldestFirst) {
    if (sum <= maxBytes && count <= maxResults) return
    if (oldest === id) continue
    sum -= Number(bytesById[oldest] ?? 0)
    count--
    await Promise.all([removeState(redis, scope, oldest), redis.zrem(times, oldest), redis.hdel(sizes, oldest)])
  }
}
