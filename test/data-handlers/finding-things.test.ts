/** How objects are found by other words than their ids, and what answers tell about it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { matchHeaders } from '../../src/data-handlers/match-header.ts'
import { assignPoint } from '../../src/data-handlers/volumes/assign-point.ts'
import { labelledMap } from '../../src/data-handlers/volumes/labelled-map.ts'
import { HARBOUR_V2_ID, MICROSCOPIC_SPACE_ID, SHELLS_ID, TEMPLATE_SPACE_ID } from '../../src/demo/ids.ts'
import { demoConfigurationFiles, demoStore } from '../../src/demo/index.ts'
import { createRetrieval, loadConfiguration } from '../../src/siibra/index.ts'
import type { AnyHandler } from '../../src/tasks/task.ts'
import { startTestApp, type TestApp } from '../app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

const json = async (url: string) => {
  const answer = await app.get(`/v3_0${url}`)
  return { status: answer.status, headers: answer.headers, body: answer.json<never>() as never as Answered }
}
interface Answered {
  total: number
  items: { parcellation: { '@id': string } }[]
  message: string
  [key: string]: unknown
}

describe('x-siibra-match', () => {
  const named = (name: string) => ({ name })

  test('names what was taken where several editions fit', async () => {
    const { headers } = await json('/parcellations/harbour')
    const value = String(headers['x-siibra-match'])
    expect(value).toMatch(/^loose; parcellation=[^;]+; parcellation-others=[^;]+$/)
    const [, taken, others] = /parcellation=([^;]+); parcellation-others=(.+)$/.exec(value) ?? []
    expect(decodeURIComponent(taken ?? '')).toBe('Demo Harbour Parcellation (v2.0)')
    expect(decodeURIComponent(others ?? '')).toBe('Demo Harbour Parcellation (v1.0)')
  })

  test('is kept with the answer', async () => {
    const url = '/spaces/microscopic'
    const first = await json(url)
    const again = await json(url)
    expect(again.headers['x-siibra-match']).toBe(
      'loose; space=Demo%20microscopic%20template%20(in%20the%20place%20of%20BigBrain)',
    )
    expect(first.headers['x-siibra-match']).toBe(again.headers['x-siibra-match'])
    const notModified = await app.get(`/v3_0${url}`, { 'if-none-match': String(again.headers.etag) })
    expect(notModified.status).toBe(304)
    expect(notModified.headers['x-siibra-match']).toBe(again.headers['x-siibra-match'])
  })

  test('is not there where all was exact', async () => {
    expect(
      (await json(`/parcellations/${encodeURIComponent(HARBOUR_V2_ID)}`)).headers['x-siibra-match'],
    ).toBeUndefined()
    expect(matchHeaders({ space: { object: named('a'), exact: true, others: [] }, region: undefined })).toEqual({})
  })

  test('is ASCII, and bounded, whatever names are', () => {
    const long = { name: '海馬\ud800; ,='.repeat(500) }
    const others = Array.from({ length: 5000 }, () => long)
    const match = { object: long, exact: false, others }
    const value = matchHeaders({ parcellation: match, region: match, space: match })['x-siibra-match'] ?? ''
    expect(value).toMatch(/^[\x20-\x7e]+$/)
    expect(value.length).toBeLessThanOrEqual(1024)
    for (const kind of ['parcellation', 'region', 'space']) expect(value).toContain(`; ${kind}=%E6%B5%B7%E9%A6%AC`)
    expect(value).toContain('parcellation-others=')
  })

  test('says how many more there are', () => {
    const others = Array.from({ length: 8 }, (_, i) => named(`b${i}`))
    const value = matchHeaders({ space: { object: named('a'), exact: false, others } })['x-siibra-match']
    expect(value).toBe('loose; space=a; space-others=b0,b1,b2,b3,b4,+3')
  })
})

describe('maps of a parcellation', () => {
  const listed = (query: string) => json(`/maps?${query}`)

  test('are found by its name, as on other routes, and by the name of the space', async () => {
    const exact = await listed(`parcellation_id=${encodeURIComponent(HARBOUR_V2_ID)}`)
    const named = await listed('parcellation_id=Demo%20Harbour%20Parcellation%20(v2.0)')
    expect(exact.body.total).toBeGreaterThan(1)
    expect(named.body).toEqual(exact.body)
    const inSpace = await listed('parcellation_id=Harbour%20v2&space_id=microscopic')
    expect(inSpace.body.total).toBe(1)
    expect(String(inSpace.headers['x-siibra-match'])).toMatch(/^loose; .*space=/)
  })

  test.each(['parcellation_id=nonsense', 'space_id=nonsense'])('%s is not found', async (query) => {
    expect((await listed(query)).status).toBe(404)
  })

  test('an empty id, and a parcellation without maps in that space, have none', async () => {
    expect(await listed('parcellation_id=')).toMatchObject({ status: 200, body: { total: 0, items: [] } })
    expect(await listed('space_id=')).toMatchObject({ status: 200, body: { total: 0, items: [] } })
    expect(await listed('parcellation_id=burrow&space_id=microscopic')).toMatchObject({
      status: 200,
      body: { total: 0 },
    })
  })
})

describe('what is not found names what may have been meant', () => {
  test.each([
    ['/spaces/microscopik', "'Demo microscopic template (in the place of BigBrain)'"],
    ['/spaces/demo%20surfase', "'Demo surface'"],
    ['/parcellations/borrow', "'Demo Burrow Parcellation'"],
    ['/atlases/harbuor%20atlas', "'Demo Harbour Atlas'"],
    [
      '/feature/Tabular?parcellation_id=Harbour%20v2&region_id=Mantle&type=ReceptorDensityFingerprnt',
      "'ReceptorDensityFingerprint'",
    ],
    ['/feature/Tabular?parcellation_id=Harbour%20v2&region_id=Mantle&type=recepter', "'ReceptorDensity"],
    ['/feature/GeneExpressions?parcellation_id=Harbour%20v2&region_id=Mantle&gene=MAOX', "'MAO"],
  ])('%s', async (url, meant) => {
    const { status, body } = await json(url)
    expect([404, 422, 400]).toContain(status)
    expect(JSON.stringify(body)).toContain(`Did you mean ${meant}`)
  })

  test('nothing is suggested for what is like nothing', async () => {
    expect(JSON.stringify((await json('/spaces/qqqq')).body)).not.toContain('Did you mean')
  })
})

describe('the BigBrain parcellation where points are assigned', () => {
  const PREFIX = 'minds/core/parcellationatlas/v1.0.0/94c1125b-b87e-45e4-901c-00daee7f2579'
  const files = demoConfigurationFiles()
  const renamed = async (path: string) =>
    new TextEncoder().encode(
      new TextDecoder()
        .decode(await files.read(path))
        .replaceAll(HARBOUR_V2_ID, `${PREFIX}-290`)
        .replaceAll(SHELLS_ID, `${PREFIX}-bb`),
    )
  const core = loadConfiguration({
    configuration: { ...files, read: renamed },
    retrieval: createRetrieval({ mirror: demoStore(), offline: true }),
  })
  const run = async (handler: AnyHandler, params: Record<string, unknown>) => {
    const context = { core: () => core, signal: new AbortController().signal, sharedDir: '', progress() {} }
    const answer = await handler.run(params, context)
    if (!('json' in answer)) throw new Error('no JSON')
    const json: unknown = typeof answer.json === 'function' ? answer.json() : answer.json
    return { json }
  }
  const point = { point: '-20, 0, 0', sigma_mm: 0 }
  const stand = { ...point, space_id: TEMPLATE_SPACE_ID, assignment_type: 'statistical' }

  test('stands for Julich-Brain 2.9 where it has no map of its own', async () => {
    const own = await run(assignPoint, { ...stand, parcellation_id: `${PREFIX}-290` })
    const asBigBrain = await run(assignPoint, { ...stand, parcellation_id: `${PREFIX}-bb` })
    expect(own).toHaveProperty('json')
    expect(asBigBrain).toEqual(own)
  })

  test('is itself where it has one, and on other routes', async () => {
    const maps = (await core).maps.all.filter(({ parcellation }) => parcellation.id === `${PREFIX}-bb`)
    const [map] = maps
    expect(map?.mapType).toBe('LABELLED')
    const answer = (await run(assignPoint, {
      ...point,
      parcellation_id: `${PREFIX}-bb`,
      space_id: map?.space.id,
      assignment_type: 'labelled',
    })) as unknown as { json: { columns: string[]; data: unknown[][] } }
    const regions = answer.json.data.map((row) => row[answer.json.columns.indexOf('region')])
    expect(JSON.stringify(regions)).not.toContain('side')
    const elsewhere = { parcellation_id: `${PREFIX}-bb`, space_id: MICROSCOPIC_SPACE_ID }
    if (!maps.some(({ space }) => space.id === MICROSCOPIC_SPACE_ID))
      await expect(run(labelledMap, elsewhere)).rejects.toMatchObject({ code: 'INVALID_COMBINATION' })
  })
})
