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
