import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { BUCKETS_S, createRequestMetrics } from '../../../src/server/metrics/request-metrics.ts'
import { routeOf } from '../route-of.ts'

test('requests are counted by route, cache and status, with their times', async () => {
  const metrics = createRequestMetrics()
  const registry = new Registry()
  metrics.register(registry)
  const [get, post] = [routeOf(), routeOf({ method: 'POST', criticality: 'normal' })]
  metrics.observe(get, 200, 'hit', 0.5)
  metrics.observe(get, 200, 'hit', 0.6)
  metrics.observe(get, 200, 'hit', 200_000)
  metrics.observe(get, 404, 'hit', 1)
  metrics.observe(get, 200, 'miss', 1)
  metrics.observe(post, 200, 'none', 120_000)
  metrics.observe(undefined, 404, 'none', 1000)
  const text = await registry.metrics()
  const linesOf = (part: string) =>
    text
      .split('\n')
      .filter((line) => line.includes(part))
      .map((line) => line.replace('siibra_api_request_seconds_', ''))
  const hit = 'route="/things",criticality="critical",cache="hit",status="200"'
  expect(linesOf(hit)).toEqual([
    `bucket{${hit},le="0.0005"} 1`,
    ...BUCKETS_S.slice(1).map((le) => `bucket{${hit},le="${le}"} 2`),
    `bucket{${hit},le="+Inf"} 3`,
    `sum{${hit}} 200.0011`,
    `count{${hit}} 3`,
  ])
  expect(linesOf('_count')).toEqual([
    `count{${hit}} 3`,
    'count{route="/things",criticality="critical",cache="hit",status="404"} 1',
    'count{route="/things",criticality="critical",cache="miss",status="200"} 1',
    'count{route="POST /things",criticality="normal",cache="none",status="200"} 1',
    'count{route="other",criticality="none",cache="none",status="404"} 1',
  ])
  expect(
    linesOf('POST')
      .filter((line) => /le="(60|120)"/.test(line))
      .map((line) => line.at(-1)),
  ).toEqual(['0', '1'])
})
