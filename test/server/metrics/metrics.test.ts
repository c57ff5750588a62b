import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestApp, type TestApp } from '../../app.ts'

let app: TestApp

beforeAll(async () => {
  app = await startTestApp()
  for (const path of ['/v3_0/atlases', '/v3_0/atlases', '/v3_0/spaces/nowhere', '/nowhere']) await app.get(path)
})
afterAll(() => app.close())

const readMetrics = async () => Buffer.from((await app.get('/metrics')).bytes).toString()

it('has the documented names, and no others', async () => {
  const names = [...(await readMetrics()).matchAll(/^# TYPE (siibra_api_\w+) (\w+)$/gm)].map(
    ([, name, type]) => `${name} ${type}`,
  )
  expect(names.sort()).toMatchInlineSnapshot(`
    [
      "siibra_api_broker_refused_total counter",
      "siibra_api_cache_bytes gauge",
      "siibra_api_cache_entries gauge",
      "siibra_api_cache_lookups gauge",
      "siibra_api_criticality_weight gauge",
      "siibra_api_event_loop_utilization gauge",
      "siibra_api_info gauge",
      "siibra_api_queue_tasks gauge",
      "siibra_api_queue_up gauge",
      "siibra_api_queue_workers gauge",
      "siibra_api_ready gauge",
      "siibra_api_request_seconds histogram",
      "siibra_api_task_run_seconds histogram",
      "siibra_api_task_wait_seconds histogram",
      "siibra_api_tasks_shared_total counter",
      "siibra_api_tasks_total counter",
      "siibra_api_weighted_response_seconds gauge",
      "siibra_api_worker_refused_jobs_total counter",
    ]
  `)
  const documented = [...readFileSync('docs/metrics.md', 'utf8').matchAll(/^\| `(siibra_api_\w+)` \| (\w+)/gm)]
  expect(documented.map(([, name, type]) => `${name} ${type}`).sort()).toEqual(names)
})

it('counts answers by route, and tasks by outcome', async () => {
  const text = await readMetrics()
  const readValue = (line: RegExp) => Number(line.exec(text)?.[1])
  expect(
    readValue(
      /^siibra_api_request_seconds_count\{route="\/atlases",criticality="critical",cache="hit",status="200"\} (\d+)/m,
    ),
  ).toBe(1)
  expect(readValue(/^siibra_api_tasks_total\{queue="core",task="all_atlases",outcome="ok"\} (\d+)/m)).toBe(1)
  expect(readValue(/^siibra_api_weighted_response_seconds\{window="1m"\} ([\d.e-]+)/m)).toBeGreaterThan(0)
})

it('tells the same in its status', async () => {
  const status = (await app.get('/status.json')).json<{
    windows: { windowS: number; answers: number; classes: Record<string, { answers: number; failed: number }> }[]
    queues: Record<string, { ended?: number }>
  }>()
  expect(status.windows.map(({ windowS }) => windowS)).toEqual([60, 300, 900])
  expect(status.windows[0]?.classes.critical).toMatchObject({ answers: 3, failed: 0 })
  expect(status.queues.core?.ended).toBe(2)
})
