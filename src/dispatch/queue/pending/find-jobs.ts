import type { Redis } from 'ioredis'

/** Which of these keys (of jobs) the broker does not know: one question a queue where it knows them all, which is nearly always. */
export async function findUnknownJobs(broker: Redis, keys: readonly string[]): Promise<ReadonlySet<string>> {
  // a Cluster answers a question about keys of one hash tag only
  const byTag = new Map<string | undefined, string[]>()
  for (const key of keys) {
    const tag = /\{(.*?)\}/.exec(key)?.[1]
    byTag.set(tag, [...(byTag.get(tag) ?? []), key])
  }
  const unknown = await Promise.all([...byTag.values()].map((some) => findUnknown(broker, some)))
  return new Set(unknown.flat())
}

async function findUnknown(broker: Redis, keys: readonly string[]): Promise<string[]> {
  if ((await broker.exists(...keys)) === keys.length) return []
  const known = await Promise.all(keys.map((key) => broker.exists(key)))
  return keys.filter((_, i) => known[i] === 0)
}
