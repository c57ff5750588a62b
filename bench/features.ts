/**
 * Features: how long the first listing of each type takes on a service that has just become ready and has nothing in any
 * cache, and how long any listing takes past the response cache afterwards; a mean connectivity matrix, cold and warm.
 *
 *   npm run bench:features [-- --configuration v04 --regions 8]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchConfiguration, startMirror, startService } from './server/processes.ts'

const options = parseArgs({
  options: { configuration: { type: 'string', default: 'v04' }, regions: { type: 'string', default: '8' } },
}).values

/** What takes longer ends the bench. */
const LIMIT_MS = 60_000

interface Listing {
  type: string
  path: string
}

const { label, env } = benchConfiguration(options.configuration)
const cacheDir = mkdtempSync(join(tmpdir(), 'siibra-api-bench-'))
const mirror = await startMirror()
const service = await startService({ ...env, ...mirror.env, SIIBRA_CACHEDIR: cacheDir })
const base = `http://127.0.0.1:${service.port}/v3_0`
const { configuration } = await json<{ configuration: { examples: Record<string, string> } }>('/../readyz')
const ids = configuration.examples
const parcellationId =
  label === 'demo atlas'
    ? (ids.parcellation_id as string)
    : 'minds/core/parcellationatlas/v1.0.0/94c1125b-b87e-45e4-901c-00daee7f2579-290'
const parcellation = `parcellation_id=${encodeURIComponent(parcellationId)}`

const { items: types } = await json<{ items: { name: string; path: string | null }[] }>('/feature/_types?size=100')
const { items: regions } = await json<{ items: { name: string }[] }>(`/regions?${parcellation}&size=100`)

const cold: { type: string; ms: number; items: number }[] = []
for (const { type, path } of listings(regions.at(-1)?.name ?? '')) {
  const { ms, body } = await timed(path)
  cold.push({ type, ms, items: (body as { total?: number }).total ?? 0 })
}

const times: number[] = []
const step = Math.max(1, Math.floor(regions.length / Number(options.regions)))
for (let i = 0; i < regions.length; i += step) {
  for (const { path } of listings(regions[i]?.name ?? '')) await timed(path)
  for (const { path } of listings(regions[i]?.name ?? '')) times.push((await timed(path)).ms)
}
times.sort((a, b) => a - b)

const { items: connectivity } = await json<{ items: { id: string }[] }>(`/feature/RegionalConnectivity?${parcellation}`)
const matrix = `/feature/RegionalConnectivity/${encodeURIComponent(connectivity[0]?.id ?? '')}?${parcellation}`
const matrixTimes = [await timed(matrix), await timed(matrix)].map(({ ms }) => round(ms))
await service.stop()
await mirror.stop()
rmSync(cacheDir, { recursive: true, force: true })

const slowest = cold.sort((a, b) => b.ms - a.ms).slice(0, 8)
const at = (share: number) => round(times[Math.min(times.length - 1, Math.floor(times.length * share))] as number)
const warm = { listings: times.length, 'p50 ms': at(0.5), 'p95 ms': at(0.95), 'p99 ms': at(0.99), 'max ms': at(1) }
console.log(`${label}; ${cold.length} types`)
console.log(
  '\nFirst listing of each type, nothing in any cache: the slowest (each under 1000 ms; the original: 8 to 15 s)',
)
console.table(slowest.map(({ type, ms, items }) => ({ type, ms: round(ms), items })))
console.log('Listings of several regions past the response cache, disk cache warm (p50 under 5 ms, p99 under 20 ms)')
console.table([warm])
console.log('A mean connectivity matrix (under 1000 ms; the original: 9 to 17 s)')
console.table([{ 'first ms': matrixTimes[0], 'again ms': matrixTimes[1] }])
console.log(JSON.stringify({ configuration: label, slowest, warm, matrixMs: matrixTimes }))

/** One request per type that has a listing. */
function listings(region: string): Listing[] {
  const inRegion = `${parcellation}&region_id=${encodeURIComponent(region)}`
  return types.flatMap(({ name, path }) => {
    const type = name.split('.').at(-1) as string
    const category = path?.split('/').at(-1)
    if (category === undefined || category === 'GeneExpressions') return []
    const where =
      category === 'Image'
        ? `space_id=${encodeURIComponent(ids.space_id as string)}`
        : category === 'RegionalConnectivity'
          ? parcellation
          : inRegion
    return [{ type, path: `/feature/${category}?type=${type}&${where}&page=1&size=50` }]
  })
}

async function timed(path: string): Promise<{ ms: number; body: unknown }> {
  const startMs = performance.now()
  const answer = await fetch(base + path, {
    headers: { 'x-bypass-fastapi-cache': '1' },
    signal: AbortSignal.timeout(LIMIT_MS),
  })
  const body = await answer.json()
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(body).slice(0, 200)}`)
  return { ms: performance.now() - startMs, body }
}

async function json<T>(path: string): Promise<T> {
  return (await (await fetch(new URL(base + path))).json()) as T
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
