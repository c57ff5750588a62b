/**
 * What a number of users a day needs.
 *
 *   node bench/capacity/plan.mjs [--users 1000,100000,10000000] [--costs FILE] [--sessions 1] [--edgeHits 0.95] [--hitCpuMs 0.1] ...
 *
 * Every number of model.mjs can be given; costs are those that `npm run capacity` measured (measured.json).
 */
import { readFileSync } from 'node:fs'
import { plan, tasksOfOneRedis } from './model.mjs'

const given = {}
for (let i = 2; i < process.argv.length; i += 2) {
  const [name, value] = [process.argv[i].replace(/^--/, ''), process.argv[i + 1]]
  if (!process.argv[i].startsWith('--') || value === undefined)
    throw new Error(`${process.argv[i]} is not --name value`)
  given[name] = value
}
const file = given.costs ?? new URL('./measured.json', import.meta.url)
const costs = JSON.parse(readFileSync(file, 'utf8')).costs
const usage = { sessions: 1, scripted: 20, uploads: 0.05, peak: 4, edgeHits: 0.9, cacheHits: 0.6 }
for (const [name, value] of Object.entries(given)) {
  if (name === 'users' || name === 'costs') continue
  const place = name in usage ? usage : name in costs ? costs : undefined
  if (place === undefined || !Number.isFinite(Number(value)))
    throw new Error(`--${name} ${value}: numbers are ${[...Object.keys(usage), ...Object.keys(costs)].join(', ')}`)
  place[name] = Number(value)
}

const short = (value) =>
  value >= 100 || Number.isInteger(value) ? Math.round(value).toLocaleString('en') : value.toPrecision(2)
const columns = (given.users ?? '1000,100000,10000000')
  .split(',')
  .map((users) => ({ users: Number(users), ...plan({ ...usage, users: Number(users) }, costs) }))
const rows = [
  ['users a day', ({ users }) => users.toLocaleString('en')],
  ['requests/s in the busiest minute', (one) => short(one.requestsPerS)],
  ['of these at servers', (one) => short(one.atServersPerS)],
  ['tasks/s through Redis', (one) => short(one.tasksPerS)],
  ['servers (a core each)', (one) => short(one.servers)],
  ['workers (a core each)', (one) => short(one.workers)],
  ['Redis operations/s', (one) => short(one.redisOpsPerS)],
  ['Redis instances', (one) => short(one.redis)],
  ['Mbit/s to clients', (one) => short(one.bitsOutPerS / 1e6)],
  ['Mbit/s from servers', (one) => short(one.bitsFromServersPerS / 1e6)],
  ['Mbit/s of uploads', (one) => short(one.bitsInPerS / 1e6)],
  ['Mbit/s to and from Redis', (one) => short((one.redisBytesPerS * 8) / 1e6)],
]
console.log(`| | ${columns.map(() => '').join(' | ')} |\n|---|${columns.map(() => '---').join('|')}|`)
for (const [name, of] of rows) console.log(`| ${name} | ${columns.map(of).join(' | ')} |`)
console.log(`\nOne Redis: ${short(tasksOfOneRedis(costs))} tasks/s. ${JSON.stringify(usage)}`)
