/**
 * Features: how long the first listing of each type takes on a service that has just become ready and has nothing in any
 * cache; how long the listings of every parcellation take past the response cache, the first time and again; a mean connectivity
 * matrix; and a click on a region, as siibra-explorer sends it.
 *
 *   npm run bench:features [-- --configuration head --regions 3]
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ask, askAll, timed } from './features/ask.ts'
import { allListings, featureTypes, listingsOf, timeListings } from './features/listings.ts'
import { timeRegionClick } from './features/region-click.ts'
import { benchConfiguration, ROOT, type Running, startMirror, startService } from './server/processes.ts'
import { percentile } from './session/report.ts'

const options = parseArgs({
  options: { configuration: { type: 'string', default: 'v04' }, regions: { type: 'string', default: '3' } },
}).values

const { label, env } = benchConfiguration(options.configuration)
const mirror = await startMirror()
const round = (ms: number) => Math.round(ms * 10) / 10

/** A service with empty caches, for as long as something is measured. */
async function onColdService<T>(measure: (base: string, service: Running) => Promise<T>): Promise<T> {
  const cacheDir = mkdtempSync(join(tmpdir(), 'siibra-api-bench-'))
  const service = await startService({ ...env, ...mirror.env, SIIBRA_CACHEDIR: cacheDir })
  try {
    return await measure(`http://127.0.0.1:${service.port}/v3_0`, service)
  } finally {
    await service.stop()
    rmSync(cacheDir, { recursive: true, force: true })
  }
}

/** The parcellation and the space that the service gives as examples; the one with most features where it is there. */
async function exampleOf(base: string) {
  const { configuration } = await ask<{ configuration: { examples: Record<string, string> } }>(`${base}/../readyz`)
  const { parcellation_id: parcellation = '', space_id: space = '' } = configuration.examples
  const julich = 'minds/core/parcellationatlas/v1.0.0/94c1125b-b87e-45e4-901c-00daee7f2579-290'
  return { parcellation: label === 'demo atlas' ? parcellation : julich, space }
}

const first = await onColdService(async (base) => {
  const { parcellation, space } = await exampleOf(base)
  const types = await featureTypes(base)
  const { items: regions } = await ask<{ items: { name: string; hasParent: unknown }[] }>(
    `${base}/regions?parcellation_id=${encodeURIComponent(parcellation)}`,
  )
  // a top of the tree: all that lies in its parts has to be found
  const region = regions.find(({ hasParent }) => !hasParent)?.name ?? ''
  const times = []
  for (const { type, path } of listingsOf(types, { parcellation, space, region })) {
    const { ms, status, body } = await timed<{ total?: number }>(base + path)
    if (status !== 200) throw new Error(`${path} answered ${status}`)
    times.push({ type, ms: round(ms), items: body.total })
  }
  return times.sort((a, b) => b.ms - a.ms)
})
console.log(`${label}\n\nFirst listing of each of ${first.length} types, nothing in any cache: the slowest`)
console.log('(each under 1000 ms; the original: 8 to 15 s)')
console.table(first.slice(0, 6))

const all = await onColdService(async (base) => timeListings(base, await allListings(base, Number(options.regions))))
const slowest = [...all].sort((a, b) => b.firstMs - a.firstMs).slice(0, 6)
const summary = (times: number[]) => ({
  'p50 ms': round(percentile(times, 0.5)),
  'p95 ms': round(percentile(times, 0.95)),
  'p99 ms': round(percentile(times, 0.99)),
  'max ms': round(Math.max(...times)),
})
const listings = {
  'first time': summary(all.map(({ firstMs }) => firstMs)),
  again: summary(all.map(({ againMs }) => againMs)),
}
console.log(
  `${all.length} listings of all parcellations past the response cache (again: p50 under 5 ms, p99 under 20 ms)`,
)
console.table(listings)
console.log('The slowest first times (each under 1000 ms)')
console.table(
  slowest.map(({ type, of, firstMs, againMs }) => ({ type, of, first: round(firstMs), again: round(againMs) })),
)

const matrices = await onColdService(async (base) => {
  const { parcellation } = await exampleOf(base)
  const inParcellation = `parcellation_id=${encodeURIComponent(parcellation)}`
  const found = await askAll<{ id: string; cohort: string; subjects: string[] }>(
    `${base}/feature/RegionalConnectivity?${inParcellation}`,
  )
  const times = []
  for (const { id, cohort, subjects } of found) {
    const url = `${base}/feature/RegionalConnectivity/${encodeURIComponent(id)}?${inParcellation}`
    const [cold, warm] = [await timed(url), await timed(url)]
    times.push({ cohort, subjects: subjects.length, 'first ms': round(cold.ms), 'again ms': round(warm.ms) })
  }
  return times
})
console.log('Mean connectivity matrices (under 1000 ms; the original: 9 to 17 s)')
console.table(matrices)

const recorded = join(ROOT, '..', 'shared', 'reference', 'explorer_trace.json')
const trace = label !== 'demo atlas' && existsSync(recorded) ? recorded : join(ROOT, 'bench', 'traces', 'demo.json')
const click = await onColdService((base) => timeRegionClick(base, trace))
console.log(
  'A click on a region, cold and warm, beside the published times of the original (production, cached unless cold)',
)
console.table(click.rows)
console.log(`All of it: ${click.wallMs.join(' and ')} ms, of which the client's own dispatch takes some 450 ms`)
await mirror.stop()
console.log(JSON.stringify({ configuration: label, first: first.slice(0, 6), listings, matrices, click }))
