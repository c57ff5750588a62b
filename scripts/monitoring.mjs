/**
 * The files of deploy/monitoring with a real Prometheus that scrapes a server (role `server`, Redis and a worker) under a little load:
 * every target of every panel and every alert is a query that runs, and every panel shows something. (Role `all`: test/deploy/prometheus.test.ts.)
 * Skipped visibly where prometheus or redis-server is not installed. Needs `npm run build`.
 *
 *   node scripts/monitoring.mjs
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createChecks, end, find, freePort, run, temporaryFolder, until } from './lib/processes.mjs'

const [prometheus, redisServer] = ['prometheus', 'redis-server'].map(find)
if (prometheus === undefined || redisServer === undefined) {
  console.log('SKIPPED: prometheus or redis-server is not installed, so panels are not tried in role server')
  process.exit(0)
}
/** Nothing of this happens while the script runs. */
const MAY_BE_EMPTY = new Map([
  ['Failed answers', 'no answer fails'],
  ['Refused, given up, failed, shared', 'no task is refused, given up or fails, and none is asked for twice at a time'],
])

const folder = temporaryFolder('monitoring')
const { check, failures } = createChecks()
const [redisPort, port, ownPort] = [await freePort(), await freePort(), await freePort()]
const at = `127.0.0.1:${ownPort}`
run(redisServer, ['--port', redisPort, '--bind', '127.0.0.1', '--save', '', '--dir', folder, '--loglevel', 'warning'])
const env = {
  SIIBRA_API_BROKER_URL: `redis://127.0.0.1:${redisPort}`,
  SIIBRA_USE_CONFIGURATION: 'demo',
  SIIBRA_API_LOG_LEVEL: 'warn',
  SIIBRA_API_WARM_UP: 'off',
  SIIBRA_CACHEDIR: folder,
}
const service = [
  run('node', ['dist/main.js'], { ...env, SIIBRA_API_ROLE: 'server', SIIBRA_API_PORT: `${port}` }),
  run('node', ['dist/main.js', 'worker'], env),
]

// the file as it is, but for where the rules lie, whom it asks, and how often
const config = readFileSync('deploy/monitoring/prometheus.yaml', 'utf8')
const own = config
  .replace('/etc/prometheus/alerts.yaml', resolve('deploy/monitoring/alerts.yaml'))
  .replaceAll(/_interval: 15s/g, '_interval: 500ms')
  .replace(/dns_sd_configs:\n.*\n.*\n.*/, `static_configs: [{targets: ["127.0.0.1:${port}"]}]`)
writeFileSync(join(folder, 'prometheus.yml'), own)
const data = [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`, '--log.level=error']
const scraper = run(prometheus, [...data, `--web.listen-address=${at}`])

const ask = async (path) => (await (await fetch(`http://${at}/api/v1${path}`)).json()).data
const query = async (expr) => (await ask(`/query?query=${encodeURIComponent(expr)}`))?.result
const base = `http://127.0.0.1:${port}/v3_0`
const json = async (path) => (await fetch(base + path)).json()
await until('the service', async () => (await fetch(`http://127.0.0.1:${port}/ready`).catch(() => ({}))).status === 200)

const parcellation = encodeURIComponent((await json('/parcellations?atlas_id=demo')).items[0]['@id'])
const space = encodeURIComponent((await json('/spaces?atlas_id=demo')).items[0]['@id'])
const place = `parcellation_id=${parcellation}&space_id=${space}`
let rounds = 0
const isSeen = async () => Number((await query('count_over_time(siibra_api_ready[1h])'))?.[0]?.value[1]) >= 6
await until('Prometheus', async () => {
  rounds++
  for (const path of ['/atlases', `/regions?parcellation_id=${parcellation}`, '/feature/_types'])
    await fetch(base + path, { headers: rounds % 2 ? {} : { 'x-bypass-fastapi-cache': '1' } })
  await fetch(`${base}/map/assign?${place}&point=${rounds},0,0&sigma_mm=1`)
  return isSeen().catch(() => false)
})

const { panels } = JSON.parse(readFileSync('deploy/monitoring/grafana-dashboard.json', 'utf8'))
for (const { title, targets } of panels) {
  const found = await Promise.all(targets.map(({ expr }) => query(expr.replaceAll(/\$(job|instance)/g, '.*'))))
  const why = MAY_BE_EMPTY.get(title)
  const isRight = found.every((series) => series !== undefined && (series.length > 0 || why !== undefined))
  const isEmpty = found.some((series) => series?.length === 0)
  check(`panel: ${title}`, isRight, isEmpty && why ? why : found.map((series) => series?.length).join(' and '))
}
const queues = await query('siibra_api_queue_workers')
check('the workers of every queue are seen', queues.length === 4 && queues.every(({ value }) => Number(value[1]) > 0))
for (const { name, health, lastError, state } of (await ask('/rules')).groups.flatMap(({ rules }) => rules))
  check(`alert: ${name}`, health === 'ok' && state !== 'firing', lastError)
await Promise.all([...service, scraper].map((child) => end(child)))
console.log(failures() === 0 ? 'monitoring holds' : `${failures()} failed`)
process.exit(failures() === 0 ? 0 : 1)
