import type { Redis } from 'ioredis'

/** Which of these keys (of jobs) the broker does not know: one question where it knows them all, which is nearly always. */
export async function findUnknownJobs(broker: Redis, keys: readonly string[]): Promise<ReadonlySet<string>> {
  if (keys.length === 0 || (await broker.exists(...keys)) === keys.length) return new Set()
  const known = await Promise.all(keys.map((key) => broker.exists(key)))
  return new Set(keys.filter((_, i) => known[i] === 0))
}
