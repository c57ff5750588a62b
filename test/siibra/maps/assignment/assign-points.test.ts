import { expect, test } from 'vitest'
import { assignPoint } from '../../../../src/siibra/maps/assignment/assign.ts'
import { assignPoints } from '../../../../src/siibra/maps/assignment/assign-points.ts'
import { exactBelowMm } from '../../../../src/siibra/maps/assignment/gaussian.ts'
import type { MapGap } from '../../../../src/siibra/maps/gaps.ts'
import type { Image } from '../../../../src/siibra/volumes/image.ts'
import { createFakeAtlas, fakeMap, fakeSpace, fakeVolume } from '../fake-atlas.ts'

const SHAPE = [6, 5, 4]
const voxelToWorldMm = Float64Array.of(2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1)
const LEAST_MM = exactBelowMm(voxelToWorldMm)
const image = (dtype: 'uint8' | 'float32', label: (i: number) => number): Image => {
  const values = Array.from({ length: 120 }, (_, at) => label(at % 6))
  return {
    data: dtype === 'uint8' ? Uint8Array.from(values) : Float32Array.from(values),
    dtype,
    shape: SHAPE,
    voxelToWorldMm,
  }
}
const images = {
  labels: image('uint8', (i) => (i < 3 ? 1 : 2)),
  left: image('float32', (i) => (i < 3 ? 0.5 : 0)),
  right: image('float32', (i) => (i < 3 ? 0 : 0.25)),
}
const labelled = fakeMap({
  volumes: [fakeVolume('labels')],
  indices: Object.fromEntries([1, 2].map((label) => [`region ${label}`, [{ volume: 0, label, fragment: null }]])),
})
const statistical = (isSparse: boolean) =>
  fakeMap({
    mapType: 'STATISTICAL',
    isSparse,
    volumes: [fakeVolume('left'), fakeVolume('right')],
    indices: Object.fromEntries(
      ['left', 'right'].map((name, volume) => [name, [{ volume, label: null, fragment: null }]]),
    ),
  })

const POINTS = [
  { mm: [2, 4, 2], sigma: 0, value: { labelled: 1, statistical: 0.5 } },
  { mm: [8, 4, 2], sigma: LEAST_MM },
  { mm: [8, 4, 4], sigma: LEAST_MM * 0.999, value: { labelled: 2, statistical: 0.25 } },
  { mm: [NaN, 4, 2], sigma: 7 },
  { mm: [4, 4, 4], sigma: 7 },
  { mm: [99, 4, 4], sigma: 0 },
]
const points = (of = POINTS) => ({
  coordinatesMm: Float64Array.from(of.flatMap(({ mm }) => mm)),
  sigmaMm: Float64Array.from(of, ({ sigma }) => sigma),
})

test.each([
  { kind: 'labelled', map: labelled },
  { kind: 'statistical', map: statistical(false) },
  { kind: 'statistical', map: statistical(true) },
] as const)('points, exact or not, lie where each alone does: $kind', async ({ kind, map }) => {
  const atlas = createFakeAtlas(images)
  const told: unknown[] = []
  const { exact, uncertain } = await assignPoints(atlas, map, points(), {
    onExact: (leastMm) => told.push(leastMm),
    maxUncertain: (count) => told.push(count),
  })
  const expected = POINTS.flatMap(({ value }, point) => (value ? [[point, value[kind]]] : []))
  expect([...exact.point].map((point, n) => [point, exact.value[n]])).toEqual(expected)
  expect(told).toEqual([LEAST_MM, 3])
  expect([...uncertain.keys()]).toEqual([1, 4])
  for (const [point, rows] of uncertain) {
    const { mm, sigma } = POINTS[point]!
    const alone = { coordinateMm: mm as [number, number, number], sigmaMm: sigma, spaceId: fakeSpace.id }
    expect(rows.length).toBeGreaterThan(0)
    expect(rows).toEqual(await assignPoint(atlas, map, alone))
  }
})

test('of a small uncertainty is told only where there is one', async () => {
  const told: unknown[] = []
  const onExact = (leastMm: number) => told.push(leastMm)
  for (const sigma of [0, 7])
    await assignPoints(createFakeAtlas(images), labelled, points([{ mm: [2, 4, 2], sigma }]), { onExact })
  expect(told).toEqual([])
})

test('what is missing of a map is named once for exact points, and once for uncertain ones', async () => {
  const gaps: MapGap[] = []
  const { left } = images
  await assignPoints(createFakeAtlas({ left }), statistical(true), points([1, 4, 4].map((n) => POINTS[n]!)), { gaps })
  expect(gaps.map(({ regions }) => regions)).toEqual([['right'], ['right']])
})
