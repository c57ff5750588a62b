/** Labelled maps of a few voxels, and what they are drawn of. */
import type { MapIndex, Region } from '../../../src/siibra/core/types.ts'
import { scalingAffine } from '../../../src/siibra/volumes/affine.ts'
import type { Image } from '../../../src/siibra/volumes/image.ts'
import { createFakeAtlas, fakeMap, fakeParcellation, fakeVolume } from '../maps/fake-atlas.ts'

/** Voxels of 2 mm; the centre of the first lies at `fromMm`. */
export function affineFrom(fromMm: readonly number[]) {
  const affine = scalingAffine([2, 2, 2])
  fromMm.forEach((mm, axis) => {
    affine[4 * axis + 3] = mm
  })
  return affine
}
export const SHAPE = [4, 3, 2]
export const labels = (values: number[]): Image => ({
  data: Int16Array.from(values),
  dtype: 'int16',
  shape: SHAPE,
  voxelToWorldMm: affineFrom([0, 0, 0]),
})
export const values = (data: ArrayLike<number>, shape = SHAPE, fromMm = [0, 0, 0]): Image => ({
  data: Float32Array.from(data),
  dtype: 'float32',
  shape,
  voxelToWorldMm: affineFrom(fromMm),
})
export const index = (label: number | null, fragment: string | null = null, volume = 0): MapIndex[] => [
  { volume, label, fragment },
]
export const regionOf = (parcellation: Region, name: string) =>
  parcellation.children.find((region) => region.name === name)!

// label 5 belongs to no region
export const drawing = labels([1, 1, 0, 2, 1, 0, 0, 2, 0, 0, 5, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 7, 7])
export const parcellation = fakeParcellation({ a: {}, b: {}, c: {} })
export const map = fakeMap({
  parcellation,
  volumes: [fakeVolume('labels')],
  // not in the order of the labels
  indices: { c: index(7), a: index(1), b: index(2) },
})
export const atlas = () => createFakeAtlas({ labels: drawing })
export const sides = fakeMap({
  parcellation: fakeParcellation({ left: {}, right: {} }),
  volumes: [fakeVolume({ 'left hemisphere': 'l', 'right hemisphere': 'r' })],
  indices: { left: index(1, 'left hemisphere'), right: index(1, 'right hemisphere') },
})
export const onLeft = labels([1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
export const onRight = labels([0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
