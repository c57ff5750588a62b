import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findRuns } from '../../../../src/siibra/maps/labels/components.ts'
import {
  createRunCollector,
  fillRuns,
  firstRunAfter,
  labelAt,
  labelRunsOf,
} from '../../../../src/siibra/maps/labels/label-runs.ts'
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

test('there is room for as many runs as there are, of small labels and of large ones', () => {
  for (const [low, high] of [
    [1, 2],
    [1, 2 ** 40],
  ] as const) {
    const image: Image = {
      data: Float64Array.from({ length: 40_000 }, (_, at) => (at % 2 === 0 ? low : high)),
      dtype: 'float64',
      shape: [400, 100, 1],
      voxelToWorldMm: new Float64Array(16),
    }
    const { startVox, lengthVox, label, sizeVox } = labelRunsOf(image)
    expect([startVox.length, lengthVox.length, label.length]).toEqual([40_000, 40_000, 40_000])
    expect(startVox.every((start, run) => start === run) && lengthVox.every((length) => length === 1)).toBe(true)
    expect(label.every((value, run) => value === image.data[run])).toBe(true)
    expect(label).toBeInstanceOf(high < 2 ** 31 ? Int32Array : Float64Array)
    expect([...sizeVox]).toEqual([
      [low, 20_000],
      [high, 20_000],
    ])
  }
})

test('sizes of labels at the bounds of what is counted in an array', () => {
  const data = Int32Array.of(4096, 4095, 0, -1, 4096, 1, -1, -1)
  const { sizeVox } = labelRunsOf({ data, dtype: 'int32', shape: [8, 1, 1], voxelToWorldMm: new Float64Array(16) })
  expect(Object.fromEntries(sizeVox)).toEqual({ 1: 1, 4095: 1, 4096: 2, '-1': 3 })
})

test('the first run that ends behind a voxel, and what label a voxel has', () => {
  const data = Uint8Array.of(0, 5, 5, 0, 0, 6, 7, 0)
  const runs = labelRunsOf({ data, dtype: 'uint8', shape: [8, 1, 1], voxelToWorldMm: new Float64Array(16) })
  const places = [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8]
  expect(places.map((at) => firstRunAfter(runs, at))).toEqual([0, 0, 0, 0, 1, 1, 1, 2, 3, 3])
  expect(places.map((at) => labelAt(runs, at))).toEqual([0, ...data, 0])
})

test('the runs of a few of many labels come in file order', async () => {
  const data = Uint8Array.from({ length: 100 }, (_, at) => 50 - (at % 50))
  const runs = labelRunsOf({ data, dtype: 'uint8', shape: [10, 10, 1], voxelToWorldMm: new Float64Array(16) })
  const { startVox, lengthVox } = await selectRuns(runs, new Set([7, 3, 99]), 10)
  expect([...startVox]).toEqual([43, 47, 93, 97])
  expect([...lengthVox]).toEqual([1, 1, 1, 1])
})

test('a run that comes in pieces is one, the first one too', () => {
  const collector = createRunCollector([4, 2])
  for (const [at, piece] of [
    [0, [5, 5]],
    [2, [5]],
    [3, [5, 5]],
    [5, [6]],
  ] as const)
    collector.see(Uint8Array.from(piece), at)
  const { startVox, lengthVox, label } = collector.take()
  expect([[...startVox], [...lengthVox], [...label]]).toEqual([
    [0, 4, 5],
    [4, 1, 1],
    [5, 5, 6],
  ])
})
