import { afterEach, describe, expect, test, vi } from 'vitest'
import { assignPoint } from '../../../../src/siibra/maps/assignment/assign.ts'
import type { MapGap } from '../../../../src/siibra/maps/gaps.ts'
import { loadSparseIndex } from '../../../../src/siibra/maps/sparse/load-sparse-index.ts'
import { decodeSparseIndex, encodeSparseIndex } from '../../../../src/siibra/maps/sparse/sparse-file.ts'
import type { Image } from '../../../../src/siibra/volumes/image.ts'
import { encodeNifti } from '../../../../src/siibra/volumes/nifti/encode.ts'
import { createFakeAtlas, fakeMap, fakeSpace, fakeVolume } from '../fake-atlas.ts'

const image = (data: number[]): Image => ({
  data: Float32Array.from(data),
  dtype: 'float32',
  shape: [3, 2, 1],
  voxelToWorldMm: Float64Array.of(2, 0, 0, -1, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1),
})
const index = (volume: number) => [{ volume, label: null, fragment: null }]
const map = fakeMap({
  mapType: 'STATISTICAL',
  isSparse: true,
  volumes: [fakeVolume('a'), fakeVolume('b')],
  indices: { a: index(0), b: index(1) },
})
const images = { a: image([0, 0.5, 0, 0, 0.25, 0]), b: image([0, 1, 0, 0, 0, 0]) }

/** An atlas of its own memory, and a disk that outlives it. */
function start(disk: Map<string, Uint8Array>, files: Record<string, Image> = images) {
  const atlas = createFakeAtlas(files)
  atlas.retrieval.derived = {
    read: async (key) => {
      const bytes = disk.get(key)
      return bytes && { bytes, storedAtMs: 0 }
    },
    write: async (key, bytes) => void disk.set(key, bytes),
  }
  return { ...atlas, volumes: { ...atlas.volumes, scan: vi.fn(atlas.volumes.scan) } }
}

test('an index is the same after a start, without decoding a volume', async () => {
  const disk = new Map<string, Uint8Array>()
  const built = await loadSparseIndex(start(disk), map)
  await vi.waitFor(() => expect(disk.size).toBe(1), 120_000)
  const atlas = start(disk)
  expect(await loadSparseIndex(atlas, map)).toEqual(built)
  expect(atlas.volumes.scan).not.toHaveBeenCalled()
})

test('other files make another index', async () => {
  const disk = new Map<string, Uint8Array>()
  await loadSparseIndex(start(disk), map)
  await vi.waitFor(() => expect(disk.size).toBe(1), 120_000)
  const changed = await loadSparseIndex(start(disk, { ...images, b: image([0, 0, 0, 0, 0, 0.75]) }), map)
  expect([...changed.value]).toEqual([0.5, 0.25, 0.75])
})

test('broken bytes on disk are as good as none', async () => {
  const disk = new Map<string, Uint8Array>()
  const built = await loadSparseIndex(start(disk), map)
  await vi.waitFor(() => expect(disk.size).toBe(1), 120_000)
  const [[key, bytes]] = [...disk] as [[string, Uint8Array]]
  for (const broken of [
    bytes.subarray(0, 5),
    bytes.subarray(0, 40),
    bytes.subarray(0, -1),
    new Uint8Array(bytes.length),
  ]) {
    disk.set(key, broken)
    expect(await loadSparseIndex(start(disk), map)).toEqual(built)
  }
})

test('bytes need not be aligned', async () => {
  const built = await loadSparseIndex(createFakeAtlas(images), map)
  const bytes = encodeSparseIndex(built, 'of these')
  const shifted = new Uint8Array(bytes.length + 3)
  shifted.set(bytes, 3)
  expect(decodeSparseIndex(shifted.subarray(3), 'of these')).toEqual(built)
  expect(decodeSparseIndex(bytes, 'of those')).toBeUndefined()
})

describe('a volume that cannot be read', () => {
  const assign = async (atlas: ReturnType<typeof start>, gaps: MapGap[]) =>
    assignPoint(atlas, map, { coordinateMm: [1, 0, 0], sigmaMm: 0, spaceId: fakeSpace.id }, { gaps })
  afterEach(() => void vi.useRealTimers())

  test.each([
    ['gone', { a: images.a }],
    ['with other voxels', { ...images, b: { ...images.a, shape: [2, 3, 1] } }],
  ])('since it is %s costs its own region, which is named', async (_, files) => {
    const gaps: MapGap[] = []
    const disk = new Map<string, Uint8Array>()
    expect(await assign(start(disk, files), gaps)).toMatchObject([{ region: 'a', mapValue: 0.5 }])
    expect(gaps).toMatchObject([{ regions: ['b'], isTemporary: true }])
    expect(disk.size).toBe(0)
  })

  test('is tried again after ten seconds, alone; then the index is whole, and stored', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const disk = new Map<string, Uint8Array>()
    const files: Record<string, Image> = { a: images.a }
    const atlas = start(disk, files)
    expect(await assign(atlas, [])).toHaveLength(1)
    atlas.files.set('b', encodeNifti(images.b))
    expect(await assign(atlas, [])).toHaveLength(1)
    vi.setSystemTime(Date.now() + 11_000)
    const gaps: MapGap[] = []
    expect(await assign(atlas, gaps)).toMatchObject([{ region: 'a' }, { region: 'b', mapValue: 1 }])
    expect(gaps).toEqual([])
    expect(atlas.volumes.scan).toHaveBeenCalledTimes(2)
    expect(atlas.volumes.scan.mock.lastCall?.[0]).toHaveLength(1)
    await vi.waitFor(() => expect(disk.size).toBe(1), 120_000)
    expect(await loadSparseIndex(atlas, map)).toEqual(await loadSparseIndex(start(new Map()), map))
  })

  test('is the failure of all where there is no other', async () => {
    await expect(assign(start(new Map(), {}), [])).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  })

  test('costs its own region also of a map without an index', async () => {
    const plain = { ...map, isSparse: false }
    const gaps: MapGap[] = []
    const point = { coordinateMm: [1, 0, 0] as const, sigmaMm: 0, spaceId: fakeSpace.id }
    const rows = await assignPoint(start(new Map(), { b: images.b }), plain, point, { gaps })
    expect(rows).toMatchObject([{ region: 'b', mapValue: 1 }])
    expect(gaps).toMatchObject([{ regions: ['a'] }])
    await expect(assignPoint(start(new Map(), {}), plain, point)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    })
  })
})
