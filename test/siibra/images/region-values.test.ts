import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createMapFit, type SparseMap } from '../../../src/siibra/images/map-signals.ts'
import { groupByRegion, REDUCTIONS, type Reduction, reduceByRegion } from '../../../src/siibra/images/region-values.ts'
import type { VoxelType } from '../../../src/siibra/volumes/image.ts'
import { createVoxels } from '../../../src/siibra/volumes/typed-bytes.ts'

interface Reference {
  regionOfVoxel: number[]
  maps: number[][]
  dependent: number[][]
  cases: {
    dtype: VoxelType
    data: (number | null)[][]
    labels: Record<Reduction, number[][]>
    maps: number[][]
    dependent: number[][]
  }[]
}

const reference: Reference = JSON.parse(
  readFileSync(new URL('../../fixtures/images/values.json', import.meta.url), 'utf8'),
)

function volumesOf({ dtype, data }: Reference['cases'][number]) {
  return data.map((values) => {
    const voxels = createVoxels(dtype, values.length)
    values.forEach((value, at) => {
      voxels[at] = value ?? Number.NaN
    })
    return voxels
  })
}

function sparse(values: number[]): SparseMap {
  const voxels = Int32Array.from(values.keys()).filter((at) => values[at] !== 0)
  return { voxels, values: Float64Array.from(voxels, (at) => values[at]!) }
}

function expectClose(found: ArrayLike<number>, expected: number[]) {
  expect(found.length).toBe(expected.length)
  for (const [at, value] of expected.entries()) expect(found[at]).toBeCloseTo(value, 6)
}

describe.each(reference.cases)('values by region of $dtype, as nilearn gives them', (entry) => {
  const regions = groupByRegion(reference.regionOfVoxel, 4)

  it.each(REDUCTIONS)('%s of labels', (reduction) => {
    const found = volumesOf(entry).map((volume) => reduceByRegion(volume, regions, reduction))
    for (const [at, values] of found.entries()) expectClose(values, entry.labels[reduction][at]!)
  })

  it.each(['maps', 'dependent'] as const)('least squares of %s', (which) => {
    const { fit } = createMapFit(reference[which].map(sparse), reference.regionOfVoxel.length)
    for (const [at, volume] of volumesOf(entry).entries()) expectClose(fit(volume), entry[which][at]!)
  })
})

it('a region without voxels has no value', () => {
  expect([...reduceByRegion([1, 2, 3], groupByRegion([1, 0, 3], 3), 'mean')]).toEqual([1, Number.NaN, 3])
})

it('regions are grouped, and each is reduced by its own voxels alone', () => {
  const regions = groupByRegion([1, 2, 0, 1, 1, 2, 1], 2)
  expect([...regions.start]).toEqual([0, 4, 6])
  expect([...regions.voxels]).toEqual([0, 3, 4, 6, 1, 5])
  const data = [8, 100, 1e6, 1, 4, -50, 2]
  const found = REDUCTIONS.map((reduction) => [...reduceByRegion(data, regions, reduction)])
  expect(Object.fromEntries(REDUCTIONS.map((reduction, n) => [reduction, found[n]]))).toEqual({
    mean: [3.75, 25],
    median: [3, 25],
    sum: [15, 50],
    minimum: [1, -50],
    maximum: [8, 100],
    standard_deviation: [Math.sqrt(7.1875), 75],
    variance: [7.1875, 5625],
  })
})

describe('the fit of maps without full rank', () => {
  const fitOf = (maps: number[][], image: number[]) => [...createMapFit(maps.map(sparse), image.length).fit(image)]

  it('gives nothing for maps that are empty', () => {
    expectClose(
      fitOf(
        [
          [0, 2, 0],
          [0, 0, 0],
        ],
        [0, 6, 1],
      ),
      [3, 0],
    )
    expect(fitOf([[0, 0]], [1, 1])).toEqual([0])
  })

  it.each([1, 1e-12, 1e12])('is that of the least norm, also of maps of %d', (size) => {
    // numpy.linalg.pinv of the maps as columns
    const maps = [
      [size, size, 0],
      [0, size, size],
      [size, 2 * size, size],
    ]
    expectClose(fitOf(maps, [3 * size, 4 * size, size]), [5 / 3, -1 / 3, 4 / 3])
  })
})
