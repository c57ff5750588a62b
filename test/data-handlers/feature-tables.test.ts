/** Searches, matrices and overviews: what several requests tell, in one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../app.ts'

const PARCELLATION = 'parcellation_id=siibra-api/demo/parcellation/harbour-2'
const REGION = 'Area B1 (Bow) left'
const SPACE = 'space_id=siibra-api/demo/space/harbour-mean'
const MOUTH = 'parcellation_id=Burrow&region_id=Mouth (Burrow)'

interface Frame {
  index: unknown[]
  columns: string[]
  data: (string | number | null)[][]
}
interface Item {
  id: string
  name: string
  '@type': string
  data: Frame | null
  anchor: { regions: { region: { name: string; '@id': string } }[] } | null
}
interface Page {
  total: number
  items: Item[]
}

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

async function get<T>(path: string): Promise<T> {
  const answer = await app.get(`/v3_0/${path}`)
  expect(answer.status, new TextDecoder().decode(answer.bytes.subarray(0, 500))).toBe(200)
  return answer.json<never>()
}
const idsOf = (page: Page) => page.items.map(({ id }) => id)

/** Status and the parameter that is named. */
async function refusal(path: string): Promise<[number, unknown]> {
  const answer = await app.get(`/v3_0/${path}`)
  const text = answer.json<{ message: string }>().message
  const { detail, parameter } = JSON.parse(text) as { detail: unknown; parameter?: string }
  const [first] = Array.isArray(detail) ? (detail as { loc: string[] }[]) : []
  return [answer.status, parameter ?? first?.loc.at(-1)]
}

describe('a search of features', () => {
  test('finds those that answer to all that is given', async () => {
    const all = await get<Page>('features?size=100')
    const fingerprints = await get<Page>('features?type=ReceptorDensityFingerprint&size=100')
    expect(fingerprints.total).toBeGreaterThan(0)
    expect(fingerprints.total).toBeLessThan(all.total)
    expect(idsOf(await get('features?find=FINGERPRINT&size=100'))).toEqual(idsOf(fingerprints))
    const ofRegion = await get<Page>(`regions/${REGION}/features?${PARCELLATION}&size=100`)
    expect(idsOf(await get(`features?${PARCELLATION}&region_id=${REGION}&size=100`)).sort()).toEqual(
      idsOf(ofRegion).sort(),
    )
    const one = fingerprints.items[0]
    expect(idsOf(await get(`features?find=${one?.id}`))).toEqual([one?.id])
    expect(await get(`features?species=mus musculus`)).toMatchObject({ total: 0, items: [] })
  })

  test('finds images of a box as the listing of images does', async () => {
    const box = `${SPACE.replace('harbour-mean', 'harbour-microscopic')}&bbox=[[-30,-45,-30],[30,-35,30]]`
    const type = 'type=CellbodyStainedSection'
    const listed = idsOf(await get(`feature/Image?${box}&${type}`))
    expect(listed.length).toBeGreaterThan(0)
    expect(idsOf(await get(`features?${box}&${type}`))).toEqual(listed)
  })

  test('by licence and data set', async () => {
    const [first] = (await get<{ items: { datasets: { '@id': string }[] }[] }>('features?size=100')).items
    const dataset = first?.datasets[0]?.['@id']
    const found = await get<{ items: { datasets: { '@id': string }[] }[] }>(`features?dataset_id=${dataset}&size=100`)
    expect(found.items.length).toBeGreaterThan(0)
    for (const { datasets } of found.items) expect(datasets.map((one) => one['@id'])).toContain(dataset)
    expect((await get<Page>('features?licence=no such licence')).total).toBe(0)
  })

  test.each([
    ['type=nonsense', 422, 'type'],
    ['species=unicorn', 422, 'species'],
    [`region_id=${REGION}`, 422, 'parcellation_id'],
    ['bbox=[[0,0,0],[1,1,1]]', 422, 'space_id'],
    [`${SPACE}&bbox=[[0,0],[1,1]]`, 422, 'bbox'],
    [`${PARCELLATION}&region_id=nowhere`, 404, 'region_id'],
    ['size=1000', 422, 'size'],
    ['include=everything', 422, 'include'],
  ])('%s is refused', async (query, status, parameter) => {
    expect(await refusal(`features?${query}`)).toEqual([status, parameter])
  })
})

describe('find= in listings', () => {
  test.each([`feature/Tabular?${PARCELLATION}&region_id=${REGION}`, `regions/${REGION}/features?${PARCELLATION}`])(
    'keeps what has all of the words: %s',
    async (path) => {
      const all = await get<Page>(`${path}${path.includes('?') ? '&' : '?'}size=100`)
      const found = await get<Page>(`${path}&find=receptor fingerprint&size=100`)
      expect(idsOf(found)).toEqual(
        all.items.filter(({ name }) => /receptor.*fingerprint/i.test(name)).map((one) => one.id),
      )
      expect(found.total).toBeGreaterThan(0)
      expect((await get<Page>(`${path}&find=nonsense`)).total).toBe(0)
    },
  )

  test('field potentials are chosen by how they were recorded', async () => {
    const conditions = await get<Record<string, string[]>>('vocabularies/lfp')
    for (const [name, values] of Object.entries(conditions)) {
      expect(values.length).toBeGreaterThan(0)
      for (const value of values) {
        const { items } = await get<Page>(`feature/Tabular?${MOUTH}&${name}=${value}&size=100`)
        for (const one of items) expect(one.name).toContain(`${name}: ${value}`)
      }
    }
    const all = await get<Page>(`feature/Tabular?${MOUTH}&type=RegionalLocalFieldPotential&size=100`)
    const counts = (conditions.pathology ?? []).map(async (value) => {
      const path = `feature/Tabular?${MOUTH}&type=RegionalLocalFieldPotential&pathology=${value}`
      return (await get<Page>(path)).total
    })
    expect(all.total).toBeGreaterThan(0)
    expect((await Promise.all(counts)).reduce((sum, count) => sum + count, 0)).toBe(all.total)
  })
})

describe('a matrix', () => {
  test.each(['ReceptorDensityFingerprint', 'LayerwiseCellDensity'])(
    'of %s has the means of all features of each region',
    async (type) => {
      const matrix = await get<Frame>(`feature/matrix?${PARCELLATION}&type=${type}`)
      const { items } = await get<Page>(`features?${PARCELLATION}&type=${type}&include=data,anchor&size=100`)
      expect(matrix.columns.slice(0, 2)).toEqual(['region', 'region_id'])
      expect(matrix.data.length).toBeGreaterThan(0)
      for (const [region, regionId, ...values] of matrix.data) {
        const own = items.filter(({ anchor }) => anchor?.regions.some((one) => one.region['@id'] === regionId))
        expect(own[0]?.anchor?.regions.map((one) => one.region.name)).toContain(region)
        for (const [at, column] of matrix.columns.slice(2).entries()) {
          const cells = own.flatMap(
            ({ data }) => data?.data[data.index.map(String).indexOf(column)]?.[0] ?? [],
          ) as number[]
          expect(values[at]).toBeCloseTo(cells.reduce((a, b) => a + b) / cells.length, 9)
        }
      }
    },
  )

  test.each(['level', 'zscore'])('of genes has the mean %s of the samples of each region', async (measure) => {
    const matrix = await get<Frame>(`feature/matrix?${PARCELLATION}&gene=maoa,TAC1&measure=${measure}`)
    expect(matrix.columns).toEqual(['region', 'region_id', 'MAOA', 'TAC1'])
    expect(matrix.data.some(([, , mean]) => mean !== null)).toBe(true)
    for (const [region, , ...means] of matrix.data)
      for (const [at, gene] of ['MAOA', 'TAC1'].entries()) {
        const listing = `feature/GeneExpressions?${PARCELLATION}&region_id=${encodeURIComponent(String(region))}&gene=${gene}&include=data`
        const [feature] = (await get<Page>(listing)).items
        const column = feature?.data?.columns.indexOf(measure) ?? -1
        const values = (feature?.data?.data ?? []).flatMap((row) => row[column] ?? []) as number[]
        if (values.length === 0) expect(means[at]).toBeNull()
        else expect(means[at]).toBeCloseTo(values.reduce((a, b) => a + b) / values.length, 9)
      }
  })

  test('comes as CSV that tells of its origin', async () => {
    const answer = await app.get(`/v3_0/feature/matrix?${PARCELLATION}&gene=MAOA&format=csv&provenance=1`)
    const text = new TextDecoder().decode(answer.bytes)
    expect(answer.contentType).toBe('text/csv; charset=utf-8')
    expect(text).toMatch(/^# type: GeneExpressions$/m)
    expect(text).toMatch(/^# source: Allen Human Brain Atlas/m)
    expect(text).toMatch(/^,?region,region_id,MAOA$/m)
  })

  test.each([
    [PARCELLATION, 422, 'type'],
    [`${PARCELLATION}&type=StreamlineCounts`, 422, 'type'],
    [`${PARCELLATION}&type=GeneExpressions`, 422, 'gene'],
    [`${PARCELLATION}&type=LayerwiseCellDensity&gene=MAOA`, 422, 'gene'],
    [`${PARCELLATION}&gene=NOSUCHGENE`, 404, 'gene'],
    [`${PARCELLATION}&gene=`, 404, 'gene'],
    [`${PARCELLATION}&gene=${Array.from({ length: 21 }, (_, n) => `G${n}`).join(',')}`, 422, 'gene'],
    [`${PARCELLATION}&gene=MAOA&measure=size`, 422, 'measure'],
    ['type=LayerwiseCellDensity', 422, 'parcellation_id'],
    ['parcellation_id=nowhere&gene=MAOA', 404, 'parcellation_id'],
  ])('%s is refused', async (query, status, parameter) => {
    expect(await refusal(`feature/matrix?${query}`)).toEqual([status, parameter])
  })
})

describe('an overview of a region', () => {
  interface Overview {
    region: { name: string }
    centre: number[] | null
    ancestors: { '@id': string; name: string }[]
    children: { name: string; hasParent: { '@id': string }[] | null }[]
    related: { total: number; items: unknown[] }
    features: { type: string; total: number | null; items: Item[] }[]
  }

  test('holds what the single routes tell', async () => {
    const overview = await get<Overview>(`regions/${REGION}/overview?${PARCELLATION}&${SPACE}&size=2`)
    expect(overview.region).toEqual(await get(`regions/${REGION}?${PARCELLATION}&${SPACE}`))
    const { hasAnnotation } = overview.region as unknown as {
      hasAnnotation: { bestViewPoint: { coordinates: { value: number }[] } }
    }
    expect(overview.centre).toEqual(hasAnnotation.bestViewPoint.coordinates.map(({ value }) => value))
    const related = await get<Page>(`regions/${REGION}/related?${PARCELLATION}`)
    expect(overview.related).toEqual({ total: related.total, items: related.items.slice(0, 2) })
    const { items } = await get<Page>(`regions/${REGION}/features?${PARCELLATION}&size=100`)
    const told = overview.features.flatMap((one) => one.items)
    for (const one of items.filter(({ id }) => told.some((other) => other.id === id))) expect(told).toContainEqual(one)
    const fingerprints = overview.features.find(({ type }) => type === 'ReceptorDensityFingerprint')
    const listed = await get<Page>(
      `feature/Tabular?${PARCELLATION}&region_id=${REGION}&type=ReceptorDensityFingerprint`,
    )
    expect(fingerprints?.total).toBe(listed.total)
    expect(fingerprints?.items).toEqual(listed.items.slice(0, 2))
    const profiles = overview.features.find(({ type }) => type === 'BigBrainIntensityProfile')
    expect(profiles?.total).toBeGreaterThan(0)
    for (const { total } of overview.features) expect(total).not.toBe(0)
  })

  test('tells of parents and parts', async () => {
    const leaf = await get<Overview>(`regions/${REGION}/overview?${PARCELLATION}`)
    expect(leaf.centre).toBeNull()
    expect(leaf.children).toEqual([])
    const parent = leaf.ancestors.at(-1)
    const upper = await get<Overview>(
      `regions/${encodeURIComponent(parent?.name ?? '')}/overview?${PARCELLATION}&size=0`,
    )
    expect(upper.children.map(({ name }) => name)).toContain(REGION)
    for (const { hasParent } of upper.children) expect(hasParent).toEqual([{ '@id': parent?.['@id'] }])
    expect(upper.features.every(({ items }) => items.length === 0)).toBe(true)
  })

  test.each([
    [`regions/nowhere/overview?${PARCELLATION}`, 404, 'region_id'],
    [`regions/${REGION}/overview`, 422, 'parcellation_id'],
    [`regions/${REGION}/overview?${PARCELLATION}&space_id=nowhere`, 404, 'space_id'],
    [`regions/${REGION}/overview?${PARCELLATION}&size=21`, 422, 'size'],
  ])('%s is refused', async (path, status, parameter) => {
    expect(await refusal(path)).toEqual([status, parameter])
  })
})

test('receptors are found by symbol, name and neurotransmitter', async () => {
  const all = await get<{ items: { symbol: string }[] }>('vocabularies/receptors')
  expect(all.items.length).toBeGreaterThan(3)
  expect(await get('vocabularies/receptors?find=SEROTONIN')).toMatchObject({
    total: 1,
    items: [{ symbol: '5-HT1A', neurotransmitter: { label: '5-HT', name: 'serotonin' } }],
  })
})
