/** Addresses at which other programs show a region, through the real app. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoStore } from '../../../src/demo/index.ts'
import { createRetrieval } from '../../../src/siibra/index.ts'
import { startTestApp, type TestApp } from '../../app.ts'

const PARCELLATION = 'siibra-api/demo/parcellation/harbour-2'
const SPACE = 'siibra-api/demo/space/harbour-mean'
const REGION = 'Area B1 (Bow) left'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

interface Layer {
  type: string
  name: string
  source: { url: string; transform?: { matrix: number[][]; inputDimensions: object; outputDimensions: object } }
  segments?: string[]
  segmentColors?: Record<string, string>
  visible?: boolean
}
interface Links {
  position_mm: number[] | null
  explorer: string | null
  neuroglancer: { url: string; state: { layers: Layer[]; position: number[]; dimensions: object } }
}

const get = (region: string, query = `parcellation_id=${PARCELLATION}&space_id=${SPACE}`) =>
  app.get(`/v3_0/regions/${encodeURIComponent(region)}/links?${query}`)

describe('links of a region', () => {
  it('show it at its centre', async () => {
    const links = (await get(REGION)).json() as unknown as Links
    const region = (
      await app.get(`/v3_0/regions/${encodeURIComponent(REGION)}?parcellation_id=${PARCELLATION}&space_id=${SPACE}`)
    ).json<{ hasAnnotation: { bestViewPoint: { coordinates: { value: number }[] } } }>()
    const centre = region.hasAnnotation.bestViewPoint.coordinates.map(({ value }) => value)
    expect(links.position_mm).toEqual(centre)
    expect(links.neuroglancer.state.position).toEqual(centre.map((value) => value * 1e6))
    expect(links.explorer).toMatch(
      /viewer\/#\/a:siibra-api:demo:atlas:harbour\/t:siibra-api:demo:space:harbour-mean\/p:siibra-api:demo:parcellation:harbour-2\/rn:[0-9a-f]+\/@:/,
    )
  })

  it('give neuroglancer the template and the map, placed by their transforms, with the labels of all parts', async () => {
    const { neuroglancer } = (await get('bow lobe')).json() as unknown as Links
    const { layers } = neuroglancer.state
    expect(JSON.parse(decodeURIComponent(neuroglancer.url.split('#!')[1]!))).toEqual(neuroglancer.state)
    const rows = (
      await app.get(
        `/v3_0/parcellations/${PARCELLATION}/region_table?space_id=${SPACE}&within=bow%20lobe&columns=label&columns=color&columns=side`,
      )
    ).json<{ data: [number | null, string, string][] }>().data
    const retrieval = createRetrieval({ mirror: demoStore(), offline: true })
    expect(layers.map(({ type }) => type)).toEqual(['image', 'segmentation', 'segmentation'])
    for (const { source } of layers) {
      const transform = await retrieval.json<number[][]>(`${source.url.replace('precomputed://', '')}/transform.json`)
      expect(source.transform?.matrix).toEqual(transform?.slice(0, 3))
      expect(source.transform).toMatchObject({ inputDimensions: neuroglancer.state.dimensions })
    }
    for (const side of ['left', 'right']) {
      const layer = layers.find(({ name }) => name.includes(side))
      const drawn = rows.filter((row) => row[2] === side && row[0] !== null)
      expect(layer?.segments).toEqual(drawn.map(([label]) => String(label)))
      expect(layer?.segmentColors).toEqual(Object.fromEntries(drawn))
    }
  })

  it('hide images that draw nothing of it, and have no place for what is not mapped', async () => {
    const { layers } = ((await get(REGION)).json() as unknown as Links).neuroglancer.state
    expect(
      layers
        .slice(1)
        .map(({ visible }) => visible)
        .sort(),
    ).toEqual([false, true])
    const elsewhere = (await get(REGION, `parcellation_id=${PARCELLATION}&space_id=Burrow`)).json() as unknown as Links
    expect(elsewhere.position_mm).toBeNull()
    expect(elsewhere.explorer).toBeNull()
  })

  it.each([
    ['nowhere', `parcellation_id=${PARCELLATION}&space_id=${SPACE}`, 404, 'region_id'],
    [REGION, `parcellation_id=nowhere&space_id=${SPACE}`, 404, 'parcellation_id'],
    [REGION, `parcellation_id=${PARCELLATION}&space_id=nowhere`, 404, 'space_id'],
    [REGION, `parcellation_id=${PARCELLATION}`, 422, 'space_id'],
  ])('are none of %s (%s)', async (region, query, status, parameter) => {
    const answer = await get(region, query)
    expect(answer.status).toBe(status)
    expect(Buffer.from(answer.bytes).toString()).toContain(parameter)
  })
})
