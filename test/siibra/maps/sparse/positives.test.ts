import { expect, test } from 'vitest'
import { createPositivesCollector } from '../../../../src/siibra/maps/sparse/positives.ts'

test('the positive values of pieces of a volume, as float32, and where they are', () => {
  const collector = createPositivesCollector()
  collector.see(Float64Array.of(0, 0.1, -3, 0, 2, 1e-46), 100)
  collector.see(Float32Array.of(Number.NaN, 0, 7), 200)
  collector.see(Uint8Array.of(0, 0, 0, 0, 0, 5), 300)
  expect(collector.take()).toEqual({
    voxel: Uint32Array.of(101, 104, 202, 305),
    value: Float32Array.of(0.1, 2, 7, 5),
  })
})

test('there is room for as many as there are, and nothing of one collector comes into the next', () => {
  for (const count of [1, 16_384, 16_385, 50_000, 3]) {
    const values = Float32Array.from({ length: count }, (_, at) => at + 0.5)
    const collector = createPositivesCollector()
    collector.see(values, 10)
    const { voxel, value } = collector.take()
    expect(value).toEqual(values)
    expect(voxel).toEqual(Uint32Array.from(values, (_, at) => at + 10))
  }
  expect(createPositivesCollector().take()).toEqual({ voxel: new Uint32Array(), value: new Float32Array() })
})
