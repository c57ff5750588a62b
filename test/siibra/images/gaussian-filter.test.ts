import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { gaussianFilter } from '../../../src/siibra/images/gaussian-filter.ts'
import { densityOfPoints } from '../../../src/siibra/images/point-density.ts'
import { createSlices } from '../../../src/siibra/slices.ts'
import { scalingAffine } from '../../../src/siibra/volumes/affine.ts'

const reference: {
  shape: number[]
  data: number[]
  cases: { sigma: [number, number, number]; filtered: number[] }[]
} = JSON.parse(readFileSync(new URL('../../fixtures/images/filtered.json', import.meta.url), 'utf8'))

describe('the Gaussian filter, as scipy has it', () => {
  it.each(reference.cases)('sigma $sigma', async ({ sigma, filtered }) => {
    const found = await gaussianFilter(reference.data, reference.shape, sigma, createSlices())
    for (const [at, value] of filtered.entries()) expect(found[at]).toBeCloseTo(value, 10)
  })
})

const sumOf = (data: ArrayLike<number>) => Array.from(data).reduce((sum, value) => sum + value, 0)

describe('the density of points', () => {
  const grid = { shape: [5, 5, 5], voxelToWorldMm: scalingAffine([2, 2, 2]) }

  it('counts points at their nearest voxels where nothing is smoothed', async () => {
    const points = [
      [4, 4, 4],
      [4.9, 3.2, 4.1],
      [0, 0, 0],
    ] as const
    const { image, outside } = await densityOfPoints(points, grid, 0, createSlices())
    expect(image.data[(2 * 5 + 2) * 5 + 2]).toBe(2)
    expect(image.data[0]).toBe(1)
    expect(sumOf(image.data)).toBe(3)
    expect(outside).toBe(0)
  })

  it('keeps the number of points when it smooths, and says how many lie outside', async () => {
    const { image, outside } = await densityOfPoints(
      [
        [4, 4, 4],
        [-1.1, 0, 0],
        [100, 0, 0],
      ],
      grid,
      3,
      createSlices(),
    )
    expect(sumOf(image.data)).toBeCloseTo(1, 5)
    expect(outside).toBe(2)
  })
})
