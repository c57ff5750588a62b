#!/usr/bin/env tsx
/**
 * Tasks of all queues on Redis whose primary is killed, and then handed over in good order, in the middle of them: behind Sentinels
 * and as a Cluster, whose slots then move to other servers. Every one has to be answered, and rightly; all keys of a task have to share a slot. Servers and workers are in
 * this process; `npm run chaos -- --fleet Sentinels` and `--fleet Cluster` do the same to the built service.
 *
 *   npm run failover -- [--short] [--tls] [--only sentinels|cluster]
 *
 * With `--tls` all of them speak TLS, by a certificate of their own. Without redis-sentinel its part is skipped, and said to be. Status 1 where anything does not hold.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Redis } from 'ioredis'
import { createQueueDispatcher, type QueueDispatcher } from '../src/dispatch/queue/dispatcher.ts'
import { createInlineDispatcher } from '../src/dispatch/scheduling/inline.ts'
import { QUEUE_NAMES, type QueueName, type TaskResult } from '../src/tasks/task.ts'
import { type RunningWorker, startWorker } from '../src/worker/worker.ts'
import { createTask, textOf } from '../test/dispatch/conformance.ts'
import { createConformanceHandlers } from '../test/dispatch/conformance-handlers.ts'
import { type Certificate, makeCertificate } from '../test/redis.ts'
import { missingForSentinels, type RedisFleet, startCluster, startSentinels } from '../test/redis-fleets.ts'

const { short, only, tls } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    tls: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
}).values
const certificate = tls ? trustedCertificate() : undefined
const FLEETS = { sentinels: startSentinels, cluster: startCluster }
/** New tasks are as before so soon after another server has taken over. */
const NORMAL_WITHIN_S = 5
const BEFORE_MS = short ? 500 : 2_000
const AFTER_MS = short ? 1_500 : 6_000
const CLIENTS = 6
/** Nobody waits longer, whatever happens. */
const ANSWERED_WITHIN_MS = 40_000

const problems: string[] = []
/** Of tasks asked. */
let number = 0
async function tryOne([name, start]: [string, (tls?: Certificate) => Promise<RedisFleet>]): Promise<void> {
  const missing = name === 'sentinels' ? missingForSentinels() : undefined
  if (missing !== undefined) return console.log(`SKIPPED: failover of Redis by Sentinels: ${missing}`)
  const fleet = await start(certificate)
  try {
    await tryFleet(name, fleet)
  } finally {
    await fleet.close()
  }
}

const chosen = Object.entries(FLEETS).filter(([name]) => only === undefined || only === name)
// mostly they wait for timeouts
if (short) await Promise.all(chosen.map(tryOne))
else for (const one of chosen) await tryOne(one)
for (const problem of problems) console.log(`PROBLEM ${problem}`)
process.exit(problems.length === 0 ? 0 : 1)

/** Node reads at its start whom it trusts: this program starts itself again, with the certificate. */
function trustedCertificate(): Certificate {
  const { CERTIFICATES } = process.env
  if (CERTIFICATES) return { certificate: join(CERTIFICATES, 'certificate.pem'), key: join(CERTIFICATES, 'key.pem') }
  const folder = mkdtempSync(join(tmpdir(), 'siibra-api-tls-'))
  const made = makeCertificate(folder)
  if (made === undefined) {
    console.log('SKIPPED: Redis by TLS: openssl is not installed')
    process.exit(0)
  }
  const env = { ...process.env, CERTIFICATES: folder, NODE_EXTRA_CA_CERTS: made.certificate }
  const again = [...process.execArgv, ...process.argv.slice(1)]
  const { status } = spawnSync(process.execPath, again, { env, stdio: 'inherit' })
  rmSync(folder, { recursive: true })
  process.exit(status ?? 1)
}

async function tryFleet(name: string, fleet: RedisFleet): Promise<void> {
  const settings = { brokerUrl: fleet.url, resultUrl: fleet.url, scope: { version: '1.0.0', namespace: 'failover' } }
  const workers = [1, 2].map(() => startOneWorker(settings))
  const server = createQueueDispatcher(settings)
  try {
    while (!workers.every((worker) => worker.isReady()) || server.health().awaited.length > 0) await delay(20)
    if (name === 'cluster') await checkSlots(fleet, server)
    await during(`${name}: a primary is killed`, server, async () => {
      const [primary] = await fleet.primaries()
      if (primary === undefined) throw new Error('there is no primary')
      await primary.kill()
      const ms = await fleet.untilReplaced(primary)
      return {
        note: `replaced after ${(ms / 1000).toFixed(1)} s`,
        after: async () => {
          await primary.start()
          await fleet.untilWhole()
        },
      }
    })
    if (!short) {
      await during(`${name}: a primary hangs`, server, async () => {
        const [primary] = await fleet.primaries()
        if (primary === undefined) throw new Error('there is no primary')
        primary.freeze()
        const ms = await fleet.untilReplaced(primary)
        return {
          note: `replaced after ${(ms / 1000).toFixed(1)} s`,
          async after() {
            primary.thaw()
            await fleet.untilWhole()
          },
        }
      })
    }
    await during(`${name}: handed over in good order`, server, async () => {
      await fleet.handOver()
      return { note: '' }
    })
    const { moveSlots } = fleet
    if (moveSlots)
      await during(`${name}: the slots of all queues move to another server`, server, async () => {
        const slots = await slotsOfQueues(fleet)
        await moveSlots(slots)
        return { note: `${slots.length} slots` }
      })
  } finally {
    await server.close(0)
    await Promise.all(workers.map((worker) => worker.close(0)))
  }
}

interface Done {
  note: string
  /** Puts the fleet in order again. */
  after?(): Promise<void>
}

type Settings = Pick<Parameters<typeof startWorker>[0], 'brokerUrl' | 'resultUrl' | 'scope'>

function startOneWorker(settings: Settings): RunningWorker {
  return startWorker({
    ...settings,
    threads: Object.fromEntries(QUEUE_NAMES.map((queue) => [queue, 4])),
    sharedDir: '/nonexistent',
    executor: createInlineDispatcher({
      handlers: createConformanceHandlers(),
      core: () => Promise.reject(new Error('there is no core here')),
      sharedDir: '/nonexistent',
    }),
  })
}

interface Asked {
  outcome: 'right' | 'refused' | 'wrong'
  why: string
  startedMs: number
  endedMs: number
}

/** Each has parameters of its own, so that none is answered by another's result. */
async function askOne(server: QueueDispatcher): Promise<Asked> {
  const n = number++
  const queue = QUEUE_NAMES[n % QUEUE_NAMES.length] as QueueName
  const startedMs = performance.now()
  const { outcome, why } = await (n % 7 === 0 ? askLater(server, queue, n) : askNow(server, queue, n))
  return { outcome, why, startedMs, endedMs: performance.now() }
}

type Judged = Pick<Asked, 'outcome' | 'why'>

async function askNow(server: QueueDispatcher, queue: QueueName, n: number): Promise<Judged> {
  const isLarge = n % 5 === 0
  const more = { queue, deadlineMs: Date.now() + ANSWERED_WITHIN_MS }
  const length = 1_200_000 + n
  const task = isLarge ? createTask('bytes', { length }, more) : createTask('echo', { value: n }, more)
  const result = await server.run(task)
  const isRight = result.ok && (isLarge ? result.body.byteLength === length : textOf(result) === String(n))
  return judge(result, isRight)
}

async function askLater(server: QueueDispatcher, queue: QueueName, n: number): Promise<Judged> {
  try {
    const sent = await server.submit(createTask('echo', { value: n }, { queue }))
    if (!('id' in sent)) return judge(sent, false)
    for (const giveUpMs = Date.now() + ANSWERED_WITHIN_MS; ; ) {
      const state = await server.inspect(sent.id)
      if (Date.now() > giveUpMs) return { outcome: 'wrong', why: `never ended: ${JSON.stringify(state)}` }
      if (state === undefined) return { outcome: 'refused', why: 'a task that was sent is not known any more' }
      if (state.result) return judge(state.result, textOf(state.result) === String(n))
      await delay(50)
    }
  } catch (thrown) {
    return { outcome: 'refused', why: String(thrown) }
  }
}

function judge(result: TaskResult, isRight: boolean): Judged {
  if (isRight) return { outcome: 'right', why: '' }
  const why = result.ok ? 'another answer' : `${result.code} ${result.message}`
  return { outcome: !result.ok && result.code === 'UNAVAILABLE' ? 'refused' : 'wrong', why }
}

/** Tasks without a pause while something is done, and for a while after. */
async function during(what: string, server: QueueDispatcher, act: () => Promise<Done>): Promise<void> {
  const asked: Asked[] = []
  let isOver = false
  const client = async () => {
    for (; !isOver; await delay(5)) asked.push(await askOne(server))
  }
  const clients = Array.from({ length: CLIENTS }, client)
  await delay(BEFORE_MS)
  const { note, after } = await act()
  const replacedMs = performance.now()
  const isNew = ({ outcome, startedMs }: Asked) => outcome === 'right' && startedMs > replacedMs
  await delay(AFTER_MS)
  while (asked.filter(isNew).length < CLIENTS && performance.now() - replacedMs < 2 * NORMAL_WITHIN_S * 1000)
    await delay(50)
  isOver = true
  await Promise.all(clients)
  await after?.()
  const of = (outcome: Asked['outcome']) => asked.filter((one) => one.outcome === outcome)
  const counts = `${asked.length} tasks: ${of('right').length} right, ${of('refused').length} refused, ${of('wrong').length} wrong`
  const troubled = asked.filter(({ outcome, startedMs }) => outcome !== 'right' && startedMs > replacedMs)
  const normalAfterS = Math.max(0, ...troubled.map(({ startedMs }) => startedMs - replacedMs)) / 1000
  const longestS = Math.max(0, ...asked.map(({ startedMs, endedMs }) => endedMs - startedMs)) / 1000
  console.log(
    `${what}${note && ` (${note})`}: ${counts}; normal after ${normalAfterS.toFixed(1)} s, longest ${longestS.toFixed(1)} s`,
  )
  for (const one of [...of('wrong'), ...of('refused').slice(0, 3)]) console.log(`    ${one.outcome}: ${one.why}`)
  if (of('wrong').length > 0) problems.push(`${what}: ${of('wrong').length} tasks were answered wrongly`)
  if (of('refused').length > 0) problems.push(`${what}: ${of('refused').length} tasks were refused`)
  if (normalAfterS > NORMAL_WITHIN_S) problems.push(`${what}: normal after ${normalAfterS} s only`)
  const [first] = asked.filter(isNew)
  if (first === undefined || first.endedMs - replacedMs > NORMAL_WITHIN_S * 1000)
    problems.push(`${what}: no new task was answered within ${NORMAL_WITHIN_S} s`)
}

/** All keys that name a task, while it waits, runs and has ended, are in the slot of its queue. */
async function checkSlots(fleet: RedisFleet, server: QueueDispatcher): Promise<void> {
  const clients = await clientsOf(fleet)
  try {
    for (const queue of QUEUE_NAMES) {
      const held = server.run(createTask('sleep', { ms: 400, text: queue }, { queue }))
      const sent = await server.submit(createTask('sleep', { ms: 300, text: `later ${queue}` }, { queue }))
      const large = server.run(createTask('bytes', { length: 1_100_000 }, { queue }))
      await delay(150)
      const before = await slotsOf(clients, queue)
      await Promise.all([held, large])
      const after = await slotsOf(clients, queue)
      const slots = new Set([...before, ...after].map(([, slot]) => slot))
      const keys = new Set([...before, ...after].map(([key]) => key))
      if (!('id' in sent) || slots.size !== 1 || keys.size < 8)
        problems.push(`cluster: ${keys.size} keys of tasks of ${queue} lie in ${slots.size} slots: ${[...keys]}`)
      else
        console.log(
          `cluster: ${keys.size} keys of ${queue}, its queue and three tasks of it, share slot ${[...slots][0]}`,
        )
    }
  } finally {
    for (const client of clients) client.disconnect()
  }
}

async function clientsOf(fleet: RedisFleet): Promise<Redis[]> {
  const clients = (await fleet.primaries()).map(({ url }) => new Redis(url, { protocol: 2 }))
  for (const client of clients) client.on('error', () => undefined)
  return clients
}

/** Slots of what the queues have at the moment. */
async function slotsOfQueues(fleet: RedisFleet): Promise<number[]> {
  const clients = await clientsOf(fleet)
  try {
    const found = await Promise.all(QUEUE_NAMES.map((queue) => slotsOf(clients, queue)))
    return [...new Set(found.flat().map(([, slot]) => slot))]
  } finally {
    for (const client of clients) client.disconnect()
  }
}

/** Keys of a queue, its tasks, and what belongs to them, with the slot of each. */
async function slotsOf(clients: readonly Redis[], queue: QueueName): Promise<[string, number][]> {
  const found = await Promise.all(clients.map((client) => client.keys(`*${queue}*`)))
  const [client] = clients
  return Promise.all(
    found.flat().map(async (key): Promise<[string, number]> => [key, (await client?.cluster('KEYSLOT', key)) ?? -1]),
  )
}
