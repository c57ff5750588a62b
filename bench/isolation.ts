/**
 * How much do expensive requests slow critical ones? Critical routes of siibra-explorer's session are asked one after the
 * other, in turn alone and while `--load` expensive requests (bounding boxes, statistical maps, assignments with an
 * uncertainty, connectivity, downloads) are always under way; each from the response cache and past it. The load comes from
 * a process of its own at a low priority, as it stands for other machines. A bare `node:http` server is asked in turn with
 * those, in the same rounds: it does nothing but send bytes, so its ratio is what the machine, shared by all of them, lets any
 * server have. The service is asked for something critical ten times a second meanwhile, too: it holds back the others then.
 *
 *   npm run bench:isolation -- --base http://127.0.0.1:5000 [--load 24] [--seconds 1] [--rounds 9]
 *
 * `--points 100000 --load 10`: the load is ten clients instead, each of which sends so many points to `POST /map/assign`, again and again.
 *
 * `--uploads 2 --load 10`: ten clients, each of which sends an image of so many mm (MNI152's box) to `POST /map/assign_image` and `/map/values` in turn.
 *
 * Waits within a queue: `--within volumes` (isolation-within.ts).
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent } from 'node:http'
import { constants, getPriority, setPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { encodeNifti } from '../src/siibra/volumes/nifti/encode.ts'
import { startBareServer } from './server/processes.ts'
import { send } from './session/client.ts'
import { percentile } from './session/report.ts'

const JULICH = 'minds/core/parcellationatlas/v1.0.0/94c1125b-b87e-45e4-901c-00daee7f2579-310'
const MNI = 'minds/core/referencespace/v1.0.0/dafcffc5-4826-4bf1-8ff6-46b8a31ff8e2'
const REGION = 'Area hOc1 (V1, 17, CalcS) left'

const options = parseArgs({
  options: {
    base: { type: 'string', default: 'http://127.0.0.1:5000' },
    load: { type: 'string', default: '24' },
    seconds: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '9' },
    /** How many points each client of the load sends at a time; 0: other expensive requests. */
    points: { type: 'string', default: '0' },
    /** Voxel size of the images that each client of the load sends, mm; 0: none. */
    uploads: { type: 'string', default: '0' },
    'as-load': { type: 'boolean', default: false },
    /** A queue: see isolation-within.ts. */
    within: { type: 'string' },
    clients: { type: 'string' },
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

/** Points for `POST /map/assign`, other ones for each client: equal bodies under way are one task. */
function pointsOf(count: number): Buffer {
  const points = Array.from({ length: count }, () => [0, 0, 0].map(() => Number(anyMm())))
  return Buffer.from(JSON.stringify({ points }))
}
/** A smooth image for the routes that take some, other values for each client. */
function imageOf(voxelMm: number, client: number): Buffer {
  const shape = [193, 229, 193].map((size) => Math.ceil(size / voxelMm)) as [number, number, number]
  const data = new Float32Array(shape[0] * shape[1] * shape[2])
  for (let k = 0, at = 0; k < shape[2]; k++)
    for (let j = 0; j < shape[1]; j++)
      for (let i = 0; i < shape[0]; i++)
        data[at++] =
          (5 + client) * Math.sin((i * voxelMm) / 27) * Math.sin((j * voxelMm) / 33) * Math.sin((k * voxelMm) / 24)
  const voxelToWorldMm = Float64Array.of(voxelMm, 0, 0, -96, 0, voxelMm, 0, -132, 0, 0, voxelMm, -78, 0, 0, 0, 1)
  return gzipSync(encodeNifti({ data, dtype: 'float32', shape, voxelToWorldMm }), { level: 1 })
}
const IMAGE_ROUTES = [
  `/v3_0/map/assign_image?${query({ ...inMap, assignment_type: 'labelled', threshold: '2', min_voxels: '20' })}`,
  `/v3_0/map/values?${query({ ...inMap, assignment_type: 'labelled' })}`,
]

const ASSIGN_POINTS = `/v3_0/map/assign?${query({ ...inMap, assignment_type: 'labelled' })}`

const BYPASS = { 'x-bypass-fastapi-cache': '1' }

/** Asks critical routes, one after the other, for some time. */
async function probe(base: URL, headers: Record<string, string>, ms: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const times: number[] = []
  const untilMs = performance.now() + ms
  for (let i = 0; performance.now() < untilMs; i++) {
    const path = CRITICAL[i % CRITICAL.length] as string
    const answer = await send(base, agent, path, headers)
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`)
    times.push(answer.ms)
    await sleep(2)
  }
  agent.destroy()
  return times
}

/** Asks the service for something critical from time to time, until it is told to end: it behaves as it does while people wait. */
function keepCritical(): () => Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let isOn = true
  const asking = (async () => {
    for (let i = 0; isOn; i++) {
      await send(base, agent, CRITICAL[i % CRITICAL.length] as string)
      await sleep(100)
    }
  })()
  return async () => {
    isOn = false
    await asking
    agent.destroy()
  }
}

type Statuses = Record<string, number>

/** In the process of the load: keeps expensive requests under way between `go` and `pause`; then reports the answers. */
function serveLoad(load: number): void {
  const agent = new Agent({ keepAlive: true, maxSockets: load })
  let statuses: Statuses = {}
  let isPaused = true
  let runs: Promise<void>[] = []
  const count = Number(options.points)
  const voxelMm = Number(options.uploads)
  const bodies =
    voxelMm > 0
      ? Array.from({ length: load }, (_, client) => imageOf(voxelMm, client))
      : count === 0
        ? []
        : Array.from({ length: load }, () => pointsOf(count))
  const sends = (n: number) => (voxelMm > 0 ? (IMAGE_ROUTES[n % IMAGE_ROUTES.length] as string) : ASSIGN_POINTS)
  const type = { 'content-type': voxelMm > 0 ? 'application/octet-stream' : 'application/json' }
  const repeat = async (first: number) => {
    const body = bodies[first]
    for (let n = first; !isPaused; n++) {
      const path = body ? sends(n) : (EXPENSIVE[n % EXPENSIVE.length] as () => string)()
      const { status } = await (body ? send(base, agent, path, type, body) : send(base, agent, path, BYPASS))
      const kind = `${path.slice(5).split('?')[0]} ${status}`
      statuses[kind] = (statuses[kind] ?? 0) + 1
      if (status >= 500) await sleep(50)
    }
  }
  process.on('message', async (message) => {
    isPaused = message !== 'go'
    if (isPaused) {
      await Promise.all(runs)
      process.send?.(statuses)
    } else {
      statuses = {}
      runs = Array.from({ length: load }, (_, i) => repeat(i))
    }
  })
  process.on('disconnect', () => process.exit(0))
}

interface Load {
  go(): void
  pause(): Promise<Statuses>
  end(): void
}

function startLoad(): Load {
  const child = fork(fileURLToPath(import.meta.url), [...process.argv.slice(2), '--as-load'])
  setPriority(child.pid as number, Math.min(constants.priority.PRIORITY_LOW, getPriority() + 10))
  return {
    go: () => child.send('go'),
    async pause() {
      const reported = once(child, 'message')
      child.send('pause')
      return (await reported)[0] as Statuses
    },
    end: () => child.disconnect(),
  }
}

const median = (values: number[]) => percentile(values, 0.5)
const at = (rounds: number[][], fraction: number) => median(rounds.map((times) => percentile(times, fraction)))

async function compare(): Promise<void> {
  const ms = Number(options.seconds) * 1000
  const warm = new Agent()
  const answers = []
  for (const path of [...CRITICAL, ...EXPENSIVE.map((make) => make())]) answers.push(await send(base, warm, path))
  const typical = answers[CRITICAL.findIndex((path) => path.startsWith('/v3_0/regions?'))]?.bytes as Buffer
  const bare = await startBareServer({
    '/': { head: { 'content-length': String(typical.byteLength) }, body: typical },
  })
  const kinds = [
    { name: 'cached', base, headers: {} },
    { name: 'uncached', base, headers: BYPASS },
    { name: 'bare node', base: new URL(`http://127.0.0.1:${bare.port}`), headers: {} },
  ].map((kind) => ({ ...kind, idle: [] as number[][], busy: [] as number[][] }))
  const load = startLoad()
  const all: Statuses = {}
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const kind of kinds) kind.idle.push(await probe(kind.base, kind.headers, ms))
    load.go()
    await sleep(300)
    const endCritical = keepCritical()
    for (const kind of kinds) kind.busy.push(await probe(kind.base, kind.headers, ms))
    await endCritical()
    for (const [kind, count] of Object.entries(await load.pause())) all[kind] = (all[kind] ?? 0) + count
  }
  load.end()
  await bare.stop()
  const format = (rounds: number[][]) =>
    `n ${String(rounds.flat().length).padStart(6)} ${[0.5, 0.95, 0.99].map((q) => `  p${q * 100} ${at(rounds, q).toFixed(2).padStart(8)} ms`).join('')}`
  const what =
    Number(options.uploads) > 0
      ? `images of ${options.uploads} mm`
      : Number(options.points) === 0
        ? 'expensive requests'
        : `requests with ${options.points} points`
  console.log(`medians of ${options.rounds} rounds; ${options.load} ${what} under way`)
  for (const { name, idle, busy } of kinds) {
    console.log(`${`${name}, idle`.padEnd(22)} ${format(idle)}`)
    console.log(`${`${name}, saturated`.padEnd(22)} ${format(busy)}`)
    const ratio = (q: number) => (at(busy, q) / at(idle, q)).toFixed(2)
    console.log(`${name}: ratio of p50 ${ratio(0.5)}, of p95 ${ratio(0.95)}, of p99 ${ratio(0.99)} (at most 2)`)
  }
  console.log('expensive answers:', all)
}

if (options['as-load']) serveLoad(Number(options.load))
else if (options.within) await (await import('./isolation-within.ts')).compareWithin()
else await compare()
