import { describe, expect, it } from 'vitest'
import { identityAffine, scalingAffine, type Triple } from '../../../../src/siibra/volumes/affine.ts'
import {
  clipBox,
  defaultMaxFetchBytes,
  type Level,
  selectLevel,
  voxelBoxOf,
} from '../../../../src/siibra/volumes/pyramids/pyramid.ts'

/** A level of voxels of so many mm, of a volume of 80 x 40 x 20 mm. */
function levelOf(mm: number): Level {
  const toMm = scalingAffine([mm, mm, mm])
  const sizeVox: Triple = [80 / mm, 40 / mm, 20 / mm]
  return { sizeVox, offsetVox: [0, 0, 0], voxelSizeMm: [mm, mm, mm], voxelToWorldMm: toMm, cornerToWorldMm: toMm }
}
const levels = [1, 2, 4].map(levelOf)
const pyramid = { url: 'https://a.org/volume', itemBytes: 2, levels }

describe('the level that is read', () => {
  const mmOf = (choice: object) => selectLevel(pyramid, choice).voxelSizeMm[0]

  it('is the coarsest whose voxels are small enough, else the finest; the coarsest where nothing is asked for', () => {
    const found = [undefined, -1, 0, 0.5, 1, 1.9, 2, 4, 100].map((resolutionMm) => mmOf({ resolutionMm }))
    expect(found).toEqual([4, 1, 1, 1, 1, 1, 2, 4, 4])
  })

  it('is a coarser one where that would be too large', () => {
    // 80 * 40 * 20 voxels of 2 bytes, an eighth of that, and an eighth of that
    const found = [128_000, 127_999, 16_000, 15_999, 2_000].map((maxBytes) => mmOf({ resolutionMm: 1, maxBytes }))
    expect(found).toEqual([1, 2, 2, 4, 4])
    expect(() => mmOf({ maxBytes: 1_999 })).toThrow('even the coarsest scale takes 2000 bytes, the bound is 1999 bytes')
  })

  it('is chosen by what of it is read', () => {
    const boxMm = { min: [10, 12, 8], max: [14, 18, 16] } as const
    expect(mmOf({ resolutionMm: 1, maxBytes: 2 * 4 * 6 * 8, boxMm })).toBe(1)
    expect(mmOf({ resolutionMm: 1, maxBytes: 2 * 4 * 6 * 8 - 1, boxMm })).toBe(2)
    // 10 to 14 mm are voxels 2 and 3 of 4 mm, 12 to 18 mm are 3 and 4, 8 to 16 mm are 2 and 3
    expect(() => mmOf({ maxBytes: 15, boxMm })).toThrow('even the coarsest scale takes 16 bytes')
  })

  it('is at most a fifth of a GiB, and there may be none', () => {
    expect(defaultMaxFetchBytes).toBe(214_748_364)
    expect(() => selectLevel({ ...pyramid, levels: [] })).toThrow('https://a.org/volume has no voxels, only meshes')
  })
})

describe('a box in voxels', () => {
  it('is of whole voxels, at least one along each axis', () => {
    const voxels = (min: Triple, max: Triple) => voxelBoxOf(identityAffine(), { min, max })
    expect(voxels([0.5, 1, -4.5], [2.5, 3, -1.5])).toEqual({ min: [0, 1, -5], max: [3, 3, -1] })
    expect(voxels([1, 2, 3], [1, 2, 3])).toEqual({ min: [1, 2, 3], max: [2, 3, 4] })
    expect(voxels([0.2, 0.2, 0.2], [0.4, 0.4, 0.4])).toEqual({ min: [0, 0, 0], max: [1, 1, 1] })
  })

  it('is cut to what the level holds', () => {
    const level = { offsetVox: [5, 0, -2], sizeVox: [10, 10, 10] } as const
    expect(clipBox({ min: [-100, 0.5, 7], max: [6, 2.5, 100] }, level, 'url')).toEqual({
      min: [5, 0, 7],
      max: [6, 3, 8],
    })
    for (const [min, max] of [
      [
        [0, 0, 0],
        [5, 1, 1],
      ],
      [
        [5, 0, 8],
        [6, 1, 9],
      ],
    ] as [Triple, Triple][])
      expect(() => clipBox({ min, max }, level, 'url')).toThrow(
        `The box ${min.join(', ')} to ${max.join(', ')} (voxels) is outside of url, which holds 5, 0, -2 to 15, 10, 8`,
      )
  })
})
