/** Numbers of the demo atlas, as the service answers them and as siibra-python 0.4a107 computes them (test/fixtures/demo). */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApp, type TestApp } from '../app.ts'

interface Expected {
  regions: {
    parcellation: string
    space: string
    region: string
    components: { centroid_mm: number[]; volume_mm3: number }[]
  }[]
  features: { type: string; name: string; cells: (number | string | null)[][] }[]
  assignments: { point_mm: number[]; sigma_mm: number; rows: Record<string, number | string | null>[] }[]
}
const expected: Expected = JSON.parse(readFileSync('test/fixtures/demo/expected.json', 'utf8'))

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

describe('the demo atlas against siibra-python', () => {
  const spaces = [...new Set(expected.regions.map(({ space }) => space))]

  it.each(spaces)('has the centroids of all regions in %s', async (space) => {
    for (const { parcellation, region, components } of expected.regions.filter((entry) => entry.space === space)) {
      const query = new URLSearchParams({ parcellation_id: parcellation, space_id: space })
      const answer = await app.get(`/v3_0/regions/${encodeURIComponent(region)}?${query}`)
      const { hasAnnotation } = answer.json<{
        hasAnnotation: { bestViewPoint: { coordinates: { value: number }[] } }
      }>()
      const centroid = hasAnnotation.bestViewPoint.coordinates.map(({ value }) => value)
      for (const [axis, value] of components[0]!.centroid_mm.entries()) {
        expect(centroid[axis], `${region} in ${space}`).toBeCloseTo(value, 5)
      }
    }
  })

  it.each(expected.assignments)('assigns $point_mm +- $sigma_mm mm', async ({ point_mm, sigma_mm, rows }) => {
    const query = new URLSearchParams({
      parcellation_id: 'Harbour v2',
      space_id: 'Demo mean',
      point: JSON.stringify(point_mm),
      sigma_mm: String(sigma_mm),
    })
    const answer = await app.get(`/v3_0/map/assign?${query}`)
    const { columns, data } = answer.json<{ columns: string[]; data: unknown[][] }>()
    const cell = (row: unknown[], name: string) => row[columns.indexOf(name.replaceAll(' ', '_'))]
    expect(data.map((row) => cell(row, 'region'))).toEqual(rows.map(({ region }) => region))
    for (const [index, row] of rows.entries()) {
      for (const [name, value] of Object.entries(row)) {
        if (typeof value === 'number') expect(cell(data[index]!, name), name).toBeCloseTo(value, 6)
        else expect(cell(data[index]!, name) ?? null, name).toBe(value)
      }
    }
  })

  it.each(expected.features)('has the data of $name', async ({ type, name, cells }) => {
    const category = (await app.get('/v3_0/feature/_types?size=100'))
      .json<{ items: { name: string; path: string }[] }>()
      .items.find((item) => item.name.endsWith(`.${type}`))!
    const region = 'parcellation_id=Harbour%20v2&region_id=Area%20B1%20(Bow)%20left&gene=MAOA'
    const listing = await app.get(`/v3_0${category.path}?${region}&type=${type}&size=100`)
    const listed = listing.json<{ items: { id: string; name: string }[] }>().items.find((item) => item.name === name)
    expect(listed, `${name} among ${listing.json<{ total: number }>().total}`).toBeDefined()
    const feature = await app.get(`/v3_0/feature/${encodeURIComponent(listed!.id)}?gene=MAOA`)
    const { data, matrices } = feature.json<{ data?: Table; matrices?: Record<string, Table> }>()
    expectCells(tableCells((data ?? matrices?._average)!), cells)
  })
})

interface Table {
  columns: unknown[]
  data: unknown[][]
}

/** Rows of numbers and texts; points are not compared. */
function tableCells({ columns, data }: Table): unknown[][] {
  const kept = columns.map((column) => column !== 'mni_xyz')
  return data.map((row) => row.filter((_, index) => kept[index]))
}

function expectCells(actual: unknown[][], wanted: readonly (readonly unknown[])[]): void {
  expect(actual.length).toBe(wanted.length)
  for (const [row, values] of wanted.entries()) {
    for (const [column, value] of values.entries()) {
      const found = actual[row]![column]
      if (typeof value === 'number') expect(found, `row ${row}, column ${column}`).toBeCloseTo(value, 5)
      else expect(found ?? null, `row ${row}, column ${column}`).toBe(value)
    }
  }
}
