import type { QueueName, Task, TaskResult } from './task.ts'

/**
 * Queues whose heavy tasks (those that keep a thread for long) have threads of their own, so that the others never wait for
 * a long kernel. Tasks of `core` are all quick, those of `compounds` all heavy.
 */
export const HEAVY_LANES: readonly QueueName[] = ['features', 'volumes']

export const hasHeavyLane = (queue: QueueName): boolean => HEAVY_LANES.includes(queue)

/** A task that nobody waits for with an open connection: those who do go before it, where they would share its thread. */
export const asHeavy = (task: Task): Task => (hasHeavyLane(task.queue) ? { ...task, isHeavy: true } : task)

/**
 * A task that computes for longer is heavy: people who click notice a wait of this length. Less for features, whose clicks take 1 ms: a mean of
 * matrices, some 20 ms in one stretch for its JSON, is what they waited for. Masks of fine volumes
 * take as long, and are clicks themselves.
 */
const HEAVY_MS: Readonly<Record<QueueName, number>> = { core: 40, features: 15, volumes: 40, compounds: 40 }
/** One that takes less than this part of it was quick; what is between says nothing of its kind. */
const QUICK_PART = 0.5
/** Of so many runs in a row; the first ones load data that later ones find. */
const RUNS = 3
/** Kinds of tasks that are remembered. */
const MAX_KINDS = 2_000
/** Parameters that choose how much has to be done; others choose where, or what is told of it. */
const SIZES = ['parcellation_id', 'space_id', 'assignment_type', 'map_type', 'name', 'type', 'feature_id'] as const

/** What tasks have cost lately, by kind: the name, the data that they read and which parameters they have. */
export interface Costs {
  /** Whether a task goes to the threads for heavy ones: its route says so, or all of its kind have lately been heavy. */
  isHeavy(task: Task): boolean
  /** A task has computed for so long. */
  observe(task: Task, cpuMs: number): void
  /**
   * The same by its result. Threads tell CPU time only of what took some: an answer without it was quick. A failure without it says nothing: the
   * task was never begun, was told to stop, or asked for what is not there.
   */
  observeResult(task: Task, result: TaskResult): void
}

export function createCosts(): Costs {
  // heavy runs in a row; the oldest kind goes first, as a Map keeps the order in which keys came
  const runs = new Map<string, number>()
  const costs: Costs = {
    isHeavy(task) {
      if (!hasHeavyLane(task.queue)) return false
      if (task.isHeavy !== undefined) return task.isHeavy
      return (runs.get(kindOf(task)) ?? 0) >= RUNS
    },
    observe(task, cpuMs) {
      if (!hasHeavyLane(task.queue)) return
      const kind = kindOf(task)
      const known = runs.get(kind)
      const heavyMs = HEAVY_MS[task.queue]
      if (cpuMs <= heavyMs && cpuMs >= heavyMs * QUICK_PART) return
      runs.delete(kind)
      // most tasks are quick, and nothing need be known of them
      if (cpuMs <= heavyMs) return
      runs.set(kind, (known ?? 0) + 1)
      const [oldest] = runs.keys()
      if (runs.size > MAX_KINDS && oldest !== undefined) runs.delete(oldest)
    },
    observeResult(task, result) {
      const cpuMs = result.timing?.cpuMs ?? (result.ok ? 0 : undefined)
      if (cpuMs !== undefined) costs.observe(task, cpuMs)
    },
  }
  return costs
}

function kindOf({ name, params }: Task): string {
  const given = Object.keys(params).filter((key) => params[key] !== undefined && params[key] !== null)
  return JSON.stringify([name, given.sort(), SIZES.map((key) => params[key])])
}
