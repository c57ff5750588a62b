import { afterAll, beforeAll, expect, it } from 'vitest'
import { warmUp } from '../../src/server/warm-up.ts'
import { startTestApp, type TestApp } from '../app.ts'

let app: TestApp
const asked: string[] = []

beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

const get = async (path: string) => {
  asked.push(path)
  const { status, bytes } = await app.get(path)
  return { status, body: Buffer.from(bytes).toString() }
}

it('asks what a viewer asks first, people before rodents, and none of it in vain', async () => {
  const { asked: count, failed } = await warmUp({ get })
  expect(failed).toBe(0)
  expect(count).toBe(asked.length)
  expect(asked[0]).toBe('/v3_0/atlases')
  const at = (part: string) => asked.findIndex((path) => path.includes(part))
  expect(at('/parcellations/siibra-api/demo/parcellation/harbour-2')).toBeGreaterThan(0)
  expect(at('/parcellations/siibra-api/demo/parcellation/harbour-2')).toBeLessThan(
    at('/parcellations/siibra-api/demo/parcellation/burrow'),
  )
  expect(at('/map?map_type=LABELLED')).toBeGreaterThan(0)
  expect(new Set(asked).size).toBe(asked.length)
})

it('leaves the answers in the cache, under the spelling of siibra-explorer', async () => {
  for (const path of ['/v3_0/atlases', '/v3_0/regions?parcellation_id=siibra-api/demo/parcellation/harbour-2'])
    expect((await app.get(path)).headers['x-fastapi-cache'], path).toBe('hit')
})

it('asks until an index that is being made is there, and counts no failure', async () => {
  let answers = 0
  const slow = async (path: string) => {
    if (path.includes('/map/assign') && answers++ === 0) return { status: 503, body: '{}' }
    return get(path)
  }
  expect((await warmUp({ get: slow })).failed).toBe(0)
  expect(answers).toBe(2)
})

it('stops when it is told to', async () => {
  const stop = new AbortController()
  stop.abort()
  expect(await warmUp({ get, signal: stop.signal })).toMatchObject({ asked: 0, failed: 0 })
})

const id = (name: string) => ({ '@id': name })
const mapOf = (parcellation: string, space: string) => ({ parcellation: id(parcellation), space: id(space) })
const ATLASES = [
  { ...id('rat'), species: 'Rattus norvegicus', spaces: [id('R')], parcellations: [id('P3')] },
  { ...id('human'), species: 'Homo sapiens', spaces: [id('S1'), id('S 2/ü')], parcellations: [id('P1'), id('P2&@:')] },
]
const ANSWERS: Record<string, unknown> = {
  '/atlases': { items: ATLASES },
  '/parcellations/P1': { version: { prev: null, next: id('P2&@:') } },
  '/parcellations/P2&@:': { version: { prev: id('P1'), next: null } },
  '/parcellations/P3': { version: { prev: id('P1'), next: id('P1') } },
  '/maps?map_type=LABELLED&parcellation_id=P1&page=1': { items: [mapOf('P1', 'S1')] },
  '/regions?parcellation_id=P1': { pages: 3 },
  '/maps?map_type=STATISTICAL&size=100': {
    items: [
      mapOf('P2&@:', 'S1'),
      mapOf('P2&@:', 'S 2/ü'),
      mapOf('P1', 'S 2/ü'),
      mapOf('P3', 'S1'),
      mapOf('P1', 'S 2/ü'),
    ],
  },
}

/** What is asked of a service that answers so, and what is said of it. */
async function askedOf(answers: Record<string, unknown>, failures: Record<string, number> = {}) {
  const paths: string[] = []
  const report = await warmUp({
    async get(path) {
      paths.push(path.replace('/v3_0', ''))
      const last = paths.at(-1) ?? ''
      return { status: failures[last] ?? (last in answers ? 200 : 404), body: JSON.stringify(answers[last]) }
    },
  })
  return { paths, report }
}
const assigned = (paths: string[]) => paths.filter((path) => path.startsWith('/map/assign'))

it('asks in order of criticality: spaces and parcellations, then regions and maps, then a point', async () => {
  const { paths, report } = await askedOf(ANSWERS)
  const mapsOf = (space: string) => `/maps?map_type=LABELLED&space_id=${space}&page=1`
  expect(paths).toEqual([
    ...['/atlases', '/spaces/S1', '/spaces/S%202/%C3%BC', '/parcellations/P1', '/parcellations/P2&@:'],
    ...['/spaces/R', '/parcellations/P3', '/feature/_types'],
    ...['/maps?map_type=LABELLED&parcellation_id=P1&page=1', '/regions?parcellation_id=P1'],
    ...['/regions?parcellation_id=P1&page=3', '/regions?parcellation_id=P1&page=2'],
    '/map?map_type=LABELLED&parcellation_id=P1&space_id=S1',
    ...['/maps?map_type=LABELLED&parcellation_id=P2%26@:&page=1', '/regions?parcellation_id=P2%26@:'],
    ...[mapsOf('S1'), mapsOf('S%202/%C3%BC')],
    ...['/maps?map_type=LABELLED&parcellation_id=P3&page=1', '/regions?parcellation_id=P3', mapsOf('R')],
    '/maps?map_type=STATISTICAL&size=100',
    '/map/assign?parcellation_id=P2%26@:&space_id=S%202/%C3%BC&point=0mm,0mm,0mm',
  ])
  expect(report).toMatchObject({ asked: paths.length, failed: 0 })
  expect(report.ms).toBeLessThan(60_000)
})

it('without versions, a point is asked for in the first parcellation that has such a map, in the space with most of them', async () => {
  const { '/parcellations/P2&@:': _, ...unversioned } = ANSWERS
  const [path] = assigned((await askedOf(unversioned)).paths)
  expect(path).toContain('parcellation_id=P1&space_id=S%202')
  // the first parcellations that are shown may have none
  const statistical = '/maps?map_type=STATISTICAL&size=100'
  const [ofRat] = assigned((await askedOf({ ...unversioned, [statistical]: { items: [mapOf('P3', 'R')] } })).paths)
  expect(ofRat).toContain('parcellation_id=P3&space_id=R')
  expect(assigned((await askedOf({ '/atlases': { items: ATLASES } })).paths)).toEqual([])
})

it('counts what the service failed at, and nothing else', async () => {
  const { report } = await askedOf(ANSWERS, { '/spaces/S1': 500, '/spaces/R': 499, '/feature/_types': 503 })
  expect(report.failed).toBe(2)
})
