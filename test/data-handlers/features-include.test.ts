/** What answers with features hold beside their usual members: `include`, `subjects`, and the choice of what is plotted. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { chooseColumns } from '../../src/siibra/features/plots/choose-regions.ts'
import { startTestApp, type TestApp } from '../app.ts'

const PARCELLATION = 'parcellation_id=siibra-api/demo/parcellation/harbour-2'
const IN_REGION = `${PARCELLATION}&region_id=Area B1 (Bow) left`
const IN_SPACE = 'space_id=siibra-api/demo/space/harbour-mean'

interface Item {
  id: string
  '@type': string
  anchor: null | { location: unknown; regions: { region: { name: string } }[]; last_match_result: unknown[] }
  data?: unknown
  subjects?: string[]
}

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

const get = async <T>(path: string) => {
  const answer = await app.get(`/v3_0/${path}`)
  expect(answer.status).toBe(200)
  return answer.json<never>() as T
}
const list = async (path: string) => (await get<{ items: Item[] }>(path)).items

describe('include=anchor', () => {
  test.each([
    `feature/Tabular?${IN_REGION}`,
    `feature/CorticalProfile?${IN_REGION}`,
    `feature/RegionalConnectivity?${PARCELLATION}`,
    `regions/Area B1 (Bow) left/features?${PARCELLATION}`,
  ])('fills anchors in listings, which else have none: %s', async (path) => {
    const plain = await list(path)
    const anchored = await list(`${path}&include=anchor`)
    expect(plain.length).toBeGreaterThan(0)
    expect(plain.every(({ anchor }) => anchor === null)).toBe(true)
    expect(anchored.map(({ id }) => id)).toEqual(plain.map(({ id }) => id))
    for (const { anchor } of anchored) {
      // what only lies in the region is anchored at its place
      expect(anchor?.regions.length || anchor?.location).toBeTruthy()
      if (anchor?.regions.length) expect(anchor.last_match_result.length).toBeGreaterThan(0)
    }
    expect(anchored.map((item) => ({ ...item, anchor: null }))).toEqual(plain)
  })

  test('fills those of images, in listings and by id', async () => {
    const images = await list(`feature/Image?${IN_SPACE}&include=anchor`)
    expect(images.length).toBeGreaterThan(0)
    for (const { anchor } of images) expect(anchor?.location).toMatchObject({ '@type': 'siibra-0.4/location' })
    const id = encodeURIComponent(images[0]?.id ?? '')
    expect((await get<Item>(`feature/${id}`)).anchor).toBeNull()
    expect((await get<Item>(`feature/${id}?include=anchor`)).anchor).toEqual(images[0]?.anchor)
  })

  test('is no change for single features that have one anyway', async () => {
    const [first] = await list(`feature/Tabular?${IN_REGION}`)
    const path = `feature/Tabular/${encodeURIComponent(first?.id ?? '')}?${IN_REGION}`
    const plain = await get<Item>(path)
    expect(plain.anchor?.last_match_result.length).toBeGreaterThan(0)
    expect(await get<Item>(`${path}&include=anchor`)).toEqual(plain)
  })
})

describe('include=data', () => {
  test('gives listings the data that single features have', async () => {
    const path = `feature/Tabular?${IN_REGION}&type=ReceptorDensityFingerprint`
    const [first] = await list(`${path}&include=data,anchor`)
    expect(first?.data).not.toBeNull()
    expect(await get(`feature/Tabular/${encodeURIComponent(first?.id ?? '')}?${IN_REGION}`)).toEqual(first)
    expect((await list(path))[0]?.data).toBeNull()
  })
})

test('what cannot be included is refused, and told what can', async () => {
  const answer = await app.get(`/v3_0/feature/Tabular?${IN_REGION}&include=anchor,datasets`)
  expect(answer.status).toBe(422)
  expect(JSON.stringify(answer.json())).toMatch(/include.*datasets.*anchor.*data/)
})

describe('time series', () => {
  const bold = async () => (await list(`feature/Tabular?${IN_REGION}&type=RegionalBOLD`))[0] as Item
  interface Figure {
    data: { x: string[]; y: number[] }[]
  }
  const plot = async (query: string) =>
    (await get<Figure>(`feature/${encodeURIComponent((await bold()).id)}/plotly?${query}`)).data[0] as Figure['data'][0]

  test('list their subjects, whose data may be asked for', async () => {
    const { id, subjects = [] } = await bold()
    expect(subjects.length).toBeGreaterThan(1)
    const path = `feature/Tabular/${encodeURIComponent(id)}?${IN_REGION}&type=RegionalBOLD`
    const [one, other] = await Promise.all(subjects.map((subject) => get<Item>(`${path}&subject=${subject}`)))
    expect(one?.data).not.toEqual(other?.data)
    expect((await app.get(`/v3_0/${path}&subject=nobody`)).status).toBe(422)
  })

  test('are plotted for the regions that are named', async () => {
    const all = await plot('')
    const [first = '', second = ''] = [all.x[3], all.x[1]]
    for (const separator of [',', ' ', ', ']) {
      const some = await plot(`regions=${encodeURIComponent(first + separator + second)}`)
      expect(some.x).toEqual([first, second])
      expect(some.y).toEqual([all.y[3], all.y[1]])
    }
    const { id } = await bold()
    const refused = await app.get(`/v3_0/feature/${encodeURIComponent(id)}/plotly?regions=Atlantis`)
    expect(refused.status).toBe(422)
    expect(JSON.stringify(refused.json())).toContain(first)
  })
})

describe('names of regions in one text', () => {
  const names = ['Area 1', 'Area 1, left', 'Area 2 (IFS)', 'Straße']

  test.each([
    ['Area 1', [0]],
    ['Area 1, left', [1]],
    ['area 1 AREA 2 (ifs)', [0, 2]],
    ['Area 2 (IFS),Area 1, left,Area 1', [2, 1, 0]],
    ['STRASSE , Straße', [3]],
    [' , ', []],
  ])('%j', (text, columns) => {
    expect(chooseColumns(text, names, names)).toEqual(columns)
  })

  test.each(['Area', 'Area 12', 'Area 1 and 2'])('%j is refused', (text) => {
    expect(() => chooseColumns(text, names, names)).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER' }))
  })
})

describe('archives', () => {
  test('are the same for equal requests, whenever they are made', async () => {
    const [first] = await list(`feature/Tabular?${IN_REGION}&type=ReceptorDensityFingerprint`)
    const urls = [
      `/v3_0/feature/${encodeURIComponent(first?.id ?? '')}/download`,
      `/v3_0/atlas_download?${PARCELLATION}&${IN_SPACE}`,
    ]
    const fetchAll = async () => {
      const fresh = await startTestApp()
      const answers = await Promise.all(urls.map((url) => fresh.get(url)))
      await fresh.close()
      return answers.map(({ status, bytes, headers }) => ({ status, bytes: Buffer.from(bytes), etag: headers.etag }))
    }
    const before = await fetchAll()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 86_400_000 * 40 })
    const after = await fetchAll().finally(() => vi.useRealTimers())
    expect(before.map(({ status }) => status)).toEqual([200, 200])
    expect(after).toEqual(before)
  })
})
