/**
 * The files of deploy/edge with a real nginx (and HAProxy) before two built services on the demo atlas: what is kept, coalesced, stale,
 * passed over, and rolling restarts under load. Skipped visibly where nginx is not installed.
 *
 *   node scripts/edge.mjs [--measure]      --measure: wrk, ratio to nginx sending a file
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { ask } from './edge/ask.mjs'
import { load } from './edge/load.mjs'
import { measure } from './edge/measure.mjs'
import { placedIn, startNginx } from './lib/nginx-edge.mjs'
import { createChecks, end, find, freePort, run, temporaryFolder, until } from './lib/processes.mjs'

const nginx = find('nginx')
const haproxy = find('haproxy')
const wrk = find('wrk')
if (nginx === undefined) {
  console.log('SKIPPED: nginx is not installed, so the edge is not tried')
  process.exit(0)
}

const folder = temporaryFolder('edge')
const { check, failures } = createChecks()

const ports = [await freePort(), await freePort()]
const start = (i) =>
  run('node', ['--single-threaded-gc', 'dist/main.js'], {
    SIIBRA_API_ROLE: 'all',
    SIIBRA_API_PORT: String(ports[i]),
    SIIBRA_CACHEDIR: join(folder, `cache-${i}`),
    SIIBRA_API_OFFLINE: '1',
    SIIBRA_API_LOG_LEVEL: 'error',
    SIIBRA_API_WARM_UP: 'off',
    SIIBRA_API_RESPONSE_CACHE_ON_DISK: '0',
    SIIBRA_API_BROWSER_CACHE_S: '2',
    SIIBRA_API_TRUSTED_PROXIES: 'loopback',
    SIIBRA_API_GRACE_S: '5',
  })
const isReady = (i) => async () => (await ask(`http://127.0.0.1:${ports[i]}/ready`)).status === 200
const servers = [start(0), start(1)]

const edgePort = await freePort()
const filePort = await freePort()
const placed = placedIn(folder, ports, edgePort)
mkdirSync(join(folder, 'files'))
const files = `server { listen 127.0.0.1:${filePort}; root ${folder}/files; access_log off; }`
const edge = startNginx(nginx, folder, placed, files)
const base = `http://127.0.0.1:${edgePort}`
await Promise.all([0, 1].map((i) => until('a server', isReady(i), 120_000)))
await until('nginx', async () => (await ask(`${base}/livez`)).status === 200)

const edgeSays = ({ headers }) => headers['x-edge-cache']
const answeredBy = async (i, route) => {
  const text = await (await fetch(`http://127.0.0.1:${ports[i]}/metrics`)).text()
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith('siibra_api_request_seconds_count') && line.includes(route))
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}
const answered = async (route) => (await answeredBy(0, route)) + (await answeredBy(1, route))

// what is kept
const listing = `${base}/v3_0/atlases`
const first = await ask(listing)
const second = await ask(listing)
check('the second answer comes from the disk of the edge', edgeSays(first) === 'MISS' && edgeSays(second) === 'HIT')
const known = await ask(listing, { 'if-none-match': second.headers.etag })
check('whoever has it gets 304 from the edge', known.status === 304 && edgeSays(known) === 'HIT')
const packed = [
  await ask(listing, { 'accept-encoding': 'gzip, deflate' }),
  await ask(listing, { 'accept-encoding': 'deflate, gzip;q=0.9' }),
]
check('spellings of Accept-Encoding share a variant', edgeSays(packed[1]) === 'HIT', packed.map(edgeSays).join(', '))
const part = await ask(listing, { range: 'bytes=0-9' })
check('ranges are cut from what is kept', part.status === 206 && part.bytes === 10)
const personal = await ask(listing, { authorization: 'Bearer x' })
check('what is asked with credentials is not taken from it', edgeSays(personal) === 'BYPASS')
const refused = [await ask(`${base}/v3_0/nothing`), await ask(`${base}/v3_0/nothing`)]
check(
  'errors are not kept',
  refused.every((answer) => answer.status === 404 && edgeSays(answer) === 'MISS'),
)
check('metrics are not for the world', (await ask(`${base}/metrics`)).status === 404)

// too old: answered at once, made anew behind
await delay(3100)
const stale = await ask(listing)
let renewed
await until('the answer made anew', async () => {
  renewed = await ask(listing)
  return !['STALE', 'UPDATING'].includes(edgeSays(renewed))
})
check(
  'stale-while-revalidate',
  edgeSays(stale) === 'STALE' && ['HIT', 'REVALIDATED'].includes(edgeSays(renewed)),
  `${edgeSays(stale)}, then ${edgeSays(renewed)}`,
)

// many ask the same
const ids = await (await fetch(`${base}/v3_0/parcellations?atlas_id=demo`)).json()
const parcellation = encodeURIComponent(ids.items[0]['@id'])
const before = await answered('regions')
const many = await Promise.all(
  Array.from({ length: 40 }, () => ask(`${base}/v3_0/regions?parcellation_id=${parcellation}&size=33`)),
)
const asked = (await answered('regions')) - before
check(
  'of 40 that ask the same, one goes to a server',
  many.every(({ status }) => status === 200) && asked === 1,
  `${asked}`,
)

// below a path
const openApi = await (await fetch(`${base}/atlas/v3_0/openapi.json`)).json()
check('below a path, OpenAPI leads there', openApi.servers[0].url === '/atlas/v3_0')
const guide = await ask(`${base}/atlas/guide`)
check('redirects lead there', guide.status === 308 && guide.headers.location === '/atlas/guide/')
const encoded = await ask(`${base}/atlas/v3_0/parcellations/${parcellation}?atlas_id=demo`)
check('ids with %2F come through', encoded.status === 200, `${encoded.status}`)
const forged = await (await fetch(`${base}/v3_0/openapi.json`, { headers: { 'x-forwarded-prefix': '/evil' } })).json()
check('what a client says of paths does not count', forged.servers[0].url === '/v3_0')

const told = ({ right, wrong }) => `${right} right, ${wrong} not`

// a server dies
let stop = load(base, parcellation)
await delay(300)
await end(servers[0], 'SIGKILL')
await delay(1500)
let counts = await stop()
check('a killed server is passed over', counts.wrong === 0 && counts.right > 20, told(counts))
servers[0] = start(0)
await until('the server', isReady(0), 120_000)
await delay(1100)

async function rollingRestart(name, at) {
  stop = load(at, parcellation)
  for (const i of [0, 1]) {
    await delay(600)
    await end(servers[i])
    servers[i] = start(i)
    await until('the server', isReady(i), 120_000)
    // passed over for a second after its last failure, or until two checks have gone well
    await until('requests at the server', async () => (await answeredBy(i, 'atlases')) > 0, 30_000)
  }
  counts = await stop()
  check(`a rolling restart behind ${name} refuses nobody`, counts.wrong === 0 && counts.right > 50, told(counts))
}
await rollingRestart('nginx', base)

if (haproxy === undefined) console.log('SKIPPED: haproxy is not installed, so its file is not tried')
else {
  const port = await freePort()
  const text = readFileSync('deploy/edge/haproxy.cfg', 'utf8')
  const file = join(folder, 'haproxy.cfg')
  writeFileSync(file, placed(text).replace('bind :8081', `bind 127.0.0.1:${port}`))
  execFileSync(haproxy, ['-c', '-q', '-f', file], { stdio: 'inherit' })
  const balancer = run(haproxy, ['-db', '-q', '-f', file])
  await until('haproxy', async () => (await ask(`http://127.0.0.1:${port}/livez`)).status === 200)
  await rollingRestart('HAProxy', `http://127.0.0.1:${port}`)
  await end(balancer)
}

if (process.argv.includes('--measure') && wrk !== undefined) {
  const file = join(folder, 'files', 'answer.json')
  const fileUrl = `http://127.0.0.1:${filePort}/answer.json`
  measure({ wrk, nginxPid: edge.pid, listing, size: second.bytes, file, fileUrl })
}

// nobody is there any more
await ask(listing)
await Promise.all(servers.map((server) => end(server, 'SIGKILL')))
let away
await until('an answer that is too old', async () => {
  away = await ask(listing)
  return edgeSays(away) !== 'HIT'
})
check(
  'stale-if-error: the edge answers while all servers are away',
  away.status === 200 && ['STALE', 'UPDATING'].includes(edgeSays(away)),
  edgeSays(away),
)
const unknown = await ask(`${base}/v3_0/feature/_types`)
check('what it does not have is refused honestly', [502, 504].includes(unknown.status), `${unknown.status}`)

await end(edge)
const lines = readFileSync(join(folder, 'access.log'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
check(
  'its log has a line for each request, with what it did',
  lines.length > 100 && lines.some((line) => line.edge === 'HIT'),
  `${lines.length} lines`,
)
console.log(failures() === 0 ? 'the edge holds' : `${failures()} failed`)
process.exit(failures() === 0 ? 0 : 1)
