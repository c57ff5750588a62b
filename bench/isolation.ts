/**
 * How much do expensive requests slow critical ones? Critical routes of siibra-explorer's session are asked one after the
 * other, first alone, then while `--load` expensive requests (bounding boxes, statistical maps, assignments with an
 * uncertainty, plots, downloads) are always under way; each from the response cache and past it.
 *
 *   npm run bench:isolation -- --base http://127.0.0.1:5000 [--load 24] [--seconds 10]
 */
import { Agent } from 'node:http'
import { parseArgs } from 'node:util'
import { send } from './session/client.ts'
import { percentile } from './session/report.ts'

const JULICH = 'minds/core/parcellationatlas/v1.0.0/94c1125b-b87e-45e4-901c-00daee7f2579-310'
const MNI = 'minds/core/referencespace/v1.0.0/dafcffc5-4826-4bf1-8ff6-46b8a31ff8e2'
const REGION = 'Area hOc1 (V1, 17, CalcS) left'

const options = parseArgs({
  options: {
    base: { type: 'string', default: 'http://127.0.0.1:5000' },
    load: { type: 'string', default: '24' },
    seconds: { type: 'string', default: '10' },
    parcellation: { type: 'string', default: JULICH },
    space: { type: 'string', default: MNI },
    region: { type: 'string', default: REGION },
  },
}).values
const base = new URL(options.base)
const query = (params: Record<string, string>) => new URLSearchParams(params).toString()
const inMap = { parcellation_id: options.parcellation, space_id: options.space }

const CRITICAL = [
  '/v3_0/atlases',
  `/v3_0/spaces/${encodeURIComponent(options.space)}`,
  `/v3_0/parcellations/${encodeURIComponent(options.parcellation)}`,
  `/v3_0/maps?${query({ map_type: 'LABELLED', parcellation_id: options.parcellation })}`,
  `/v3_0/regions?${query({ parcellation_id: options.parcellation })}`,
  `/v3_0/map?${query({ map_type: 'LABELLED', ...inMap })}`,
  `/v3_0/regions/${encodeURIComponent(options.region)}?${query(inMap)}`,
]

const anyMm = () => (Math.random() * 80 - 40).toFixed(2)
const EXPENSIVE = [
  () =>
    `/v3_0/feature/Image?${query({
      type: 'CellBodyStainedVolumeOfInterest',
      space_id: options.space,
      bbox: JSON.stringify(
        [
          [anyMm(), anyMm(), anyMm()],
          [anyMm(), anyMm(), anyMm()],
        ].map((p) => p.map(Number)),
      ),
    })}`,
  () => `/v3_0/map/statistical_map.nii.gz?${query({ ...inMap, region_id: options.region })}`,
  () => `/v3_0/map/labelled_map.nii.gz?${query({ ...inMap, region_id: options.region })}`,
  () =>
    `/v3_0/map/assign?${query({ ...inMap, assignment_type: 'statistical', sigma_mm: '12', point: `${anyMm()}mm,${anyMm()}mm,${anyMm()}mm` })}`,
  () => `/v3_0/feature/RegionalConnectivity?${query({ parcellation_id: options.parcellation })}`,
  () => `/v3_0/atlas_download?${query({ ...inMap, region_id: options.region })}`,
]

const BYPASS = { 'x-bypass-fastapi-cache': '1' }

async function probe(headers: Record<string, string>, untilMs: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const times: number[] = []
  for (let i = 0; performance.now() < untilMs; i++) {
    const { status, ms } = await send(base, agent, CRITICAL[i % CRITICAL.length] as string, headers)
    if (status !== 200) throw new Error(`${CRITICAL[i % CRITICAL.length]} answered ${status}`)
    times.push(ms)
    await new Promise((done) => setTimeout(done, 2))
  }
  agent.destroy()
  return times
}

/** Keeps `load` expensive requests under way until told to stop; counts the answers by status. */
function saturate(load: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: load })
  const statuses: Record<number, number> = {}
  let stopped = false
  const runs = Array.from({ length: load }, async (_, i) => {
    for (let n = i; !stopped; n++) {
      const { status } = await send(base, agent, (EXPENSIVE[n % EXPENSIVE.length] as () => string)(), BYPASS)
      statuses[status] = (statuses[status] ?? 0) + 1
      if (status === 503) await new Promise((done) => setTimeout(done, 50))
    }
  })
  return {
    statuses,
    async stop() {
      stopped = true
      await Promise.all(runs)
      agent.destroy()
    },
  }
}

const seconds = Number(options.seconds)
for (const path of CRITICAL) await send(base, new Agent(), path)
const print = (name: string, times: number[]) =>
  console.log(
    `${name.padEnd(28)} n ${String(times.length).padStart(6)}   p50 ${percentile(times, 0.5).toFixed(2).padStart(8)} ms   p99 ${percentile(times, 0.99).toFixed(2).padStart(8)} ms`,
  )
const idle: number[][] = []
for (const headers of [{}, BYPASS]) idle.push(await probe(headers, performance.now() + seconds * 1000))
const load = saturate(Number(options.load))
await new Promise((done) => setTimeout(done, 1000))
const busy: number[][] = []
for (const headers of [{}, BYPASS]) busy.push(await probe(headers, performance.now() + seconds * 1000))
await load.stop()
for (const [i, name] of ['cached', 'uncached'].entries()) {
  print(`${name}, idle`, idle[i]!)
  print(`${name}, saturated`, busy[i]!)
  console.log(`${name}: p99 ratio ${(percentile(busy[i]!, 0.99) / percentile(idle[i]!, 0.99)).toFixed(2)} (at most 2)`)
}
console.log('expensive answers by status:', load.statuses)
