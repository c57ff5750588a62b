import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { gaussianFilter } from '../../../src/siibra/images/gaussian-filter.ts'
import { densityOfPoints, gridOfResolution } from '../../../src/siibra/images/point-density.ts'
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

it('the density of points in voxels of several sizes is smoothed by as many mm along each', async () => {
  const grid = { shape: [5, 5, 5], voxelToWorldMm: scalingAffine([0.5, 2, 4]) }
  const { image } = await densityOfPoints([[1, 4, 8]], grid, 2, createSlices())
  const counts = new Float64Array(125)
  counts[62] = 1
  expect(image.data).toEqual(Float32Array.from(await gaussianFilter(counts, grid.shape, [4, 1, 0.5], createSlices())))
})

it('every line is filtered once, however many there are', async () => {
  const line = await gaussianFilter([0, 1, 0], [3, 1, 1], [1, 0, 0], createSlices())
  const lines = await gaussianFilter(
    Float64Array.from({ length: 3 * 5000 }, (_, at) => (at % 3 === 1 ? 1 : 0)),
    [3, 5000, 1],
    [1, 0, 0],
    createSlices(),
  )
  expect(lines.every((value, at) => value === line[at % 3])).toBe(true)
})

describe('a grid of another resolution', () => {
  const turned = Float64Array.of(0, -2, 0, 10, 1, 0, 0, 20, 0, 0, 3, 30, 0, 0, 0, 1)

  it('has the same axes and the same corner', () => {
    const { shape, voxelToWorldMm } = gridOfResolution({ shape: [4, 4, 4], voxelToWorldMm: turned }, 2)
    expect(shape).toEqual([2, 4, 6])
    const expected = [0, -2, 0, 10, 2, 0, 0, 20.5, 0, 0, 2, 29.5, 0, 0, 0, 1]
    for (const [at, value] of expected.entries()) expect(voxelToWorldMm[at]).toBeCloseTo(value, 12)
  })

  it('reaches a part of a voxel further where it has to, and has one voxel at least', () => {
    expect(gridOfResolution({ shape: [4, 4, 4], voxelToWorldMm: turned }, 3).shape).toEqual([2, 3, 4])
    expect(gridOfResolution({ shape: [1, 1, 1], voxelToWorldMm: turned }, 1e9).shape).toEqual([1, 1, 1])
  })
})
