import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findRuns } from '../../../../src/siibra/maps/labels/components.ts'
import { createRunCollector, fillRuns, labelAt, labelRunsOf } from '../../../../src/siibra/maps/labels/label-runs.ts'
import { selectRuns, uniteRuns } from '../../../../src/siibra/maps/labels/select-runs.ts'
import { runSteps } from '../../../../src/siibra/slices.ts'
import type { Image } from '../../../../src/siibra/volumes/image.ts'
import { createVoxels } from '../../../../src/siibra/volumes/typed-bytes.ts'

const labelled = fc.record({
  dtype: fc.constantFrom('uint8' as const, 'int16' as const, 'int32' as const, 'float32' as const, 'float64' as const),
  shape: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
  values: fc.array(fc.constantFrom(0, 0, 0, 0, 1, 2, 3), { minLength: 144, maxLength: 144 }),
  /** Files put voxels at any offset. */
  offset: fc.constantFrom(0, 1, 3),
})

function imageOf({ dtype, shape, values, offset }: typeof labelled extends fc.Arbitrary<infer T> ? T : never): Image {
  const size = shape[0] * shape[1] * shape[2]
  const data = createVoxels(dtype, size + offset).subarray(offset)
  data.set(values.slice(0, size))
  return { data, dtype, shape, voxelToWorldMm: new Float64Array(16) }
}

test('masks made of runs are those made voxel by voxel', async () => {
  await fc.assert(
    fc.asyncProperty(labelled, fc.uniqueArray(fc.constantFrom(1, 2, 3, 70000)), async (spec, labels) => {
      const image = imageOf(spec)
      const wanted = new Set<number>(labels)
      const runs = await selectRuns(labelRunsOf(image), wanted, image.shape[0]!)
      const expected = Array.from(image.data, (value) => (wanted.has(value) ? 1 : 0))
      expect([...runSteps(fillRuns(runs, image.data.length))]).toEqual(expected)
      expect(runs).toEqual(findRuns(image.data, image.shape, (value) => wanted.has(value)))
    }),
  )
})

test('sizes are numbers of voxels', () => {
  fc.assert(
    fc.property(labelled, (spec) => {
      const image = imageOf(spec)
      for (const label of [1, 2, 3]) {
        const count = Array.from(image.data).filter((value) => value === label).length
        expect(labelRunsOf(image).sizeVox.get(label) ?? 0).toBe(count)
      }
    }),
  )
})

test('a volume that passes by in pieces has the same runs, whether pieces of 0 are left out or not', () => {
  fc.assert(
    fc.property(labelled, fc.integer({ min: 1, max: 20 }), fc.boolean(), (spec, size, leavesOut) => {
      const { data, shape, ...image } = imageOf(spec)
      const collector = createRunCollector(shape)
      for (let at = 0; at < data.length; at += size) {
        const piece = data.slice(at, at + size)
        if (!leavesOut || piece.some((value) => value !== 0)) collector.see(piece, at)
      }
      expect(collector.take()).toEqual(labelRunsOf({ data, shape, ...image }))
    }),
  )
})

test('a union covers what any part covers', async () => {
  const others = fc.array(fc.constantFrom(0, 1), { minLength: 144, maxLength: 144 })
  await fc.assert(
    fc.asyncProperty(labelled, others, async (spec, other) => {
      const image = imageOf(spec)
      const size = image.data.length
      const nx = image.shape[0]!
      const parts = [
        await selectRuns(labelRunsOf(image), new Set([1, 3]), nx),
        findRuns(other.slice(0, size), image.shape, (value) => value === 1),
      ]
      const expected = Array.from(image.data, (value, at) => (value === 1 || value === 3 || other[at] === 1 ? 1 : 0))
      const united = runSteps(uniteRuns(parts, nx))
      expect([...runSteps(fillRuns(united, size))]).toEqual(expected)
      expect(united).toEqual(findRuns(expected, image.shape, (value) => value === 1))
    }),
  )
})

test('labels beyond 32 bits are labels as all others', async () => {
  const far = [3_000_000_000, 4_294_967_295, 2 ** 40, -(2 ** 31) - 1]
  const image: Image = {
    data: Float64Array.of(5, 5, ...far, far[0] as number),
    dtype: 'float64',
    shape: [7, 1, 1],
    voxelToWorldMm: new Float64Array(16),
  }
  const runs = labelRunsOf(image)
  for (const label of [5, ...far]) {
    const expected = Array.from(image.data, (value) => (value === label ? 1 : 0))
    expect([...runSteps(fillRuns(await selectRuns(runs, new Set([label]), 7), 7))]).toEqual(expected)
    expect(labelAt(runs, image.data.indexOf(label))).toBe(label)
  }
  expect([...runSteps(fillRuns(await selectRuns(runs, new Set(far), 7), 7))]).toEqual([0, 0, 1, 1, 1, 1, 1])
})
