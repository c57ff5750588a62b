import type { Dispatcher, QueueStatus } from '../../tasks/dispatcher.ts'
import { mapQueues } from '../../tasks/queues.ts'
import type { QueueName, Task } from '../../tasks/task.ts'

/** Threads of this process, and the version of the data that they hold; undefined while they hold none. */
export interface NearDispatcher extends Dispatcher {
  currentVersion(): string | undefined
}

/**
 * Runs the tasks of some queues in this process, and all others through the broker. A task of `core` takes 0.2 ms of CPU time; the
 * way through the broker and back takes several times that, from three processes. Where the data of this process are not those
 * that the task asks for (it, or the workers, have not read a new configuration yet), the workers answer.
 */
export function createNearTasks(far: Dispatcher, near: NearDispatcher, queues: readonly QueueName[]): Dispatcher {
  const isNear = ({ queue, dataVersion }: Task): boolean => {
    if (!queues.includes(queue)) return false
    const held = near.currentVersion()
    return held !== undefined && (dataVersion ?? held) === held
  }
  return {
    run: (task, options) => (isNear(task) ? near : far).run(task, options),
    async status() {
      const [there, here] = await Promise.all([far.status(), near.status()])
      return mapQueues((queue) => (queues.includes(queue) ? sum(there[queue], here[queue]) : there[queue]))
    },
    cacheBytes: () => near.cacheBytes?.() ?? {},
    async close(graceMs) {
      await Promise.all([far.close(graceMs), near.close(graceMs)])
    },
  }
}

const sum = (a: QueueStatus, b: QueueStatus): QueueStatus => ({
  waiting: a.waiting + b.waiting,
  active: a.active + b.active,
  workers: a.workers + b.workers,
})
