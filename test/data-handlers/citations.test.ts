/** What is to be cited, as BibTeX and CSL-JSON. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toBibtex, toCsl } from '../../src/serialization/citations.ts'
import { startTestApp, type TestApp } from '../app.ts'

const PARCELLATION = 'siibra-api/demo/parcellation/harbour-2'
const BIBTEX = 'application/x-bibtex'
const CSL = 'application/vnd.citationstyles.csl+json'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

const get = (path: string, accept?: string) => app.get(`/v3_0/${path}`, accept === undefined ? {} : { accept })
const textOf = ({ bytes }: { bytes: Uint8Array }) => new TextDecoder().decode(bytes)

async function firstId(listing: string): Promise<string> {
  const { items } = (await get(listing)).json<{ items: { id?: string; '@id'?: string }[] }>()
  return encodeURIComponent(items[0]?.['@id'] ?? items[0]?.id ?? '')
}

describe('one object', () => {
  test.each<[string, () => Promise<string>]>([
    ['a parcellation', async () => `parcellations/${PARCELLATION}`],
    ['a space', async () => 'spaces/siibra-api/demo/space/harbour-mean'],
    ['a map', async () => `maps/${await firstId(`maps?parcellation_id=${PARCELLATION}`)}`],
    ['a feature', async () => `feature/${await firstId('features')}`],
    [
      'a feature of a listing',
      async () => {
        const query = `parcellation_id=${PARCELLATION}`
        return `feature/RegionalConnectivity/${await firstId(`feature/RegionalConnectivity?${query}`)}?${query}`
      },
    ],
  ])('%s, by Accept and by format', async (_, path) => {
    const url = await path()
    const plain = await get(url)
    const csl = await get(url, CSL)
    expect(csl.contentType).toBe(`${CSL}; charset=utf-8`)
    const items = csl.json<{ id: string; type: string; title: string }[]>()
    // the spaces of the demo have nothing to cite
    if (!url.startsWith('spaces/')) expect(items.length).toBeGreaterThan(0)
    for (const item of items) expect(item).toMatchObject({ id: expect.any(String), title: expect.any(String) })
    const bibtex = await get(url, `${BIBTEX}, */*;q=0.1`)
    expect(bibtex.contentType).toBe(`${BIBTEX}; charset=utf-8`)
    expect(textOf(bibtex).match(/^@\w+\{[^,{}]+,$/gm)).toEqual(
      items.length === 0 ? null : expect.objectContaining({ length: items.length }),
    )
    const joined = `${url}${url.includes('?') ? '&' : '?'}format=`
    expect(textOf(await get(`${joined}bibtex`))).toBe(textOf(bibtex))
    expect(textOf(await get(`${joined}csl`))).toBe(textOf(csl))
    // what else is accepted is the object, as ever
    for (const accept of ['*/*', 'text/html', 'application/xml', 'image/png', `${BIBTEX};q=0.5, application/json`])
      expect(textOf(await get(url, accept))).toBe(textOf(plain))
    expect(textOf(await get(`${joined}json`, BIBTEX))).toBe(textOf(plain))
    expect((await get(`${joined}ris`)).status).toBe(422)
  })
})

describe('several objects', () => {
  const query = `parcellation_id=${PARCELLATION}&parcellation_id=Burrow&space_id=siibra-api/demo/space/harbour-mean`

  test('have each source once, with its licences', async () => {
    const { items } = (await get(`citations?${query}`)).json<{
      items: { id: string; kind: string; licences: string[] }[]
    }>()
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length)
    expect(items.map(({ kind }) => kind)).toEqual(items.map(({ kind }) => kind).sort())
    expect(items.some(({ licences }) => licences.length > 0)).toBe(true)
    const text = textOf(await get(`citations?${query}`, BIBTEX))
    const keys = [...text.matchAll(/^@\w+\{([^,]+),$/gm)].map(([, key]) => key)
    expect(keys).toHaveLength(items.length)
    expect(new Set(keys).size).toBe(items.length)
    expect(text).toContain('Licence: ')
  })

  test.each([
    ['', 422, 'parcellation_id'],
    ['parcellation_id=nowhere', 404, 'parcellation_id'],
    ['map_id=nowhere', 404, 'map_id'],
    ['feature_id=nowhere', 404, undefined],
    [Array.from({ length: 101 }, () => 'space_id=x').join('&'), 422, undefined],
  ])('%s is refused', async (wrong, status, parameter) => {
    const answer = await get(`citations?${wrong}`)
    expect(answer.status).toBe(status)
    if (parameter) expect(textOf(answer)).toContain(parameter)
  })
})

describe('a citation', () => {
  const article = {
    kind: 'article',
    id: '10.1016/j.x.2019.1',
    title: 'Über das 脳 & {brains}: 50 %',
    authors: ['Martijn P. van den Heuvel', 'Amunts, Katrin', 'Forschungszentrum Jülich', ''],
    doi: '10.1016/j.x.2019.1',
    url: 'https://doi.org/10.1016/j.x.2019.1',
    text: 'Osen KK (2021) Waxholm. NeuroImage 199, 38-56. doi:10.1016/j.x.2019.1',
    licences: ['CC BY 4.0'],
  } as const

  test('becomes CSL with names, year and licence', () => {
    expect(toCsl(article)).toEqual({
      id: '10.1016/j.x.2019.1',
      type: 'article-journal',
      title: article.title,
      author: [
        { family: 'van den Heuvel', given: 'Martijn P.' },
        { family: 'Amunts', given: 'Katrin' },
        { literal: 'Forschungszentrum Jülich' },
      ],
      issued: { 'date-parts': [[2021]] },
      DOI: article.doi,
      URL: article.url,
      note: `${article.text}; Licence: CC BY 4.0`,
    })
    expect(toCsl({ ...article, text: 'NeuroImage. 2020;221:117126. doi:10.1016/j.1999.5' }).issued).toEqual({
      'date-parts': [[2020]],
    })
  })

  test('becomes BibTeX that has every letter, and keys of their own', () => {
    const text = toBibtex([toCsl(article), toCsl(article)])
    expect(text).toContain('author = {van den Heuvel, Martijn P. and Amunts, Katrin and {Forschungszentrum Jülich}}')
    expect(text).toContain('脳 \\& ')
    expect(text).toContain('\\textbraceleft{}brains\\textbraceright{}: 50 \\%')
    expect([...text.matchAll(/^@article\{(.+),$/gm)].map(([, key]) => key)).toEqual([
      'vandenHeuvel2021Uber',
      'vandenHeuvel2021Uber-2',
    ])
    expect(toBibtex([])).toBe('')
  })
})
