import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createPlane, enlarge, fillPolygon, sampleEnlarged } from '../../../../src/siibra/features/data/raster.ts'

interface Rasters {
  enlarged: { values: number[][]; rowCount: number; columnCount: number; order1: number[][]; order2: number[][] }[]
  polygons: { rows: number[]; columns: number[]; filled: string[] }[]
}
const { enlarged, polygons }: Rasters = JSON.parse(
  readFileSync(new URL('../../../fixtures/features/rasters.json', import.meta.url), 'utf8'),
)
const named = enlarged.map((one) => ({ name: `${one.values.length} x ${one.values[0]?.length}`, ...one }))

describe.each(named)('$name pixels as $rowCount x $columnCount', ({ values, rowCount, columnCount, ...expected }) => {
  const plane = {
    rowCount: values.length,
    columnCount: values[0]?.length ?? 0,
    values: Float64Array.from(values.flat()),
  }

  test.each([1, 2] as const)('are those of scikit-image, by splines of order %i', (order) => {
    const result = enlarge(plane, rowCount, columnCount, order)
    expect([result.rowCount, result.columnCount]).toEqual([rowCount, columnCount])
    const all = expected[`order${order}`].flat()
    expect(result.values).toHaveLength(all.length)
    all.forEach((value, at) => {
      expect(result.values[at]).toBeCloseTo(value, 12)
    })
  })

  test('are the same one by one', () => {
    const rows = expected.order1.flatMap((row, r) => row.map(() => r))
    const columns = expected.order1.flatMap((row) => [...row.keys()])
    const sampled = sampleEnlarged(plane, rowCount, columnCount, { rows, columns })
    expected.order1.flat().forEach((value, at) => {
      expect(sampled[at]).toBeCloseTo(value, 12)
    })
  })
})

test.each(polygons)('the polygon through rows $rows, columns $columns is that of scikit-image', (polygon) => {
  const plane = createPlane(5, 6)
  fillPolygon(plane, Float64Array.from(polygon.rows), Float64Array.from(polygon.columns), 1)
  const lines = polygon.filled.map((_, row) =>
    Array.from(plane.values.subarray(6 * row, 6 * row + 6), (value) => (value === 1 ? '#' : '.')).join(''),
  )
  expect(lines).toEqual(polygon.filled)
})
