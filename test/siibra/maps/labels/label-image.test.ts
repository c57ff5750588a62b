import { expect, test, vi } from 'vitest'
import type { Volume } from '../../../../src/siibra/core/types.ts'
import { fetchLabelImage } from '../../../../src/siibra/maps/labels/label-image.ts'
import type { Image } from '../../../../src/siibra/volumes/image.ts'
import { createFakeAtlas, fakeVolume } from '../fake-atlas.ts'

const image: Image = {
  data: Int16Array.of(7, 7, 0, 7, 9, 0),
  dtype: 'int16',
  shape: [3, 2, 1],
  voxelToWorldMm: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
}

/** An atlas with a disk, whose volumes say that they have so many voxels; and what is asked of the disk. */
function withDisk(voxels: number) {
  const atlas = createFakeAtlas({ labels: image })
  const read = vi.fn(async () => undefined)
  atlas.retrieval.derived = { read, write: async () => {} }
  const keep = vi.fn(atlas.volumes.keep)
  const fetchGrid = async () => ({ ...image, shape: [voxels / 2, 2, 1] }) as never
  return { atlas: { ...atlas, volumes: { ...atlas.volumes, fetchGrid, keep } as typeof atlas.volumes }, read, keep }
}

test('the labels of a volume are where they are, and take room for each run and each label', async () => {
  const { atlas, keep } = withDisk(6)
  const found = await fetchLabelImage(atlas, fakeVolume('labels'), null)
  expect([found.runs.startVox, found.runs.lengthVox, found.runs.label].map((runs) => [...runs])).toEqual([
    [0, 3, 4],
    [2, 1, 1],
    [7, 7, 9],
  ])
  expect(found.shape).toEqual([3, 2, 1])
  expect(keep.mock.calls[0]![1](found)).toBe(3 * 16 + 2 * 64)
})

const LARGE = 2 ** 22
const precomputed = { ...fakeVolume('labels'), providers: { 'neuroglancer/precomputed': 'labels' } }
const mirrored = fakeVolume({ left: 'labels', right: 'labels' })

test.each<{ what: string; volume: Volume; fragment: string | null; voxels: number; isShared: boolean }>([
  { what: 'a large file', volume: fakeVolume('labels'), fragment: null, voxels: LARGE, isShared: true },
  { what: 'a smaller file', volume: fakeVolume('labels'), fragment: null, voxels: LARGE - 2, isShared: false },
  { what: 'one of several', volume: mirrored, fragment: 'left', voxels: LARGE, isShared: true },
  { what: 'several files', volume: mirrored, fragment: null, voxels: LARGE, isShared: false },
  { what: 'no plain file', volume: precomputed, fragment: null, voxels: LARGE, isShared: false },
])('runs are looked for on the disk: $what, $isShared', async ({ volume, fragment, voxels, isShared }) => {
  const { atlas, read } = withDisk(voxels)
  await fetchLabelImage(atlas, volume, fragment).catch((error: unknown) => {
    if (volume !== precomputed) throw error
  })
  expect(read.mock.calls.length > 0).toBe(isShared)
})

test('a volume that nothing was read of is a fault', async () => {
  const { atlas } = withDisk(6)
  const silent = { ...atlas, volumes: { ...atlas.volumes, scan: async () => {} } }
  await expect(fetchLabelImage(silent, fakeVolume('labels'), null)).rejects.toMatchObject({
    code: 'INTERNAL',
    message: 'labels was not read',
  })
})
