/**
 * One trace from an edge (nginx) through a server, Redis and a worker to where data come from, sent to a collector by OTLP as
 * deploy/tracing/register.mjs does it: one id, the right parents, nothing of what was asked or sent. Skipped visibly where redis-server
 * is not installed; without nginx the server is asked directly. Needs `npm run build`.
 *
 *   node scripts/traces.mjs [--measure]      --measure: what spans cost (wrk; CPU time of a request, memory), role all
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { placedIn, startNginx } from './lib/nginx-edge.mjs'
import { createChecks, end, find, freePort, run, temporaryFolder, until } from './lib/processes.mjs'
import { startCollector, startFiles } from './lib/stand-ins.mjs'

const redisServer = find('redis-server')
const nginx = find('nginx')
if (redisServer === undefined) {
  console.log('SKIPPED: redis-server is not installed, so traces are not tried')
  process.exit(0)
}
const KINDS = { 2: 'SERVER', 3: 'CLIENT', 4: 'PRODUCER', 5: 'CONSUMER' }
const SECRET = 'quokka'
const ATLAS = 'docs/examples/own-atlas'

const folder = temporaryFolder('traces')
const { check, failures } = createChecks()
const collector = await startCollector()
const sources = await startFiles(`${ATLAS}/mirror`)
const redisPort = await freePort()
run(redisServer, ['--port', redisPort, '--bind', '127.0.0.1', '--save', '', '--dir', folder, '--loglevel', 'warning'])

const port = await freePort()
const env = (name) => ({
  SIIBRA_API_TRACING: '1',
  OTEL_SERVICE_NAME: name,
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  OTEL_BSP_SCHEDULE_DELAY: '100',
  NODE_OPTIONS: `--import=${pathToFileURL('deploy/tracing/register.mjs')}`,
  SIIBRA_API_BROKER_URL: `redis://127.0.0.1:${redisPort}`,
  SIIBRA_USE_CONFIGURATION: `${ATLAS}/configuration`,
  SIIBRA_API_MIRROR: sources.url,
  SIIBRA_API_OFFLINE: '1',
  SIIBRA_API_WARM_UP: 'off',
  SIIBRA_API_LOG_LEVEL: 'warn',
  SIIBRA_API_TRUSTED_PROXIES: 'loopback',
  SIIBRA_CACHEDIR: `${folder}/${name}`,
})
const server = run('node', ['dist/main.js'], {
  ...env('server'),
  SIIBRA_API_ROLE: 'server',
  SIIBRA_API_PORT: `${port}`,
})
const worker = run('node', ['dist/main.js', 'worker'], env('worker'))
const statusOf = async (url) => (await fetch(url).catch(() => ({ status: 0 }))).status
await until('server and worker', async () => (await statusOf(`http://127.0.0.1:${port}/ready`)) === 200)

let base = `http://127.0.0.1:${port}`
if (nginx === undefined) console.log('SKIPPED: nginx is not installed, so traces begin at the server')
else {
  const edgePort = await freePort()
  startNginx(nginx, folder, placedIn(folder, [port, port], edgePort))
  base = `http://127.0.0.1:${edgePort}`
  await until('nginx', async () => (await statusOf(`${base}/livez`)) === 200)
}

/** Spans of a trace in the order of the way: from the one that its client named inwards, those of one parent by their beginning. */
async function traceOf(traceId, parent, wanted) {
  const ofTrace = () => collector.spans.filter((span) => span.traceId === traceId)
  await until(`${wanted} spans of ${traceId}`, () => ofTrace().length >= wanted, 20_000).catch(() => {})
  const below = (id) =>
    ofTrace()
      .filter((span) => (span.parentSpanId ?? '') === id)
      .sort((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)))
      .flatMap((span) => [span, ...below(span.spanId)])
  const found = below(parent)
  check(`all spans of ${traceId} hang together`, found.length === ofTrace().length, `${found.length}`)
  return found
}
const told = (spans) => spans.map(({ service, kind, name }) => `${service} ${KINDS[kind]} ${name}`)
const isChain = (spans) => spans.every((span, i) => i === 0 || span.parentSpanId === spans[i - 1].spanId)
const query = `parcellation_id=Pebble%20v1&space_id=Pebble&token=${SECRET}`
const ask = (path, traceId, init = {}) =>
  fetch(base + path, { ...init, headers: { ...init.headers, traceparent: `00-${traceId}-00f067aa0ba902b7-01` } })

// through all of them
const first = '0af7651916cd43dd8448eb211c80319c'
const answer = await ask(`/v3_0/map/labelled_map.nii.gz?${query}&region_id=rind`, first)
await answer.arrayBuffer()
check('it is answered', answer.status === 200, `${answer.status}`)
const spans = await traceOf(first, '00f067aa0ba902b7', 4)
check(
  'server, queue, worker and source are in one trace, each below the one before',
  told(spans).join(', ') ===
    'server SERVER GET /map/labelled_map.nii.gz, server PRODUCER task labelled_map, worker CONSUMER run labelled_map, worker CLIENT GET' &&
    isChain(spans),
  told(spans).join(', '),
)
const asked = sources.asked.find(({ path }) => path.endsWith('regions.nii.gz'))
const last = spans.at(-1)
check('the source is told of it', asked?.traceparent === `00-${first}-${last?.spanId}-01`, asked?.traceparent)
check(
  'attributes tell the address and the status of the source',
  last?.attributes['url.full'] === `${sources.url}/data.my-lab.example/pebble/regions.nii.gz` &&
    String(last.attributes['http.response.status_code']) === '200',
)

// what is kept, what has a body, what is fetched later
const second = '1af7651916cd43dd8448eb211c80319c'
for (const traceId of ['2af7651916cd43dd8448eb211c80319c', second]) {
  const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01`, 'x-note': SECRET }
  await (await fetch(`http://127.0.0.1:${port}/v3_0/regions/stone?${query}`, { headers })).text()
}
const hit = await traceOf(second, '00f067aa0ba902b7', 1)
check(
  'an answer that is kept is one span',
  hit.length === 1 && hit[0].attributes['siibra.cache'] === 'hit',
  told(hit).join(),
)

const posted = '3af7651916cd43dd8448eb211c80319c'
const points = JSON.stringify({ points: [[-9, 5, 3]], note: SECRET })
const body = await ask(`/v3_0/map/assign?${query}&assignment_type=labelled`, posted, {
  method: 'POST',
  headers: { 'content-type': 'application/json', prefer: 'respond-async' },
  body: points,
})
check('a body is taken, for later', body.status === 202, `${body.status} ${await body.text()}`)
const later = await traceOf(posted, '00f067aa0ba902b7', 2)
check(
  'what is made later is in the trace of its request',
  told(later).slice(0, 2).join(', ') === 'server SERVER POST /map/assign, worker CONSUMER run assign_points',
  told(later).join(', '),
)

if (nginx !== undefined) {
  const begun = await fetch(`${base}/v3_0/regions/rind?${query}`)
  await begun.text()
  const id = begun.headers.get('x-request-id')
  const ofEdge = await traceOf(id, id.slice(0, 16), 1)
  check('where no client begins a trace, the edge does', ofEdge.length >= 1, told(ofEdge).join(', '))
}

await Promise.all([end(server), end(worker)])
const all = collector.texts.join('\n')
check(
  'nothing of queries, bodies and credentials is sent to the collector',
  ![SECRET, 'Pebble%20v1', 'Pebble v1', '"-9', '[-9'].some((text) => all.includes(text)),
)
if (process.argv.includes('--measure') && find('wrk') !== undefined) await measure()
console.log(failures() === 0 ? `traces hold (${collector.spans.length} spans)` : `${failures()} failed`)
process.exit(failures() === 0 ? 0 : 1)

/** An answer from memory and one that a thread makes, without spans and with them, in turn. */
async function measure() {
  const { NODE_OPTIONS, ...plain } = env('all')
  const shapes = [
    { name: 'without spans', settings: { ...plain, SIIBRA_API_TRACING: '0' } },
    { name: 'with spans', settings: { ...plain, NODE_OPTIONS } },
  ]
  for (const shape of shapes) {
    shape.port = await freePort()
    const own = { SIIBRA_API_ROLE: 'all', SIIBRA_API_BROKER_URL: '', SIIBRA_API_PORT: `${shape.port}` }
    shape.child = run('node', ['--single-threaded-gc', 'dist/main.js'], { ...shape.settings, ...own })
    await until(shape.name, async () => (await statusOf(`http://127.0.0.1:${shape.port}/ready`)) === 200)
  }
  const cpuMs = ({ pid }) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  }
  const cost = ({ child, port }, path, ...headers) => {
    const before = cpuMs(child)
    const given = ['traceparent: 00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01', ...headers]
    const options = given.flatMap((header) => ['-H', header])
    const said = execFileSync(find('wrk'), ['-t1', '-c16', '-d3s', ...options, `http://127.0.0.1:${port}${path}`], {
      encoding: 'utf8',
    })
    return ((cpuMs(child) - before) * 1000) / Number(/(\d+) requests in/.exec(said)?.[1])
  }
  for (let round = 0; round < 4; round++)
    for (const shape of shapes) {
      const kept = cost(shape, '/v3_0/atlases')
      const made = cost(shape, '/v3_0/atlases', 'x-bypass-fastapi-cache: 1')
      const rssMb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${shape.child.pid}/status`, 'utf8'))?.[1]) / 1024
      console.log(
        `${shape.name}: ${kept.toFixed(1)} us of CPU time for an answer from memory, ${made.toFixed(0)} us for one that is made; ${rssMb.toFixed(0)} MB`,
      )
    }
}
