/**
 * What people and programs ask of a service in an hour, at a pace: sessions, clicks on ever other places, uploads, downloads, answers
 * past the cache, tools, and those who are wrong or go away in the middle. Each answer is counted as right, refused, wrong or lost.
 */
import { randomInt } from 'node:crypto'
import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { fail, type Outcome, type Sent, send } from '../chaos/exchange.ts'
import { compare } from '../chaos/load.ts'
import { KINDS } from '../chaos/requests.ts'
import { replaySession } from '../session/replay.ts'
import { loadTrace } from '../session/trace.ts'

const IN_SPACE = 'parcellation_id=siibra-api/demo/parcellation/harbour-2&space_id=siibra-api/demo/space/harbour-mean'
const REGIONS = ['Area B1 (Bow) left', 'Area B1 (Bow) right', 'Area S1 (Stern) left', 'Area S1 (Stern) right']
const FRESH = { 'x-bypass-fastapi-cache': '1' }
const BROWSER = { 'accept-encoding': 'gzip, deflate, br' }

const pick = <T>(all: readonly T[]): T => all[randomInt(all.length)] as T
const number = () => (randomInt(8000) - 4000) / 100
const point = () => `${number()}mm,${number()}mm,${number()}mm`
const chance = (of: number) => randomInt(100) < of

/** Answered, with one of these statuses (or any that is no error). */
async function expecting(base: string, path: string, sent: Sent = {}, statuses?: readonly number[]): Promise<Outcome> {
  const reply = await send(base, path, { ...sent, headers: { ...(chance(70) ? BROWSER : {}), ...sent.headers } })
  const isExpected = statuses ? statuses.includes(reply.status) : reply.status > 0 && reply.status < 400
  const outcome = reply.outcome()
  if (isExpected || outcome.kind !== 'answered') return outcome
  return { kind: 'wrong', why: `${reply.status} ${reply.bytes.toString('utf8', 0, 200)}` }
}

const get = (path: () => string, statuses?: readonly number[]) => (base: string) =>
  expecting(base, `/v3_0${path()}`, { headers: chance(30) ? FRESH : {} }, statuses)

async function upload(base: string): Promise<Outcome> {
  const rows = Array.from({ length: 20 + randomInt(2000) }, () => `${number()},${number()},${number()}`)
  const sent = { method: 'POST', headers: { 'content-type': 'text/csv' }, body: ['x,y,z', ...rows].join('\n') }
  return expecting(base, `/v3_0/map/assign?${IN_SPACE}&summary=region`, sent)
}

/** The bundle itself, or the task that makes it, followed until it is there; a part of it, now and then. */
async function download(base: string): Promise<Outcome> {
  const headers: Record<string, string> = chance(20) ? { range: 'bytes=0-999' } : {}
  const reply = await send(base, `/v3_0/atlas_download?${IN_SPACE}&region_id=${encodeURIComponent(pick(REGIONS))}`)
  if (!String(reply.headers['content-type']).includes('json') || reply.status !== 200) return reply.outcome()
  const { task_id: id } = JSON.parse(reply.bytes.toString())
  for (let i = 0; i < 200; i++) {
    const progress = await send(base, `/v3_0/atlas_download/${id}`)
    if (progress.status !== 200) return progress.outcome()
    if (JSON.parse(progress.bytes.toString()).status === 'SUCCESS')
      return expecting(base, `/v3_0/atlas_download/${id}/download`, { headers })
    await delay(200)
  }
  return fail('a download has not ended')
}

/** Goes away while its answer is made, or on its way. */
function leave(base: string): Promise<Outcome> {
  return new Promise((done) => {
    const ended = () => done({ kind: 'answered', digest: '' })
    const path = `/v3_0/map/assign?${IN_SPACE}&point=${point()}&sigma_mm=${1 + randomInt(10)}`
    const sent = request(new URL(path, base), { agent: false, headers: FRESH }, (response) => {
      response.once('data', () => sent.destroy())
      response.on('error', ended)
    })
    sent.on('error', ended)
    sent.on('close', ended)
    sent.end()
    setTimeout(() => sent.destroy(), randomInt(60))
  })
}

/** Nothing of a connection stays when it is closed after each answer. */
function onNewConnection(base: string): Promise<Outcome> {
  return new Promise((done) => {
    const agent = new Agent({ keepAlive: false })
    const sent = request(
      new URL(`/v3_0/regions?${IN_SPACE}&page=${1 + randomInt(3)}&size=9`, base),
      { agent },
      (response) => {
        const { statusCode } = response
        response
          .resume()
          .on('end', () => done(statusCode === 200 ? { kind: 'answered', digest: '' } : fail(`${statusCode}`)))
      },
    )
    sent.on('error', (error) => done(fail(`${error}`)))
    sent.end()
  })
}

async function tool(base: string): Promise<Outcome> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  return expecting(base, '/mcp', { method: 'POST', headers, body })
}

interface Ask {
  name: string
  /** How often, beside the others. */
  share: number
  ask(base: string): Promise<Outcome>
}

const MIX: readonly Ask[] = [
  { name: 'a click: regions at a point', share: 20, ask: get(() => `/map/assign?${IN_SPACE}&point=${point()}`) },
  {
    name: 'a point with an error',
    share: 4,
    ask: get(() => `/map/assign?${IN_SPACE}&point=${point()}&sigma_mm=${1 + randomInt(8)}`),
  },
  { name: 'a region', share: 8, ask: get(() => `/regions/${encodeURIComponent(pick(REGIONS))}?${IN_SPACE}`) },
  {
    name: 'a slice',
    share: 5,
    ask: get(() => `/map/slice.png?${IN_SPACE}&region_id=${encodeURIComponent(pick(REGIONS))}&position_mm=${number()}`),
  },
  {
    name: 'a map',
    share: 3,
    ask: get(() => `/map/statistical_map.nii.gz?${IN_SPACE}&region_id=${encodeURIComponent(pick(REGIONS))}`),
  },
  {
    name: 'a search',
    share: 3,
    ask: get(() => `/regions?${IN_SPACE}&find=${pick(['bow', 'stern', 'a', `${randomInt(1e6)}`])}`),
  },
  { name: 'an upload', share: 5, ask: upload },
  { name: 'a download', share: 2, ask: download },
  { name: 'one who leaves', share: 4, ask: leave },
  { name: 'one connection each', share: 4, ask: onNewConnection },
  { name: 'a tool', share: 1, ask: tool },
  {
    name: 'a page',
    share: 2,
    ask: (base) => expecting(base, pick(['/', '/status.json', '/v3_0/openapi.json', '/metrics'])),
  },
  { name: 'what is not there', share: 3, ask: get(() => `/regions/none-${randomInt(1e9)}?${IN_SPACE}`, [404]) },
  { name: 'a wrong parameter', share: 2, ask: get(() => `/map/assign?${IN_SPACE}&point=${randomInt(1e9)}`, [422]) },
  { name: 'a wrong path', share: 1, ask: (base) => expecting(base, `/v3_0/${randomInt(1e9)}`, {}, [404]) },
]
/** Requests that are compared, byte for byte, with what they gave in the beginning. */
const COMPARED_SHARE = 30
const SESSION_EVERY_MS = 60_000

export interface Counts {
  right: number
  refused: number
  wrong: number
  lost: number
  /** What was said, with counts: at most 50 of them. */
  said: Record<string, number>
}

export interface Mix {
  readonly counts: Counts
  /** Begins no more, and waits for the answers that are under way. */
  stop(): Promise<void>
}

const SHARES = MIX.reduce((sum, { share }) => sum + share, COMPARED_SHARE)

/** About so many requests a second, at random times, whatever the answers take; sessions of explorers beside them. */
export function startMix(base: string, right: ReadonlyMap<string, string>, perSecond: number): Mix {
  const counts: Counts = { right: 0, refused: 0, wrong: 0, lost: 0, said: {} }
  const underWay = new Set<Promise<void>>()
  let isOver = false

  const note = (name: string, { outcome, why }: ReturnType<typeof compare>) => {
    counts[outcome]++
    const words = `${outcome}: ${name}: ${why}`.slice(0, 300)
    const isRoom = words in counts.said || Object.keys(counts.said).length < 50
    if (outcome !== 'right' && isRoom) counts.said[words] = (counts.said[words] ?? 0) + 1
  }
  const one = async () => {
    let at = randomInt(SHARES)
    for (const { name, share, ask } of MIX) {
      if (at < share) {
        const outcome = await ask(base)
        return note(
          name,
          outcome.kind === 'answered' ? { outcome: 'right', why: '' } : { outcome: outcome.kind, why: outcome.why },
        )
      }
      at -= share
    }
    const { name, ask } = pick(KINDS)
    note(name, compare(await ask(base, chance(50) ? FRESH : {}), right.get(name)))
  }
  const session = async () => {
    const { samples } = await replaySession(new URL(base), TRACE, chance(30) ? FRESH : {})
    for (const { path, status } of samples)
      note(
        `a session: ${path}`,
        status === 200 ? { outcome: 'right', why: '' } : { outcome: status === 0 ? 'lost' : 'wrong', why: `${status}` },
      )
  }
  const begin = (work: () => Promise<void>) => {
    const promise = work()
      .catch((thrown) => note('the load itself', { outcome: 'wrong', why: `${thrown}` }))
      .finally(() => underWay.delete(promise))
    underWay.add(promise)
  }
  const ticking = (async () => {
    while (!isOver) {
      begin(one)
      await delay(-Math.log(1 - Math.random()) * (1000 / perSecond))
    }
  })()
  begin(session)
  const sessions = setInterval(() => begin(session), SESSION_EVERY_MS)
  return {
    counts,
    async stop() {
      isOver = true
      clearInterval(sessions)
      await ticking
      await Promise.all(underWay)
    },
  }
}

const TRACE = loadTrace('bench/traces/demo.json')
