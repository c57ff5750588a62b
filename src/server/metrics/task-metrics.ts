import { Counter, Histogram, type Registry } from 'prom-client'
import type { TaskObserver } from '../../tasks/task-observer.ts'

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 600]

/** Per queue, since the start. */
export interface TaskCounts {
  ended: number
  /** Refused because too much waited. */
  refused: number
  /** Given up: nobody waited any more, or the deadline had passed. */
  dropped: number
  failed: number
  /** Answers that came from a task under way. */
  shared: number
  waitMs: number
  runMs: number
}

export interface TaskMetrics extends TaskObserver {
  register(registry: Registry): void
  counts(): Readonly<Record<string, Readonly<TaskCounts>>>
}

/** Times and outcomes of tasks; given to a dispatcher, then registered by whoever serves `/metrics`. */
export function createTaskMetrics(): TaskMetrics {
  const registers: Registry[] = []
  const wait = new Histogram({
    name: 'siibra_api_task_wait_seconds',
    help: 'Time that a task waited for a thread or worker, by queue and criticality',
    labelNames: ['queue', 'criticality'],
    buckets: SECONDS,
    registers,
  })
  const run = new Histogram({
    name: 'siibra_api_task_run_seconds',
    help: 'Time that the handler of a task ran, by queue and task',
    labelNames: ['queue', 'task'],
    buckets: SECONDS,
    registers,
  })
  const tasks = new Counter({
    name: 'siibra_api_tasks_total',
    help: 'Tasks that ended, by queue, task and outcome (ok or the code of an error)',
    labelNames: ['queue', 'task', 'outcome'],
    registers,
  })
  const shared = new Counter({
    name: 'siibra_api_tasks_shared_total',
    help: 'Requests that were answered by an identical task under way (single-flight)',
    labelNames: ['queue', 'task'],
    registers,
  })
  const counts: Record<string, TaskCounts> = {}
  const countsOf = (queue: string): TaskCounts => {
    counts[queue] ??= { ended: 0, refused: 0, dropped: 0, failed: 0, shared: 0, waitMs: 0, runMs: 0 }
    return counts[queue]
  }

  return {
    ended({ task: { queue, name, criticality }, outcome, waitMs, runMs }) {
      wait.observe({ queue, criticality }, waitMs / 1000)
      if (runMs > 0) run.observe({ queue, task: name }, runMs / 1000)
      tasks.inc({ queue, task: name, outcome })
      const count = countsOf(queue)
      count.ended++
      count.waitMs += waitMs
      count.runMs += runMs
      if (outcome === 'OVERLOADED') count.refused++
      else if (outcome === 'ABORTED' || outcome === 'DEADLINE_EXCEEDED') count.dropped++
      else if (outcome === 'INTERNAL') count.failed++
    },
    shared({ queue, name }) {
      shared.inc({ queue, task: name })
      countsOf(queue).shared++
    },
    register(registry) {
      for (const metric of [wait, run, tasks, shared]) registry.registerMetric(metric)
    },
    counts: () => counts,
  }
}
