import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fetchLabelImage } from '../../../src/siibra/maps/labels/label-image.ts'
import { loadSharedIndex, type SharedIndex } from '../../../src/siibra/maps/shared-index.ts'
import { loadSparseIndex } from '../../../src/siibra/maps/sparse/load-sparse-index.ts'
import { entryPath } from '../../../src/siibra/retrieval/cache/entry-names.ts'
import { createRetrieval, type Retrieval } from '../../../src/siibra/retrieval/retrieval.ts'
import type { Image } from '../../../src/siibra/volumes/image.ts'
import { encodeNifti } from '../../../src/siibra/volumes/nifti/encode.ts'
import { createVolumeReader } from '../../../src/siibra/volumes/volume-reader.ts'
import { createFakeAtlas, fakeMap, fakeVolume } from './fake-atlas.ts'

const FILE = 'https://host/labels.nii'
let cacheDir: string
const open: Retrieval[] = []
beforeEach(() => {
  cacheDir = mkdtempSync(join(tmpdir(), 'shared-index-'))
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((retrieval) => retrieval.close()))
  rmSync(cacheDir, { recursive: true, force: true })
})

/** What a thread or process has of its own: all but the folder. */
function startProcess(files: Record<string, Uint8Array> = { [FILE]: Uint8Array.of(1) }) {
  const mirror = { get: async (path: string) => files[`https://${path}`], stat: async () => undefined }
  const retrieval = createRetrieval({ cacheDir, mirror, offline: true })
  open.push(retrieval)
  const volumes = createVolumeReader({ retrieval })
  return { ...createFakeAtlas({}), retrieval, volumes: { ...volumes, scan: vi.fn(volumes.scan) } }
}

const index: SharedIndex<{ text: string }> = {
  key: 'test',
  files: [{ format: 'nii', url: FILE }],
  encode: ({ text }, fingerprint) => Buffer.from(JSON.stringify([fingerprint, text])),
  decode: (bytes, fingerprint) => {
    const [made, text] = JSON.parse(Buffer.from(bytes).toString())
    return made === fingerprint ? { text } : undefined
  },
}
const leaseFile = () => `${entryPath(join(cacheDir, 'remote'), 'test')}.lease`

test('what several ask for at once is made by one of them, and found by the others', async () => {
  const make = vi.fn(async () => {
    await delay(150)
    return { text: 'made' }
  })
  const all = await Promise.all([1, 2, 3].map(() => loadSharedIndex(startProcess(), index, make)))
  expect(all).toEqual([{ text: 'made' }, { text: 'made' }, { text: 'made' }])
  expect(make).toHaveBeenCalledTimes(1)
  expect(await loadSharedIndex(startProcess(), index, make)).toEqual({ text: 'made' })
  const changed = startProcess({ [FILE]: Uint8Array.of(2) })
  await loadSharedIndex(changed, index, make)
  expect(make).toHaveBeenCalledTimes(2)
})

test('who fails over it, or has died over it, is followed by another one', async () => {
  const failing = loadSharedIndex(startProcess(), index, async () => {
    await delay(100)
    throw new Error('not I')
  })
  const other = loadSharedIndex(startProcess(), index, async () => ({ text: 'I' }))
  await expect(failing).rejects.toThrow('not I')
  expect(await other).toEqual({ text: 'I' })

  const dead = { ...index, files: [{ format: 'nii' as const, url: 'https://host/other.nii' }] }
  mkdirSync(dirname(leaseFile()), { recursive: true })
  writeFileSync(leaseFile(), '')
  utimesSync(leaseFile(), new Date(0), new Date(0))
  const files = { 'https://host/other.nii': Uint8Array.of(3) }
  expect(await loadSharedIndex(startProcess(files), dead, async () => ({ text: 'heir' }))).toEqual({ text: 'heir' })
})

test.each([
  { isInherited: false, what: 'gave it up makes its own, and keeps others from theirs no longer' },
  { isInherited: true, what: 'died over it is its heir until it is stored' },
])('who has waited for one who $what', async ({ isInherited }) => {
  const told: string[] = []
  const lease = vi
    .fn()
    .mockReturnValueOnce('held')
    .mockReturnValue({ isInherited, release: () => told.push('released') })
  const atlas = startProcess()
  const derived = { read: async () => undefined, write: async () => void told.push('stored'), lease }
  const make = async () => {
    told.push('made')
    return { text: 'made' }
  }
  await loadSharedIndex({ ...atlas, retrieval: { ...atlas.retrieval, derived } as Retrieval }, index, make)
  await vi.waitFor(() => expect(told.at(-1)).toBe('released'))
  expect(told).toEqual([...(isInherited ? [] : ['released']), 'made', 'stored', 'released'])
})

test('who has little patience makes it itself; who leaves waits no longer', async () => {
  mkdirSync(dirname(leaseFile()), { recursive: true })
  writeFileSync(leaseFile(), '')
  const make = async () => ({ text: 'mine' })
  expect(await loadSharedIndex(startProcess(), { ...index, patienceMs: 120 }, make)).toEqual({ text: 'mine' })
  const leave = new AbortController()
  const waiting = loadSharedIndex(startProcess(), { ...index, key: 'test' }, make, leave.signal)
  setTimeout(() => leave.abort(), 50)
  await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' })
})

function labels(mark: number, shape = [256, 128, 128]): Image {
  const data = new Float64Array(shape.reduce((product, size) => product * size, 1))
  data.fill(7, 100, 300)
  data[1000] = mark
  return {
    data,
    dtype: 'float64',
    shape,
    voxelToWorldMm: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
  }
}

test('runs of labels of a large volume are read once for all, those of small ones by each', async () => {
  const file = encodeNifti(labels(2 ** 40))
  const first = startProcess({ [FILE]: file })
  const made = await fetchLabelImage(first, fakeVolume(FILE), null)
  await first.retrieval.derived?.settle?.()
  const second = startProcess({ [FILE]: file })
  expect(await fetchLabelImage(second, fakeVolume(FILE), null)).toEqual(made)
  expect(second.volumes.scan).not.toHaveBeenCalled()
  const changed = startProcess({ [FILE]: encodeNifti(labels(9)) })
  const other = await fetchLabelImage(changed, fakeVolume(FILE), null)
  expect([...other.runs.label]).toEqual([7, 7, 9])
  for (const process of [1, 2].map(() => startProcess({ [FILE]: encodeNifti(labels(9, [64, 32, 32])) }))) {
    await fetchLabelImage(process, fakeVolume(FILE), null)
    expect(process.volumes.scan).toHaveBeenCalledTimes(1)
  }
})

test('two processes build the index of a statistical map once', async () => {
  const values = { ...labels(0.5, [64, 32, 32]), dtype: 'float32' as const }
  const file = encodeNifti({ ...values, data: Float32Array.from(values.data) })
  const map = fakeMap({ mapType: 'STATISTICAL', isSparse: true, volumes: [fakeVolume(FILE)], indices: {} })
  const [one, two] = [startProcess({ [FILE]: file }), startProcess({ [FILE]: file })]
  const [first, second] = await Promise.all([loadSparseIndex(one, map), loadSparseIndex(two, map)])
  expect(second.value).toEqual(first.value)
  expect(one.volumes.scan.mock.calls.length + two.volumes.scan.mock.calls.length).toBe(1)
})
