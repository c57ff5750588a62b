import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createTaskMetrics } from '../../../src/server/metrics/task-metrics.ts'
import type { Task } from '../../../src/tasks/task.ts'

const task: Task = { name: 'assign', queue: 'volumes', params: {}, criticality: 'normal', deadlineMs: 0 }

test('tasks are counted by what became of them, with their times', async () => {
  const metrics = createTaskMetrics()
  const registry = new Registry()
  metrics.register(registry)
  const outcomes = ['ok', 'OVERLOADED', 'ABORTED', 'DEADLINE_EXCEEDED', 'INTERNAL', 'NOT_FOUND'] as const
  for (const outcome of outcomes) metrics.ended({ task, outcome, waitMs: 2000, runMs: outcome === 'ok' ? 3000 : 0 })
  metrics.shared(task)
  expect(metrics.counts()).toEqual({
    volumes: { ended: 6, refused: 1, dropped: 2, failed: 1, shared: 1, waitMs: 12_000, runMs: 3000 },
  })
  const text = await registry.metrics()
  expect(text.split('\n').filter((line) => /_(sum|count|total)\{/.test(line))).toEqual([
    'siibra_api_task_wait_seconds_sum{queue="volumes",criticality="normal"} 12',
    'siibra_api_task_wait_seconds_count{queue="volumes",criticality="normal"} 6',
    'siibra_api_task_run_seconds_sum{queue="volumes",task="assign"} 3',
    'siibra_api_task_run_seconds_count{queue="volumes",task="assign"} 1',
    ...outcomes.map((outcome) => `siibra_api_tasks_total{queue="volumes",task="assign",outcome="${outcome}"} 1`),
    'siibra_api_tasks_shared_total{queue="volumes",task="assign"} 1',
  ])
})
