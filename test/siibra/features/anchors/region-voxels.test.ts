import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasCentreWithin } from '../../../../src/siibra/features/anchors/centres-within.ts'
import { createMaskShape, isBoxInMask } from '../../../../src/siibra/features/anchors/locate-boxes.ts'
import { isVoxelInside, type RegionVoxels } from '../../../../src/siibra/features/anchors/region-voxels.ts'
import { findRuns } from '../../../../src/siibra/maps/labels/components.ts'
import { applyAffine, invertAffine } from '../../../../src/siibra/volumes/affine.ts'
import type { Affine } from '../../../../src/siibra/volumes/image.ts'

const SHAPE = [4, 3, 5] as const
const [NX, NY, NZ] = SHAPE
/** Voxels of 2 mm, the first one centred at -3, 1, 5. */
const VOXEL_TO_WORLD_MM: Affine = Float64Array.from([2, 0, 0, -3, 0, 2, 0, 1, 0, 0, 2, 5, 0, 0, 0, 1])

function voxelsOf(mask: readonly boolean[]): RegionVoxels {
  const runs = findRuns(Uint8Array.from(mask, Number), [...SHAPE], (value) => value > 0)
  return { runs, shape: SHAPE, voxelToWorldMm: VOXEL_TO_WORLD_MM, worldToVoxel: invertAffine(VOXEL_TO_WORLD_MM) }
}

const maskOf = fc.array(fc.boolean(), { minLength: NX * NY * NZ, maxLength: NX * NY * NZ })

test('voxels are inside where the mask is set, and never outside of the grid', () => {
  fc.assert(
    fc.property(maskOf, (mask) => {
      const voxels = voxelsOf(mask)
      for (let k = -1; k <= NZ; k++) {
        for (let j = -1; j <= NY; j++) {
          for (let i = -1; i <= NX; i++) {
            const isInGrid = i >= 0 && j >= 0 && k >= 0 && i < NX && j < NY && k < NZ
            expect(isVoxelInside(voxels, i, j, k)).toBe(isInGrid && mask[i + NX * (j + NY * k)])
          }
        }
      }
    }),
  )
})

test('a box is in a mask if it touches one of its voxels, also in a gap of the box around them', () => {
  const mask = Array.from({ length: NX * NY * NZ }, (_, at) => at === 0 || at === NX * NY * NZ - 1)
  const shape = createMaskShape(voxelsOf(mask))!
  expect(shape.around).toEqual({ minMm: [-3, 1, 5], maxMm: [5, 7, 15] })
  expect(isBoxInMask({ minMm: [-5, -1, 3], maxMm: [-4, 0, 4] }, shape)).toBe(true)
  expect(isBoxInMask({ minMm: [-9, -9, -9], maxMm: [-4.5, -4.5, -4.5] }, shape)).toBe(false)
  expect(isBoxInMask({ minMm: [-9, 3, 8], maxMm: [9, 3.5, 9] }, shape)).toBe(false)
  expect(isBoxInMask({ minMm: [0, 3, 8], maxMm: [1, 4, 9] }, shape)).toBe(true)
  expect(isBoxInMask({ minMm: [-9, -9, -9], maxMm: [99, 99, 99] }, shape)).toBe(true)
})

type Corner = readonly [number, number, number]

/** A mask from 0 to 10 along all axes, whose centres go from 1 to 9: whether a box is in it, and between which corners it looked for centres. */
function lookUp(minMm: Corner, maxMm: Corner, hasCentre: boolean) {
  const looked: Corner[][] = []
  const isIn = isBoxInMask(
    { minMm, maxMm },
    {
      around: { minMm: [0, 0, 0], maxMm: [10, 10, 10] },
      aroundCentres: { minMm: [1, 1, 1], maxMm: [9, 9, 9] },
      hasCentreWithin: (...corners) => looked.push(corners) > 0 && hasCentre,
      halfVoxelMm: [1, 2, 3],
    },
  )
  return { isIn, looked }
}

test.each<{ name: string; min: Corner; max: Corner; isIn: boolean }>([
  { name: 'inside', min: [1, 1, 1], max: [9, 9, 9], isIn: true },
  { name: 'the same', min: [0, 0, 0], max: [10, 10, 10], isIn: true },
  { name: 'inside, with one corner', min: [0, 0, 0], max: [9, 9, 9], isIn: true },
  { name: 'around it', min: [-1, -1, -1], max: [11, 11, 11], isIn: true },
  { name: 'inside, with one side', min: [0, 1, 1], max: [9, 9, 9], isIn: false },
  { name: 'inside, with another side', min: [1, 1, 1], max: [9, 9, 10], isIn: false },
  { name: 'across it', min: [-1, 1, 1], max: [11, 9, 9], isIn: false },
])('a box without a centre is in a mask by corners alone: $name', ({ min, max, isIn }) => {
  expect(lookUp(min, max, false).isIn).toBe(isIn)
})

test('a centre is looked for half a voxel around a box, unless the box is flat or ends before the first or behind the last one', () => {
  expect(lookUp([4, -5, 6], [5, 15, 7], true)).toEqual({
    isIn: true,
    looked: [
      [
        [3, -7, 3],
        [6, 17, 10],
      ],
    ],
  })
  expect(lookUp([4, -5, 6], [4, 15, 7], true)).toEqual({ isIn: false, looked: [] })
  const half = [1, 2, 3]
  for (const axis of [0, 1, 2]) {
    const boxAlong = (from: number, to: number) =>
      lookUp([-5, -5, -5].with(axis, from) as never, [5, 5, 5].with(axis, to) as never, true).isIn
    expect(boxAlong(-9, 1 - half[axis]!)).toBe(true)
    expect(boxAlong(-9, 0.9 - half[axis]!)).toBe(false)
    expect(boxAlong(9 + half[axis]!, 19)).toBe(true)
    expect(boxAlong(9.1 + half[axis]!, 19)).toBe(false)
  }
})

test('a mask without voxels has no shape', () => {
  expect(createMaskShape(voxelsOf(new Array(NX * NY * NZ).fill(false)))).toBeUndefined()
})

const turned = Float64Array.of(1.7, 0.3, 0, -3, -0.4, 1.8, 0.2, 1, 0, -0.1, 2.1, 5, 0, 0, 0, 1)
const flipped = Float64Array.of(0, -2, 0, 3, 2, 0, 0, 1, 0, 0, -2, 5, 0, 0, 0, 1)

test.each([
  ['parallel', VOXEL_TO_WORLD_MM],
  ['flipped and swapped', flipped],
  ['turned', turned],
])('centres in a box are found as by looking at all of them: %s axes', (_, voxelToWorldMm) => {
  const side = fc.tuple(fc.integer({ min: -20, max: 40 }), fc.integer({ min: 0, max: 9 }))
  fc.assert(
    fc.property(maskOf, fc.tuple(side, side, side), (mask, sides) => {
      const voxels = { ...voxelsOf(mask), voxelToWorldMm, worldToVoxel: invertAffine(voxelToWorldMm) }
      const low = sides.map(([from]) => from / 2) as [number, number, number]
      const high = sides.map(([from, size]) => (from + size) / 2) as [number, number, number]
      const expected = mask.some((isSet, at) => {
        const voxel = [at % NX, Math.floor(at / NX) % NY, Math.floor(at / NX / NY)] as const
        return (
          isSet &&
          applyAffine(voxelToWorldMm, voxel).every((value, axis) => value >= low[axis]! && value <= high[axis]!)
        )
      })
      expect(hasCentreWithin(voxels, low, high)).toBe(expected)
    }),
  )
})

test.each([
  ['parallel', VOXEL_TO_WORLD_MM],
  ['turned', turned],
])(
  'the centre of a voxel alone is in a box around it or at its corner, and not in one beside it: %s axes',
  (_, voxelToWorldMm) => {
    for (let at = 0; at < NX * NY * NZ; at++) {
      const mask = Array.from({ length: NX * NY * NZ }, (_, other) => other === at)
      const voxels = { ...voxelsOf(mask), voxelToWorldMm, worldToVoxel: invertAffine(voxelToWorldMm) }
      const centre = applyAffine(voxelToWorldMm, [at % NX, Math.floor(at / NX) % NY, Math.floor(at / NX / NY)])
      const has = (low: number[], high: number[]) =>
        hasCentreWithin(
          voxels,
          centre.map((mm, axis) => mm + low[axis]!) as [number, number, number],
          centre.map((mm, axis) => mm + high[axis]!) as [number, number, number],
        )
      expect([has([-1, -1, -1], [1, 1, 1]), has([0, 0, 0], [1, 1, 1]), has([-1, -1, -1], [0, 0, 0])]).toEqual([
        true,
        true,
        true,
      ])
      for (const axis of [0, 1, 2]) {
        expect(has([-1, -1, -1].with(axis, 0.1), [1, 1, 1])).toBe(false)
        expect(has([-1, -1, -1], [1, 1, 1].with(axis, -0.1))).toBe(false)
      }
    }
  },
)
