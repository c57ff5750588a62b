import { describe, expect, it } from 'vitest'
import {
  describeGridDifference,
  gridOf,
  meanVoxelSizeMm,
  nearestVoxel,
  sameGrid,
  voxelAt,
  voxelIndex,
  voxelVolumeMm3,
} from '../../../../src/siibra/maps/grids/grid.ts'
import { identityAffine, invertAffine, scalingAffine } from '../../../../src/siibra/volumes/affine.ts'

const shape = [2, 3, 4]

describe('voxels of a grid', () => {
  it('have an index, the first axis fastest, and are found by it', () => {
    expect(voxelIndex([1, 2, 3], shape)).toBe(23)
    expect(voxelIndex([1, 0, 2], shape)).toBe(13)
    for (let index = 0; index < 24; index++) expect(voxelIndex(voxelAt(index, shape), shape)).toBe(index)
    expect(voxelAt(13, shape)).toEqual([1, 0, 2])
    expect(voxelAt(23, shape)).toEqual([1, 2, 3])
  })

  it('are none beyond the faces', () => {
    expect(voxelIndex([0, 0, 0], shape)).toBe(0)
    const beyond = [
      [-1, 0, 0],
      [0, -1, 0],
      [0, 0, -1],
      [2, 0, 0],
      [0, 3, 0],
      [0, 0, 4],
    ] as const
    for (const voxel of beyond) expect(voxelIndex(voxel, shape)).toBe(-1)
  })

  it('hold the points around their centres, halves upwards', () => {
    const worldToVoxel = invertAffine(scalingAffine([2, 2, 2]))
    expect(nearestVoxel(worldToVoxel, [1, 2.9, 3.1])).toEqual([1, 1, 2])
    expect(nearestVoxel(worldToVoxel, [0.9, -0.9, -1.1])).toEqual([0, 0, -1])
  })

  it('have a size', () => {
    expect(voxelVolumeMm3(scalingAffine([1, 2, 4]))).toBeCloseTo(8, 12)
    expect(meanVoxelSizeMm(scalingAffine([1, 2, 6]))).toBeCloseTo(3, 12)
  })
})

describe('grids', () => {
  const grid = { shape, voxelToWorldMm: scalingAffine([2, 2, 2]) }
  const moved = (mm: number) => {
    const voxelToWorldMm = scalingAffine([2, 2, 2])
    voxelToWorldMm[3] = mm
    return { shape, voxelToWorldMm }
  }

  it('are of images with three axes at least', () => {
    const image = { data: new Uint8Array(4), dtype: 'uint8' as const, voxelToWorldMm: identityAffine() }
    expect(gridOf({ ...image, shape: [2, 2, 1] }).shape).toEqual([2, 2, 1])
    expect(gridOf({ ...image, shape: [2, 1, 1, 2] }).shape).toEqual([2, 1, 1])
    expect(() => gridOf({ ...image, shape: [2, 2] })).toThrow(/2 axes/)
  })

  it('are one up to a thousandth of a voxel', () => {
    expect(sameGrid(grid, moved(0.0019))).toBe(true)
    expect(sameGrid(grid, moved(0.0021))).toBe(false)
    expect(describeGridDifference(grid, moved(0.5))).toBe('corners 0.5 mm apart, with voxels of 2 mm')
    expect(describeGridDifference(grid, { ...grid, shape: [2, 3, 5] })).toBe('2 x 3 x 4 and 2 x 3 x 5 voxels')
  })

  it('differ where only their far corners do', () => {
    // 0.001 mm a voxel along k is 0.003 at the last of four: more than a thousandth of 2 mm
    const stretched = scalingAffine([2, 2, 2.001])
    expect(sameGrid(grid, { shape, voxelToWorldMm: stretched })).toBe(false)
    expect(sameGrid({ ...grid, shape: [2, 3, 2] }, { shape: [2, 3, 2], voxelToWorldMm: stretched })).toBe(true)
  })
})
