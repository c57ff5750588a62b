import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { assignPoint } from '../../../../src/siibra/maps/assignment/assign.ts'
import { assignExactPoints } from '../../../../src/siibra/maps/assignment/assign-many.ts'
import type { Assignment } from '../../../../src/siibra/maps/assignment/assignment.ts'
import { applyAffine } from '../../../../src/siibra/volumes/affine.ts'
import type { Image } from '../../../../src/siibra/volumes/image.ts'
import { createFakeAtlas, fakeMap, fakeReader, fakeSpace, fakeVolume } from '../fake-atlas.ts'

/** siibra's own assignments; see fixtures/maps/make_assign.py. */
interface Voxels {
  at: number[]
  value: number[]
}
const reference = JSON.parse(readFileSync(new URL('../../../fixtures/maps/assign.json', import.meta.url), 'utf8')) as {
  affine: number[]
  shape: [number, number, number]
  labelled: Voxels
  statistical: Voxels[]
  cases: {
    map: 'labelled' | 'statistical' | 'sparse'
    coordinateMm: [number, number, number]
    sigmaMm: number
    rows: Record<string, number | number[] | null>[]
  }[]
}

const { shape } = reference
const voxelToWorldMm = Float64Array.from(reference.affine)
const sizeVox = shape.reduce((product, size) => product * size, 1)

function imageOf<T extends Int16Array | Float32Array>(data: T, { at, value }: Voxels): Image {
  for (const [n, voxel] of at.entries()) data[voxel] = value[n]!
  return { data, dtype: data instanceof Int16Array ? 'int16' : 'float32', shape, voxelToWorldMm }
}

const images: Record<string, Image> = {
  labels: imageOf(new Int16Array(sizeVox), reference.labelled),
  ...Object.fromEntries(
    reference.statistical.map((voxels, n) => [`values${n}`, imageOf(new Float32Array(sizeVox), voxels)]),
  ),
}
const labels = [3, 4, 5, 6, 7, 8, 9, 10, 11]
const statisticalVolumes = reference.statistical.map((_, n) => fakeVolume(`values${n}`))
const statisticalIndices = Object.fromEntries(
  reference.statistical.map((_, n) => [`region ${n}`, [{ volume: n, label: null, fragment: null }]]),
)
const maps = {
  labelled: fakeMap({
    volumes: [fakeVolume('labels')],
    // an order that is not that of the labels
    indices: Object.fromEntries(
      [...labels].reverse().map((label) => [`region ${label}`, [{ volume: 0, label, fragment: null }]]),
    ),
  }),
  statistical: fakeMap({ mapType: 'STATISTICAL', volumes: statisticalVolumes, indices: statisticalIndices }),
  sparse: fakeMap({ mapType: 'STATISTICAL', isSparse: true, volumes: statisticalVolumes, indices: statisticalIndices }),
}

const core = { ...createFakeAtlas({}), volumes: fakeReader(images) }

const columns: Record<string, (row: Assignment) => number | readonly number[] | null> = {
  volume: (row) => row.volume,
  map_value: (row) => row.mapValue,
  centroid: (row) => row.centroidMm,
  correlation: (row) => row.correlation,
  intersection_over_union: (row) => row.intersectionOverUnion,
  intersection_over_first: (row) => row.mapContainedness,
  intersection_over_second: (row) => row.inputContainedness,
  weighted_mean_of_first: (row) => row.mapWeightedMean,
  weighted_mean_of_second: (row) => row.inputWeightedMean,
}

for (const { map, coordinateMm, sigmaMm, rows } of reference.cases) {
  test(`point ${coordinateMm.join(', ')} with sigma ${sigmaMm} in the ${map} map: ${rows.length} regions`, async () => {
    const found = await assignPoint(core, maps[map], { coordinateMm, sigmaMm, spaceId: fakeSpace.id })
    expect(found.length).toBe(rows.length)
    // rows of labelled maps come as siibra gives them
    const expected = map === 'labelled' ? rows : [...rows].sort((a, b) => Number(a.volume) - Number(b.volume))
    if (map !== 'labelled') found.sort((a, b) => a.volume - b.volume)
    for (const [n, row] of expected.entries()) {
      for (const [name, read] of Object.entries(columns)) {
        const value = read(found[n]!)
        const want = row[name] ?? null
        if (want === null || value === null) expect(value, name).toBe(want)
        else expectClose([value].flat(), [want].flat(), name)
      }
    }
  })
}

function expectClose(actual: readonly number[], expected: readonly number[], name: string) {
  for (const [n, value] of expected.entries()) {
    expect(Math.abs(actual[n]! - value), `${name}: ${actual[n]} is not ${value}`).toBeLessThanOrEqual(
      1e-9 + 1e-6 * Math.abs(value),
    )
  }
}

test('regions are those that the map draws at the index', async () => {
  const [row] = await assignPoint(core, maps.statistical, {
    coordinateMm: [0, 0, 0],
    sigmaMm: 0,
    spaceId: fakeSpace.id,
  })
  expect(row).toMatchObject({ region: `region ${row!.volume}`, inputStructure: 0, fragment: null, correlation: null })
})

test('a point outside of the volume has no rows, whatever its uncertainty', async () => {
  for (const map of Object.values(maps)) {
    for (const sigmaMm of [0, 2]) {
      const point = { coordinateMm: [500, 500, 500] as const, sigmaMm, spaceId: fakeSpace.id }
      expect(await assignPoint(core, map, point)).toEqual([])
    }
  }
})

test('an uncertainty that no memory could hold is refused', async () => {
  const point = { coordinateMm: [0, 0, 0] as const, sigmaMm: 1000, spaceId: fakeSpace.id }
  await expect(assignPoint(core, maps.sparse, point)).rejects.toMatchObject({
    code: 'INVALID_PARAMETER',
    details: { parameter: 'sigma_mm' },
  })
})

test.each(['labelled', 'statistical', 'sparse'] as const)(
  'many points at once hit what each alone does (%s)',
  async (which) => {
    const map = maps[which]
    const points = Array.from({ length: 400 }, (_, n): [number, number, number] => {
      // at and around what is drawn
      const drawn = n % 2 === 0 ? reference.labelled.at : reference.statistical[n % reference.statistical.length]!.at
      const at = drawn[(n * 37) % drawn.length]!
      const row = Math.floor(at / shape[0])
      const voxel = [at - row * shape[0], row % shape[1], Math.floor(row / shape[1])] as const
      const [x, y, z] = applyAffine(voxelToWorldMm, [voxel[0] + 0.4, voxel[1] - 0.3, voxel[2] + (n % 3) * 0.3])
      return [x, y, z]
    })
    points[17] = [Number.NaN, 0, 0]
    const hits = await assignExactPoints(core, map, Float64Array.from(points.flat()))
    const found = Array.from(hits.point, (point, n) => [point, hits.places[hits.place[n]!]!.volume, hits.value[n]])
    const expected: unknown[] = []
    for (const [point, coordinateMm] of points.entries()) {
      const rows = await assignPoint(core, map, { coordinateMm, sigmaMm: 0, spaceId: fakeSpace.id })
      expected.push(...rows.map(({ volume, mapValue }) => [point, volume, mapValue]))
    }
    expect(found.length).toBeGreaterThan(100)
    expect(found).toEqual(expected)
  },
)

test('many points at once leave out what is not above a threshold', async () => {
  const points = Float64Array.from([0, 0, 0, 2, 2, 2])
  const all = await assignExactPoints(core, maps.sparse, points)
  const limit = [...all.value].sort((a, b) => a - b)[Math.floor(all.value.length / 2)]!
  const some = await assignExactPoints(core, maps.sparse, points, { lowerThreshold: limit })
  expect([...some.value]).toEqual([...all.value].filter((value) => value > limit))
})
