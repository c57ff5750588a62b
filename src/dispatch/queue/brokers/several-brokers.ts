import type { QueueStatus } from '../../../tasks/dispatcher.ts'
import { mapQueues } from '../../../tasks/queues.ts'
import type { QueueName } from '../../../tasks/task.ts'
import { createQueueDispatcher, type QueueDispatcher, type QueueDispatcherOptions } from '../dispatcher.ts'
import { queueOfTask } from '../names.ts'
import type { RefusalCount } from '../refusals.ts'
import { joinWorkers } from '../workers/join-workers.ts'
import type { QueueHealth } from '../workers/probe.ts'
import { commonVersion, tellVersions } from '../workers/roster.ts'
import type { QueueBroker } from './queue-brokers.ts'

export interface QueuesOptions
  extends Omit<QueueDispatcherOptions, 'brokerUrl' | 'resultUrl' | 'queues' | 'onWorkers'> {
  /** Each queue lies at one of them. */
  brokers: readonly QueueBroker[]
}

/**
 * The queues of a deployment, wherever they lie: a dispatcher for each broker, to which a task comes by its queue, or by its id, which
 * begins with that. A broker that is away is felt by its own queues alone.
 */
export function createQueues({ brokers, onDataVersion, ...common }: QueuesOptions): QueueDispatcher {
  const [first, ...others] = brokers
  if (first === undefined) throw new Error('no broker is given')
  if (others.length === 0)
    return createQueueDispatcher({ ...common, ...first, ...(onDataVersion ? { onDataVersion } : {}) })

  const tellVersion = tellVersions(onDataVersion ?? (() => undefined))
  const createPart = (broker: QueueBroker) => {
    const naming = (tell?: (message: string) => void) => (message: string) =>
      tell?.(`${message} (${namesOf(broker.queues)})`)
    const dispatcher = createQueueDispatcher({
      ...common,
      ...broker,
      onProblem: naming(common.onProblem),
      onWarning: naming(common.onWarning),
      onWorkers: () => tellVersion(allWorkers()),
    })
    return { queues: broker.queues, dispatcher }
  }
  const parts = brokers.map(createPart)
  const all = parts.map(({ dispatcher }) => dispatcher)
  const allWorkers = () => all.flatMap((dispatcher) => dispatcher.workers())
  const byQueue = mapQueues((queue) => {
    const part = parts.find(({ queues }) => queues.includes(queue))
    if (part === undefined) throw new Error(`the queue ${queue} lies at no broker`)
    return part.dispatcher
  })
  /** What is the id of no task is known nowhere; any of them says so. */
  const byId = (id: string) => byQueue[queueOfTask(id) ?? 'core']
  /** Queues whose broker was not there in time at the start: the service began without them, and does not wait for their workers. */
  const late = new Set<QueueName>()

  return {
    scope: common.scope,
    run: (task, options) => byQueue[task.queue].run(task, options),
    async status() {
      // each knows its own queues and has 0 for all others
      const statuses = await Promise.all(all.map((dispatcher) => dispatcher.status()))
      return mapQueues((queue) => statuses.map((status) => status[queue]).reduce(sumOf))
    },
    submit: (task, onEnd) => byQueue[task.queue].submit(task, onEnd),
    inspect: (id) => byId(id).inspect(id),
    cancel: (id) => byId(id).cancel(id),
    forget: (id) => byId(id).forget(id),
    openFile: (id) => byId(id).openFile(id),
    maxBodyBytes: Math.min(...all.map(({ maxBodyBytes }) => maxBodyBytes)),
    sharesFolder: (queue) => byQueue[queue].sharesFolder(queue),
    storeBody: (queue, id, path) => byQueue[queue].storeBody(queue, id, path),
    removeBody: (queue, id) => byQueue[queue].removeBody(queue, id),
    bullQueues: () => all.flatMap((dispatcher) => dispatcher.bullQueues()),
    workers: () => joinWorkers(allWorkers()),
    dataVersion: () => commonVersion(allWorkers()),
    refusals: () => joinRefusals(all.map((dispatcher) => dispatcher.refusals())),
    health() {
      const healths = parts.map(({ queues, dispatcher }) => named(dispatcher.health(), queues))
      const answered = healths.flatMap(({ answeredAtMs }) => answeredAtMs ?? [])
      return {
        broker: healths.every(({ broker }) => broker),
        results: healths.every(({ results }) => results),
        problems: healths.flatMap(({ problems }) => problems),
        answeredAtMs: answered.length === 0 ? undefined : Math.min(...answered),
        awaited: healths.flatMap(({ awaited }) => awaited.filter((queue) => !late.has(queue))),
        queuesAway: healths.flatMap(({ queuesAway }) => queuesAway),
        workers: mapQueues((queue) => healths.reduce((sum, { workers }) => sum + workers[queue], 0)),
      }
    },
    async waitUntilConnected(withinMs) {
      const areThere = await Promise.all(all.map((dispatcher) => dispatcher.waitUntilConnected(withinMs)))
      if (areThere.includes(true))
        for (const [i, { queues }] of parts.entries()) if (!areThere[i]) for (const queue of queues) late.add(queue)
      return !areThere.includes(false)
    },
    async close(graceMs) {
      await Promise.all(all.map((dispatcher) => dispatcher.close(graceMs)))
    },
  }
}

const namesOf = (queues: readonly QueueName[]) => `${queues.length === 1 ? 'queue' : 'queues'} ${queues.join(', ')}`

const named = (health: QueueHealth, queues: readonly QueueName[]): QueueHealth => ({
  ...health,
  problems: health.problems.map((problem) => `${problem} (${namesOf(queues)})`),
})

const sumOf = (a: QueueStatus, b: QueueStatus): QueueStatus => ({
  waiting: a.waiting + b.waiting,
  active: a.active + b.active,
  workers: a.workers + b.workers,
})

/** All have the same kinds, in the same order. */
function joinRefusals(counts: readonly (readonly RefusalCount[])[]): RefusalCount[] {
  const joined = new Map<string, RefusalCount>()
  for (const one of counts.flat()) {
    const key = `${one.what} ${one.reason}`
    joined.set(key, { ...one, count: one.count + (joined.get(key)?.count ?? 0) })
  }
  return [...joined.values()]
}
