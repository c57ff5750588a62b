import type { WorkerInfo } from './heartbeats.ts'

/** Workers as processes: one that takes queues of several brokers announces itself at each of them, with those that it takes there. */
export function joinWorkers(infos: readonly WorkerInfo[]): WorkerInfo[] {
  const known = new Set<string>()
  const joined = new Map<string, WorkerInfo>()
  for (const info of infos) {
    if (known.has(info.id)) continue
    known.add(info.id)
    const process = `${info.host}.${info.pid}`
    const before = joined.get(process)
    joined.set(process, before ? joinTwo(before, info) : info)
  }
  return [...joined.values()]
}

function joinTwo(a: WorkerInfo, b: WorkerInfo): WorkerInfo {
  const reasons = Object.keys({ ...a.refusedJobs, ...b.refusedJobs })
  const refusedOf = (reason: string) => (a.refusedJobs?.[reason] ?? 0) + (b.refusedJobs?.[reason] ?? 0)
  return {
    ...a,
    startedAtMs: Math.min(a.startedAtMs, b.startedAtMs),
    queues: { ...a.queues, ...b.queues },
    refusedJobs: Object.fromEntries(reasons.map((reason) => [reason, refusedOf(reason)])),
  }
}
