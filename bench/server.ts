/**
 * What an answer costs: cached ones against a bare `node:http` server that sends the same bytes, metadata routes past the
 * cache, the start, the memory. All in one run, alternating, so that the ratios hold on any machine.
 *
 *   npm run bench:server [-- --rounds 5 --seconds 2 --configuration v04]
 */
import { parseArgs } from 'node:util'
import { applyLoad, type Load, residentBytes, untilIdle } from './server/load.ts'
import { type BareAnswer, benchConfiguration, startBareServer, startService } from './server/processes.ts'

const options = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    connections: { type: 'string', default: '16' },
    configuration: { type: 'string', default: 'v04' },
  },
}).values
const rounds = Number(options.rounds)
const ms = Number(options.seconds) * 1000
const connections = Number(options.connections)

const { label, env } = benchConfiguration(options.configuration)
const starts = []
for (let i = 0; i < 3; i++) {
  const service = await startService(env)
  starts.push(service.readyMs)
  await service.stop()
}
const service = await startService(env)
starts.push(service.readyMs)
await untilIdle(service.pid)
const idleBytes = residentBytes(service.pid)

const base = `http://127.0.0.1:${service.port}`
const paths = await examplePaths()
const answers: Record<string, BareAnswer> = {}
const mixes = await sessionMix()
for (const path of new Set([...Object.values(paths), ...mixes.flatMap(([, mix]) => mix)]))
  answers[path] = await cachedAnswer(path)
const bare = await startBareServer(answers)

const cached = []
const single = Object.entries(paths).map(([name, path]): [string, string[]] => [name, [path]])
for (const [name, mix] of [...single, ...mixes]) {
  const load = (port: number, pid: number) => applyLoad({ port, pid, paths: mix, connections, ms })
  await load(bare.port, bare.pid)
  await load(service.port, service.pid)
  const pairs: { ours: Load; theirs: Load }[] = []
  for (let i = 0; i < rounds; i++) {
    const theirs = await load(bare.port, bare.pid)
    pairs.push({ theirs, ours: await load(service.port, service.pid) })
  }
  cached.push({
    answer: name,
    bytes: Math.round(mix.reduce((sum, path) => sum + (answers[path]?.body.byteLength ?? 0), 0) / mix.length),
    'requests/s': Math.round(median(pairs.map(({ ours }) => ours.requestsPerS))),
    'of bare node': round(median(pairs.map(({ ours, theirs }) => ours.requestsPerS / theirs.requestsPerS))),
    'CPU us': Math.round(median(pairs.map(({ ours }) => ours.cpuUs))),
    'of bare node, CPU': round(median(pairs.map(({ ours, theirs }) => theirs.cpuUs / ours.cpuUs))),
    'p99 ms': round(median(pairs.map(({ ours }) => ours.p99Ms))),
  })
}
await bare.stop()

const uncached = []
for (const [name, path] of Object.entries(paths)) {
  const headers = { 'x-bypass-fastapi-cache': '1' }
  await applyLoad({ port: service.port, pid: service.pid, paths: [path], headers, connections: 1, ms: 300 })
  const { p50Ms, p99Ms, requestsPerS } = await applyLoad({
    port: service.port,
    pid: service.pid,
    paths: [path],
    headers,
    connections: 1,
    ms,
  })
  uncached.push({
    answer: name,
    'p50 ms': round(p50Ms),
    'p99 ms': round(p99Ms),
    'requests/s': Math.round(requestsPerS),
  })
}
const usedBytes = residentBytes(service.pid)
await service.stop()

const start = {
  'ready after ms': Math.round(median(starts)),
  'resident MB, idle': Math.round(idleBytes / 1e6),
  'resident MB, after the load': Math.round(usedBytes / 1e6),
}
console.log(`${label}, ${connections} connections, medians of ${rounds} rounds of ${options.seconds} s`)
console.log('\nCached answers, logging on, against a bare node:http server (at least 0.7 at first, 0.9 in the end)')
console.table(cached)
console.log('Past the cache, one connection (p99 under 10 ms)')
console.table(uncached)
console.log('Start to ready (under 1000 ms) and memory (under 300 MB)')
console.table([start])
console.log(JSON.stringify({ configuration: label, cached, uncached, start }))

/** Metadata routes, with ids that the running configuration has. */
async function examplePaths(): Promise<Record<string, string>> {
  const about = (await (await fetch(`${base}/readyz`)).json()) as {
    configuration: { examples: Record<string, string> }
  }
  const ids = about.configuration.examples
  const parcellation = `parcellation_id=${encodeURIComponent(ids.parcellation_id as string)}`
  return {
    atlases: '/v3_0/atlases',
    space: `/v3_0/spaces/${encodeURIComponent(ids.space_id as string)}`,
    parcellation: `/v3_0/parcellations/${encodeURIComponent(ids.parcellation_id as string)}`,
    'regions, a page': `/v3_0/regions?${parcellation}`,
    region: `/v3_0/regions/${encodeURIComponent(ids.region_id as string)}?${parcellation}`,
    maps: `/v3_0/maps?${parcellation}&map_type=LABELLED`,
    map: `/v3_0/map?${parcellation}&space_id=${encodeURIComponent(ids.space_id as string)}&map_type=LABELLED`,
  }
}

/** An answer as the cache gives it, without what the server adds to every answer of its own accord. */
async function cachedAnswer(path: string): Promise<BareAnswer> {
  // twice: the compressed forms are made behind the first answer
  await fetch(base + path).then((answer) => answer.arrayBuffer())
  await new Promise((resolve) => setTimeout(resolve, 300))
  const answer = await fetch(base + path, { headers: { 'accept-encoding': 'identity' } })
  const body = new Uint8Array(await answer.arrayBuffer())
  if (answer.status !== 200 || answer.headers.get('x-fastapi-cache') !== 'hit') throw new Error(`${path} is not cached`)
  const hopByHop = ['date', 'connection', 'keep-alive', 'transfer-encoding']
  const head = Object.fromEntries([...answer.headers].filter(([header]) => !hopByHop.includes(header)))
  return { head: { ...head, 'content-length': String(body.byteLength) }, body }
}

/** The critical answers of a session of siibra-explorer, as often as it asks for them. */
async function sessionMix(): Promise<[name: string, paths: string[]][]> {
  const page = paths['regions, a page'] as string
  const { items: parcellations } = (await (await fetch(`${base}/v3_0/parcellations?size=16`)).json()) as Items
  const { items: spaces } = (await (await fetch(`${base}/v3_0/spaces?size=4`)).json()) as Items
  const { pages } = (await (await fetch(base + page)).json()) as { pages: number }
  const mix = [
    '/v3_0/atlases',
    '/v3_0/atlases',
    ...spaces.map((space) => `/v3_0/spaces/${encodeURIComponent(space['@id'])}`),
    ...parcellations.map((parcellation) => `/v3_0/parcellations/${encodeURIComponent(parcellation['@id'])}`),
    ...Array.from({ length: pages }, (_, i) => (i === 0 ? page : `${page}&page=${i + 1}`)),
    paths.maps as string,
    paths.map as string,
  ]
  return [['a session', mix]]
}

interface Items {
  items: { '@id': string }[]
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] as number
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
