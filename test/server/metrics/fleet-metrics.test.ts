import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import type { QueueDispatcher } from '../../../src/dispatch/queue/dispatcher.ts'
import { measureFolders, parseUsage, registerFleetMetrics } from '../../../src/server/metrics/fleet-metrics.ts'

const status = { waiting: 3, active: 1, workers: 2 }
const queue = {
  scope: { version: '1.2.3', namespace: 'siibraapi' },
  status: async () => ({ core: status, features: status, volumes: status, compounds: status }),
  health: () => ({
    broker: true,
    results: true,
    awaited: [],
    queuesAway: ['volumes'],
    answeredAtMs: 1_700_000_000_000,
    workers: { core: 2, features: 1, volumes: 0, compounds: 0 },
  }),
  workers: () => [
    {
      id: 'a',
      host: 'pod-1',
      pid: 7,
      startedAtMs: 0,
      rssBytes: 1000,
      refusedJobs: { malformed: 2 },
      queues: { core: { threads: 2, active: 1 }, features: { threads: 1, active: 1 } },
    },
  ],
  refusals: () => [{ what: 'result', reason: 'other_task', count: 3 }],
} as unknown as QueueDispatcher

test('queues and workers have the names and labels that dashboards of the original use', async () => {
  const registry = new Registry()
  registerFleetMetrics(registry, { queue, monitorDir: undefined })
  const text = await registry.metrics()
  expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
    'last_pinged 1700000000',
    ...Object.entries({ core: 1, features: 1, volumes: 0, compounds: 1 }).map(
      ([name, isUp]) => `siibra_api_queue_up{queue="${name}"} ${isUp}`,
    ),
    ...['core', 'features', 'volumes', 'compounds'].map((name) => `num_task_in_q{q_name="1.2.3.siibraapi.${name}"} 3`),
    ...Object.entries({ core: 2, features: 1, volumes: 0, compounds: 0 }).map(
      ([name, count]) => `num_workers{version="1.2.3",namespace="siibraapi",queue="${name}"} ${count}`,
    ),
    'active_tasks{hostname="pod-1.7"} 2',
    'reserved_tasks{hostname="pod-1.7"} 0',
    'scheduled_tasks{hostname="pod-1.7"} 0',
    'siibra_api_worker_resident_bytes{hostname="pod-1.7"} 1000',
    'siibra_api_broker_refused_total{what="result",reason="other_task"} 3',
    'siibra_api_worker_refused_jobs_total{hostname="pod-1.7",reason="malformed"} 2',
  ])
})

test('without a queue this process is what was pinged last', async () => {
  const registry = new Registry()
  registerFleetMetrics(registry, { queue: undefined, monitorDir: undefined })
  const [, value] = /^last_pinged (\S+)$/m.exec(await registry.metrics()) ?? []
  expect(Math.abs(Number(value) - Date.now() / 1000)).toBeLessThan(5)
})

test('usage of pods and of first-level folders is read from the monitored folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'siibra-api-monitor-'))
  await mkdir(join(folder, 'cache', 'deep'), { recursive: true })
  await mkdir(join(folder, 'lost+found'))
  await writeFile(join(folder, 'cache', 'deep', 'a'), Buffer.alloc(1000))
  await writeFile(join(folder, 'cache', 'b'), Buffer.alloc(24))
  await writeFile(join(folder, 'metrics.txt'), 'NAME CPU(cores) MEMORY(bytes)\nserver-1   12m   34Mi\nbroken 1 2\n')
  expect(await measureFolders(folder)).toEqual(new Map([['cache', 1024]]))
  const registry = new Registry()
  registerFleetMetrics(registry, { queue: undefined, monitorDir: folder })
  const text = await registry.metrics()
  expect(text).toContain('resource_usage_cpu{podname="server-1"} 12')
  expect(text).toContain(`resource_usage_memory{podname="server-1"} ${34 * 2 ** 20}`)
  const [, at] = /^resource_usage_timestamp (\S+)/m.exec(text) ?? []
  expect(Math.abs(Number(at) - Date.now() / 1000)).toBeLessThan(3600)
  await rm(folder, { recursive: true })
})

test('lines that are not of the expected form are left out', () => {
  expect(parseUsage('NAME CPU MEMORY\n\na 1m 2Mi\nb 1 2Mi\nc 1m 2Gi')).toEqual([
    { pod: 'a', milliCores: 1, bytes: 2 ** 21 },
  ])
})
