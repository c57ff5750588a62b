import { afterEach, describe, expect, test, vi } from 'vitest'
import { assignPoint } from '../../../../src/siibra/maps/assignment/assign.ts'
import type { MapGap } from '../../../../src/siibra/maps/gaps.ts'
import { findSparseIndex, loadSparseIndex } from '../../../../src/siibra/maps/sparse/load-sparse-index.ts'
import { decodeSparseIndex, encodeSparseIndex } from '../../../../src/siibra/maps/sparse/sparse-file.ts'
import type { Image } from '../../../../src/siibra/volumes/image.ts'
import { encodeNifti } from '../../../../src/siibra/volumes/nifti/encode.ts'
import type { VolumeReader } from '../../../../src/siibra/volumes/volume-reader.ts'
import { visitImage } from '../../../../src/siibra/volumes/volume-scan.ts'
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

test('an index that was made is stored once', async () => {
  const atlas = start(new Map())
  const write = vi.fn(async () => {})
  atlas.retrieval.derived = { read: async () => undefined, write }
  await loadSparseIndex(atlas, map)
  await vi.waitFor(() => expect(write).toHaveBeenCalled())
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
  expect(write).toHaveBeenCalledTimes(1)
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
    vi.setSystemTime(Date.now() + 9_999)
    expect(await assign(atlas, [])).toHaveLength(1)
    vi.setSystemTime(Date.now() + 1)
    const gaps: MapGap[] = []
    expect(await assign(atlas, gaps)).toMatchObject([{ region: 'a' }, { region: 'b', mapValue: 1 }])
    expect(gaps).toEqual([])
    expect(atlas.volumes.scan).toHaveBeenCalledTimes(2)
    expect(atlas.volumes.scan.mock.lastCall?.[0]).toHaveLength(1)
    await vi.waitFor(() => expect(disk.size).toBe(1), 120_000)
    expect(await loadSparseIndex(atlas, map)).toEqual(await loadSparseIndex(start(new Map()), map))
  })

  test('is looked for no more once there is none', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const atlas = start(new Map())
    const whole = await loadSparseIndex(atlas, map)
    for (let times = 0; times < 2; times++) {
      expect(await loadSparseIndex(atlas, map)).toBe(whole)
      vi.setSystemTime(Date.now() + 20_000)
    }
    expect(await loadSparseIndex(atlas, map)).toBe(whole)
    expect(atlas.volumes.scan).toHaveBeenCalledTimes(1)
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

describe('an index that is being made', () => {
  /** A time that did not begin just now. */
  const fakeTime = async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] })
    await vi.advanceTimersByTimeAsync(12_345)
  }
  afterEach(() => void vi.useRealTimers())
  const names = ['a', 'b', 'a', 'b']
  const four = { ...map, volumes: names.map((name) => fakeVolume(name)) }

  /** An atlas that reads volumes at these times (ms), and the others never. */
  function slowly(timesMs: readonly number[], told: string[] = []) {
    const atlas = start(new Map())
    const scan = vi.fn<VolumeReader['scan']>(async (_, visit, { onVolume }) => {
      for (const [number, ms] of timesMs.entries()) {
        await new Promise((resolve) => setTimeout(resolve, ms - (timesMs[number - 1] ?? 0)))
        visitImage(images[names[number] as 'a' | 'b'], visit(number))
        onVolume?.(number)
      }
      if (timesMs.length < names.length) await new Promise(() => {})
    })
    const report = (message: string) => void told.push(message)
    return {
      ...atlas,
      retrieval: { ...atlas.retrieval, derived: undefined },
      volumes: { ...atlas.volumes, scan, report },
    }
  }

  test.each([
    { doneMs: [], waitMs: 1000, retryAfterS: 2 },
    { doneMs: [], waitMs: 20_000, retryAfterS: 20 },
    { doneMs: [], waitMs: 90_000, retryAfterS: 60 },
    { doneMs: [10], waitMs: 8000, retryAfterS: 24 },
    { doneMs: [10, 20], waitMs: 8500, retryAfterS: 9 },
    { doneMs: [10, 20, 30], waitMs: 30_000, retryAfterS: 10 },
    { doneMs: [10, 20, 30], waitMs: 3000, retryAfterS: 2 },
  ])(
    'is waited for so long, and then to be asked for again by how quick it is: $doneMs, $waitMs ms',
    async ({ doneMs, waitMs, retryAfterS }) => {
      await fakeTime()
      const waits = loadSparseIndex(slowly(doneMs), four, waitMs === 20_000 ? {} : { timeoutMs: waitMs })
      const outcome = waits.catch((error: unknown) => error)
      await vi.advanceTimersByTimeAsync(waitMs)
      const done = doneMs.length
      expect(await outcome).toMatchObject({
        code: 'UNAVAILABLE',
        message: `The index of the map 'map' is being made (${done} of 4 volumes are read); ask again in ${retryAfterS} s`,
        details: { map: 'map', volumesDone: done, volumes: 4, retryAfterS },
      })
    },
  )

  test('is told of every two seconds, and at the end', async () => {
    await fakeTime()
    const told: string[] = []
    const waits = loadSparseIndex(slowly([1999, 2000, 3990, 3998], told), four)
    await vi.advanceTimersByTimeAsync(3998)
    expect((await waits).volumes).toHaveLength(4)
    const line = (done: number, after: string) =>
      `Index of the map 'map' in 'space': ${done} of 4 volumes read after ${after} s`
    expect(told).toEqual([line(2, '2.0'), line(4, '4.0')])
  })

  test('is left by who has gone, and goes on for others', async () => {
    await fakeTime()
    const atlas = slowly([10, 20, 30, 40])
    const gone = new AbortController()
    const left = loadSparseIndex(atlas, four, { signal: gone.signal }).catch((error: unknown) => error)
    const waits = loadSparseIndex(atlas, four)
    gone.abort()
    expect(await left).toMatchObject({ code: 'ABORTED' })
    await expect(loadSparseIndex(atlas, four, { signal: gone.signal })).rejects.toMatchObject({ code: 'ABORTED' })
    await vi.advanceTimersByTimeAsync(40)
    expect(await loadSparseIndex(atlas, four)).toBe(await waits)
  })
})

test('an index is found in memory or on disk, and made by nobody who only looks for it', async () => {
  const disk = new Map<string, Uint8Array>()
  const atlas = start(disk)
  expect(await findSparseIndex(atlas, map)).toBeUndefined()
  expect(atlas.volumes.scan).not.toHaveBeenCalled()
  const made = await loadSparseIndex(atlas, map)
  expect(await findSparseIndex(atlas, map)).toBe(made)
  await vi.waitFor(() => expect(disk.size).toBe(1), 120_000)
  const other = start(disk)
  const found = await findSparseIndex(other, map)
  expect(found).toEqual(made)
  expect(await findSparseIndex(other, map)).toBe(found)
})

test('an index of files in several fragments is not stored', async () => {
  const disk = new Map<string, Uint8Array>()
  const atlas = start(disk)
  const parted = { ...map, volumes: [fakeVolume('a'), fakeVolume({ left: 'b' })] }
  const made = await loadSparseIndex(atlas, parted)
  expect(made.volumes.map(({ count }) => count)).toEqual([2, 1])
  expect(await findSparseIndex(start(disk), parted)).toBeUndefined()
})
