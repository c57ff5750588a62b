import { describe, expect, it } from 'vitest'
import { findPeaks } from '../../../src/siibra/images/peaks.ts'
import { runSteps } from '../../../src/siibra/slices.ts'

/** Peaks of what is above 0 of an image with voxels of 1 mm, as `value @ voxel`. */
function peaksOf(data: number[], shape: number[], minDistanceMm = 0, most = 4) {
  const voxels = Int32Array.from(data.keys()).filter((at) => data[at]! > 0)
  const search = { magnitudes: Float64Array.from(data), voxels, shape }
  const peaks = runSteps(findPeaks(search, (voxel) => [...voxel], minDistanceMm, most))
  return peaks.map(({ voxel, value }) => `${value} @ ${voxel.join(' ')}`)
}

const axes = [0, 1, 2].map((axis) => ({ axis }))

describe.each(axes)('along axis $axis', ({ axis }) => {
  const along = (data: number[], minDistanceMm?: number) => {
    const shape = [1, 1, 1]
    shape[axis] = data.length
    return peaksOf(data, shape, minDistanceMm).map((peak) => {
      const [value, voxel] = peak.split(' @ ')
      return [Number(value), Number(voxel!.split(' ')[axis])]
    })
  }

  it('a plateau has a peak where it ends, but not within', () => {
    expect(along([0, 5, 5, 5, 5, 5, 9])).toEqual([
      [9, 6],
      [5, 1],
    ])
    expect(along([9, 5, 5, 5, 5, 5, 0])).toEqual([
      [9, 0],
      [5, 5],
    ])
  })

  it('where the image ends, no plateau does', () => {
    expect(along([5, 5, 5, 9])).toEqual([[9, 3]])
    expect(along([9, 5, 5, 5])).toEqual([[9, 0]])
  })

  it('an image of one value has its peak in the middle, rounded to even', () => {
    expect(along([5, 5, 5])).toEqual([[5, 1]])
    expect(along([5, 5, 5, 5])).toEqual([[5, 2]])
    expect(along([5, 5])).toEqual([[5, 0]])
  })

  it('nearly one value (numpy’s isclose) is one, and a plateau of it a peak', () => {
    expect(along([1000, 1000, 1000, 1000.009]).map(([value]) => value)).toEqual([1000.009, 1000])
    expect(along([1000, 1000, 1000, 1000.011])).toEqual([[1000.011, 3]])
  })

  it('peaks as near as the distance are left out, if only to the one before', () => {
    const data = [9, 1, 1, 8, 1, 7, 1, 6]
    const places = (minDistanceMm: number) => along(data, minDistanceMm).map(([, place]) => place)
    expect(places(1.9)).toEqual([0, 3, 5, 7])
    expect(places(2)).toEqual([0, 3, 7])
    expect(places(3)).toEqual([0, 5])
  })
})

it('of voxels of a plateau that are as near to its centre, the first by i, then j, then k', () => {
  const ring = [5, 5, 5, 5, 1, 5, 5, 5, 5]
  expect(peaksOf(ring, [1, 3, 3])).toEqual(['5 @ 0 0 1'])
  expect(peaksOf(ring, [3, 1, 3])).toEqual(['5 @ 0 0 1'])
  expect(peaksOf(ring, [3, 3, 1])).toEqual(['5 @ 0 1 0'])
})

it('the highest come first, at most as many as are wanted', () => {
  expect(peaksOf([3, 1, 9, 1, 5], [5, 1, 1], 0, 2)).toEqual(['9 @ 2 0 0', '5 @ 4 0 0'])
})
