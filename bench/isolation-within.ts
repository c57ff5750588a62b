/**
 * Do clicks wait behind long computations of the same queue? One client asks, one request after the other, for what people
 * click on (points, masks, statistical maps, a region with a space, features), in turn alone and beside 1, 2 and 4 clients
 * that ask for the heaviest thing of a queue all the time. Everything is asked past the response cache. A bare `node:http` server is
 * asked in the same rounds: what it waits, the machine makes everybody wait.
 *
 *   npm run bench:isolation -- --within volumes [--base http://127.0.0.1:5000] [--seconds 4] [--rounds 3] [--clients 1,2,4]
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startBareServer } from './server/processes.ts'
import { send } from './session/client.ts'
import { percentile } from './session/report.ts'

const JULICH = 'minds/core/parcellationatlas/v1.0.0/94c1125b-b87e-45e4-901c-00daee7f2579-310'
const MNI = 'minds/core/referencespace/v1.0.0/dafcffc5-4826-4bf1-8ff6-46b8a31ff8e2'
const COLIN = 'minds/core/referencespace/v1.0.0/7f39f7be-445b-47c0-9791-e971c0b6d992'
/** Means of 200 subjects: ids are looked up, as they belong to the configuration. */
let matrices: string[] = []
const BYPASS = { 'x-bypass-fastapi-cache': '1' }

const options = parseArgs({
  options: {
    base: { type: 'string', default: 'http://127.0.0.1:5000' },
    within: { type: 'string', default: 'volumes' },
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    clients: { type: 'string', default: '1,2,4' },
    'as-load': { type: 'string' },
  },
}).values
const base = new URL(options.base)
const query = (params: Record<string, string>) => new URLSearchParams(params).toString()
const inMap = { parcellation_id: JULICH, space_id: MNI }
/** Each client asks for another one: identical tasks would be one. */
const MAPS = [JULICH, JULICH.replace('-310', '-290')].flatMap((parcellation_id) =>
  [MNI, COLIN].map((space_id) => ({ parcellation_id, space_id })),
)

/** What keeps a thread of each queue for longest. */
const HEAVY: Record<string, (client: number) => string> = {
  volumes: (client) => `/v3_0/map/resampled_template?${query(MAPS[client % MAPS.length] ?? inMap)}`,
  features: (client) =>
    `/v3_0/feature/RegionalConnectivity/${matrices[client % matrices.length]}?${query({ parcellation_id: JULICH })}`,
  compounds: (client) => `/v3_0/atlas_download?${query(MAPS[client % MAPS.length] ?? inMap)}`,
}

async function lookUpMatrices(): Promise<void> {
  const answer = await send(
    base,
    new Agent(),
    `/v3_0/feature/RegionalConnectivity?${query({ parcellation_id: JULICH, size: '50' })}`,
  )
  matrices = JSON.parse(answer.bytes.toString()).items.map(({ id }: { id: string }) => encodeURIComponent(id))
}

const any = <T>(values: readonly T[]): T => values[Math.floor(Math.random() * values.length)] as T
const anyPoint = () => [0, 0, 0].map(() => `${(Math.random() * 100 - 50).toFixed(2)}mm`).join(',')

/** The clicks, by name; each makes another request every time. */
const clicksOn = (regions: readonly string[]): Record<string, () => string> => ({
  'point, labelled': () => `/v3_0/map/assign?${query({ ...inMap, assignment_type: 'labelled', point: anyPoint() })}`,
  'point, statistical': () =>
    `/v3_0/map/assign?${query({ ...inMap, assignment_type: 'statistical', point: anyPoint() })}`,
  'uncertain point': () =>
    `/v3_0/map/assign?${query({ ...inMap, assignment_type: 'statistical', point: anyPoint(), sigma_mm: '4' })}`,
  mask: () => `/v3_0/map/labelled_map.nii.gz?${query({ ...inMap, region_id: any(regions) })}`,
  'statistical map': () => `/v3_0/map/statistical_map.nii.gz?${query({ ...inMap, region_id: any(regions) })}`,
  'its info.json': () => `/v3_0/map/statistical_map.info.json?${query({ ...inMap, region_id: any(regions) })}`,
  'region with a space': () => `/v3_0/regions/${encodeURIComponent(any(regions))}?${query(inMap)}`,
  features: () =>
    `/v3_0/feature/Tabular?${query({ parcellation_id: JULICH, region_id: any(regions), type: 'ReceptorDensityFingerprint' })}`,
})

type Times = Record<string, number[]>

async function click(clicks: Record<string, () => string>, bare: URL, ms: number): Promise<Times> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const times: Times = {}
  const take = (name: string, value: number) => {
    times[name] ??= []
    times[name].push(value)
  }
  for (const untilMs = performance.now() + ms; performance.now() < untilMs; ) {
    for (const [name, path] of Object.entries(clicks)) {
      const answer = await send(base, agent, path(), BYPASS)
      if (answer.status !== 200 && answer.status !== 404) throw new Error(`${name} answered ${answer.status}`)
      take(name, answer.ms)
    }
    for (let i = 0; i < 4; i++) take('bare node', (await send(bare, agent, '/')).ms)
    await sleep(2)
  }
  agent.destroy()
  return times
}

/** In a process of its own: so many clients, each with one heavy request under way until it is asked for their times. */
async function serveLoad(clients: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const heavy = HEAVY[options.within]
  if (heavy === undefined) return
  await lookUpMatrices()
  let isOver = false
  const answers: number[] = []
  const repeat = async (i: number) => {
    while (!isOver) {
      const { status, ms } = await send(base, agent, heavy(i), BYPASS)
      if (status === 200) answers.push(ms)
      else await sleep(50)
    }
  }
  process.on('message', () => {
    isOver = true
    process.send?.(answers)
  })
  process.on('disconnect', () => process.exit(0))
  for (let i = 0; i < clients; i++) void repeat(i)
  await sleep(500)
  process.send?.('begun')
}

export async function compareWithin(): Promise<void> {
  if (HEAVY[options.within] === undefined) throw new Error(`--within ${options.within}: one of ${Object.keys(HEAVY)}`)
  const warm = new Agent()
  const map = await send(base, warm, `/v3_0/map?${query({ map_type: 'STATISTICAL', ...inMap })}`)
  const regions = Object.keys(JSON.parse(map.bytes.toString()).indices).slice(0, 40)
  const clicks = clicksOn(regions)
  const bare = await startBareServer({ '/': { head: { 'content-length': '2' }, body: Buffer.from('ok') } })
  const bareUrl = new URL(`http://127.0.0.1:${bare.port}`)
  const seconds = Number(options.seconds) * 1000
  await click(clicks, bareUrl, seconds)
  const columns: { title: string; times: Times; heavy: number[] }[] = [{ title: 'alone', times: {}, heavy: [] }]
  for (const clients of options.clients.split(',').map(Number))
    columns.push({ title: `beside ${clients}`, times: {}, heavy: [] })
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const column of columns) {
      const clients = Number(column.title.split(' ')[1] ?? 0)
      const load = clients === 0 ? undefined : startLoad(clients)
      // it says when it has begun
      if (load) await once(load, 'message')
      const times = await click(clicks, bareUrl, seconds)
      for (const [name, values] of Object.entries(times))
        column.times[name] = [...(column.times[name] ?? []), ...values]
      if (load) {
        const reported = once(load, 'message')
        load.send('over')
        column.heavy.push(...((await reported)[0] as number[]))
        load.disconnect()
        await sleep(500)
      }
    }
  }
  await bare.stop()
  console.log(`p50 / p99, ms; heavy: ${options.within}, as a client has it`)
  console.log(['', ...columns.map(({ title }) => title)].map((text) => text.padEnd(22)).join(''))
  for (const name of [...Object.keys(clicks), 'bare node']) {
    const cells = columns.map(({ times }) =>
      [0.5, 0.99].map((q) => percentile(times[name] ?? [], q).toFixed(1)).join(' / '),
    )
    console.log([name, ...cells].map((text) => text.padEnd(22)).join(''))
  }
  const heavy = columns.map(({ heavy: ms }) => `${ms.length} in ${percentile(ms, 0.5).toFixed(0)} ms`)
  console.log(['heavy answers', ...heavy].map((text) => text.padEnd(22)).join(''))
}

function startLoad(clients: number) {
  return fork(fileURLToPath(import.meta.url), [...process.argv.slice(2), '--as-load', String(clients)])
}

if (options['as-load'] !== undefined) await serveLoad(Number(options['as-load']))
