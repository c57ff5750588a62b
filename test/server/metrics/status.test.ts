import { expect, test } from 'vitest'
import { createMemoryCache } from '../../../src/server/cache/memory.ts'
import { createMetrics } from '../../../src/server/metrics/metrics.ts'
import { createStatus } from '../../../src/server/metrics/status.ts'
import { createServiceState } from '../../../src/server/service.ts'
import { routeOf } from '../route-of.ts'

const idle = { waiting: 1, active: 2, workers: 3 }
const parts = {
  dispatcher: { status: async () => ({ core: idle, features: idle, volumes: idle, compounds: idle }) },
  cache: createMemoryCache({ maxBytes: 1000 }),
  info: { apiVersion: '1', packageVersion: '1', gitHash: 'g', role: 'all' as const },
  state: { ...createServiceState(), startedAtMs: Date.now() - 60_000 },
}

test('the status tells for how long the service has been there, and what its queues do', async () => {
  const metrics = createMetrics(parts, { critical: 10, normal: 3, background: 1 })
  const read = createStatus({ ...parts, windows: metrics.windows })
  const status = await read()
  expect(status.service).toMatchObject({ phase: 'starting', configuration: 'held by the workers' })
  expect(Math.abs(status.service.uptimeS - 60)).toBeLessThan(30)
  expect(status.queues.core).toEqual(idle)
  expect(status.history).toHaveLength(60)
  // the event loop is looked at once a second at most
  expect(status.process).toMatchObject({ eventLoopP99Ms: 0, eventLoopUtilization: 0 })
})

test('metrics tell whether the service can answer, and of what was answered', async () => {
  const state = { phase: 'starting' as 'starting' | 'ready' }
  const metrics = createMetrics({ ...parts, state }, { critical: 10, normal: 3, background: 1 })
  const read = async (name: string) =>
    Number(
      (await metrics.registry.metrics())
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')[1],
    )
  expect(await read('siibra_api_ready')).toBe(0)
  state.phase = 'ready'
  expect(await read('siibra_api_ready')).toBe(1)
  const weighted = 'siibra_api_weighted_response_seconds{window="5m"}'
  metrics.observe(undefined, 200, 'none', 4000)
  metrics.observe(routeOf(), 499, 'none', 4000)
  expect(await read(weighted)).toBeNaN()
  metrics.observe(routeOf(), 200, 'none', 2000)
  expect(await read(weighted)).toBe(2)
})
