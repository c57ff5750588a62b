import type { Redis } from 'ioredis'
import { brokerNowMs, byBrokerClock } from './broker-clock.ts'
import { type QueueScope, taskKeyOf } from './names.ts'

/**
 * Who waits for a task, and until when: a sorted set of servers by deadline, told by the broker's clock. It is what lets a worker leave out a task
 * whose clients have all gone, and lets a server join a task that another one has sent.
 */
const waitersKey = (scope: QueueScope, id: string) => taskKeyOf(scope, id, 'waiters')

/** Sets that are left behind (a server that died) go away after this time; it exceeds every deadline. */
const KEPT_MS = 2 * 3600 * 1000

/** Stands for the client that will come back for a long task. */
export const LATER = 'later'

/** Says that `server` waits for a task until `deadlineMs` (Unix time by the clock of this machine). */
export async function addWaiter(
  redis: Redis,
  scope: QueueScope,
  id: string,
  server: string,
  deadlineMs: number,
): Promise<void> {
  const key = waitersKey(scope, id)
  // no pipeline: ioredis copies BullMQ's sixty scripts into each, half of all garbage that a server made
  await Promise.all([redis.zadd(key, 'GT', byBrokerClock(redis, deadlineMs), server), redis.pexpire(key, KEPT_MS)])
}

/** Says that `server` does not wait any more. */
export async function removeWaiter(redis: Redis, scope: QueueScope, id: string, server: string): Promise<void> {
  await redis.zrem(waitersKey(scope, id), server)
}

/** Whether anybody still waits for a task. */
export async function hasWaiter(redis: Redis, scope: QueueScope, id: string): Promise<boolean> {
  return (await redis.zcount(waitersKey(scope, id), brokerNowMs(redis), '+inf')) > 0
}
