import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoConfigurationFiles, demoStore } from '../../../../src/demo/index.ts'
import { createRetrieval, fetchTemplate, fetchVolumeCutout, loadConfiguration } from '../../../../src/siibra/index.ts'
import type { Store } from '../../../../src/siibra/retrieval/stores/store.ts'
import { applyAffine, invertAffine } from '../../../../src/siibra/volumes/affine.ts'
import type { Image } from '../../../../src/siibra/volumes/image.ts'
import { decodeNifti } from '../../../../src/siibra/volumes/nifti/decode.ts'
import { startTestApp, type TestApp } from '../../../app.ts'

const space_id = 'siibra-api/demo/space/harbour-mean'
const microscopic = 'siibra-api/demo/space/harbour-microscopic'
const parcellation_id = 'siibra-api/demo/parcellation/harbour-2'
const region_id = 'Area B1 (Bow) left'
const bbox = '[[-20, -10, -10], [4, 20, 14]]'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

const ask = (path: string, parameters: Record<string, string> = {}) =>
  app.get(`/v3_0${path}?${new URLSearchParams(parameters)}`)

async function imageOf(path: string, parameters: Record<string, string> = {}): Promise<Image> {
  const answer = await ask(path, parameters)
  expect(answer.status, Buffer.from(answer.bytes).toString('latin1').slice(0, 400)).toBe(200)
  return decodeNifti(answer.bytes)
}

/** Every voxel of the part has the value of the voxel of the whole at the same place. */
function expectPart(part: Image, whole: Image): void {
  const toWhole = invertAffine(whole.voxelToWorldMm)
  const [nx, ny] = [whole.shape[0]!, whole.shape[1]!]
  let at = 0
  for (let k = 0; k < part.shape[2]!; k++)
    for (let j = 0; j < part.shape[1]!; j++)
      for (let i = 0; i < part.shape[0]!; i++, at++) {
        const [x, y, z] = applyAffine(toWhole, applyAffine(part.voxelToWorldMm, [i, j, k])).map(Math.round) as [
          number,
          number,
          number,
        ]
        if (part.data[at] !== whole.data[(z * ny + y) * nx + x]) expect.fail(`voxel ${i}, ${j}, ${k}`)
      }
}

const shared = { parcellation_id, space_id }

describe('of a volume with one resolution', () => {
  it.each([
    [`/spaces/${space_id}/template.nii.gz`, {}],
    ['/map/labelled_map.nii.gz', shared],
    ['/map/labelled_map.nii.gz', { ...shared, region_id }],
    ['/map/statistical_map.nii.gz', { ...shared, region_id }],
  ])('%s %j', async (path, parameters) => {
    const [whole, part] = [await imageOf(path, parameters), await imageOf(path, { ...parameters, bbox })]
    expect(part.data.length).toBeLessThan(whole.data.length / 4)
    expect(part.data.length).toBeGreaterThan(10)
    expectPart(part, whole)
  })
})

it('a fragment is one hemisphere', async () => {
  const left = await imageOf('/map/labelled_map.nii.gz', { ...shared, fragment: 'left' })
  const mask = await imageOf('/map/labelled_map.nii.gz', { ...shared, region_id: 'mantle', fragment: 'left' })
  for (const image of [left, mask]) {
    const [nx, ny] = [image.shape[0]!, image.shape[1]!]
    const xs = Array.from(image.data).flatMap((value, at) =>
      value
        ? [applyAffine(image.voxelToWorldMm, [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))])[0]]
        : [],
    )
    expect(xs.length).toBeGreaterThan(100)
    expect(Math.max(...xs)).toBeLessThanOrEqual(0)
  }
})

describe('of a pyramid', () => {
  const template = `/spaces/${microscopic}/template.nii.gz`

  it('the scale is the coarsest that resolves, the finest where none is asked for', async () => {
    // 8 x 8 x 8 voxels of 1 mm, and 4 x 4 x 4 of 2 mm, from the corner at 0; a value is its index
    const scale = (key: string, side: number, nm: number) => ({
      key,
      size: [side, side, side],
      chunk_sizes: [[side, side, side]],
      resolution: [nm, nm, nm],
      voxel_offset: [0, 0, 0],
      encoding: 'raw',
    })
    const scales = [scale('fine', 8, 1e6), scale('coarse', 4, 2e6)]
    const info = { type: 'image', data_type: 'uint16', num_channels: 1, scales }
    const chunk = (side: number) => Buffer.from(Uint16Array.from({ length: side ** 3 }, (_, at) => at).buffer)
    const files = new Map([
      ['info', Buffer.from(JSON.stringify(info))],
      ['fine/0-8_0-8_0-8', chunk(8)],
      ['coarse/0-4_0-4_0-4', chunk(4)],
    ])
    const mirror: Store = { ...demoStore(), get: async (key) => files.get(key.split('/pyramid/')[1] ?? '') }
    const core = await loadConfiguration({
      configuration: demoConfigurationFiles(),
      retrieval: createRetrieval({ mirror, offline: true }),
    })
    const volume = {
      ...core.spaces.lookUp(space_id).object.volumes[0]!,
      providers: { 'neuroglancer/precomputed': 'https://demo.example/pyramid' },
    }
    const boxMm = { minMm: [2, 2, 4], maxMm: [6, 6, 8] } as {
      minMm: [number, number, number]
      maxMm: [number, number, number]
    }
    const finest = await fetchVolumeCutout(core, volume, { boxMm })
    expect(finest.shape).toEqual([4, 4, 4])
    // axes are z, y, x, as siibra's
    expect(finest.data[0]).toBe((4 * 8 + 2) * 8 + 2)
    expect(applyAffine(finest.voxelToWorldMm, [0, 0, 0])).toEqual([2.5, 2.5, 4.5])
    const coarse = await fetchVolumeCutout(core, volume, { boxMm, resolutionMm: 3 })
    expect(coarse.shape).toEqual([2, 2, 2])
    expect(coarse.data[0]).toBe((2 * 4 + 1) * 4 + 1)
    expect((await fetchVolumeCutout(core, volume, { boxMm, resolutionMm: 1.5 })).shape).toEqual([4, 4, 4])
    expect((await fetchVolumeCutout(core, volume, { boxMm, resolutionMm: 0.01 })).shape).toEqual([4, 4, 4])
    expect((await fetchVolumeCutout(core, volume, { boxMm, maxVoxels: 20 })).shape).toEqual([2, 2, 2])
    await expect(fetchVolumeCutout(core, volume, { boxMm, resolutionMm: 1, maxVoxels: 20 })).rejects.toMatchObject({
      code: 'INVALID_PARAMETER',
      details: { parameter: 'resolution_mm', allowed: { resolutions_mm: [2], max_voxels: 20 } },
    })
    await core.retrieval.close()
  })

  it('masks of regions come at the scale that is asked for', async () => {
    const query = { parcellation_id, space_id: microscopic, region_id: 'Area B1 (Bow)' }
    const [whole, part] = [
      await imageOf('/map/labelled_map.nii.gz', query),
      await imageOf('/map/labelled_map.nii.gz', { ...query, resolution_mm: '1000' }),
    ]
    expect(part.data).toEqual(whole.data)
  })

  it('too fine is refused, and says what is possible', async () => {
    const answer = await ask(template, { resolution_mm: '0.000001', max_voxels: '10' })
    expect(answer.status).toBe(422)
    expect(JSON.stringify(answer.json())).toMatch(/possible are .*boxes of about [\d.]+ mm/)
  })
})

describe('what cannot be cut out is said', () => {
  it.each([
    [`/spaces/${space_id}/template.nii.gz`, { bbox: 'here' }, 'bbox'],
    [`/spaces/${space_id}/template.nii.gz`, { bbox: '[[5000,0,0],[5001,1,1]]' }, 'outside'],
    [`/spaces/${microscopic}/template.nii.gz`, { bbox: '[[5000,0,0],[5001,1,1]]' }, 'outside'],
    [`/spaces/${space_id}/template.nii.gz`, { bbox: '[[0,0,0],[0,1,1]]' }, 'no volume'],
    [`/spaces/${space_id}/template.nii.gz`, { resolution_mm: '-1' }, 'resolution_mm'],
    [`/spaces/${space_id}/template.nii.gz`, { max_voxels: '7' }, 'possible'],
    ['/spaces/siibra-api/demo/space/harbour-surface/template.nii.gz', {}, 'voxels'],
    ['/map/labelled_map.nii.gz', { ...shared, fragment: 'middle' }, 'fragment'],
    ['/map/labelled_map.nii.gz', { ...shared, region_id, fragment: 'middle' }, 'fragment'],
    ['/map/statistical_map.nii.gz', { ...shared, region_id, fragment: 'middle' }, 'fragment'],
    ['/feature/nothing/image.nii.gz', {}, 'nothing'],
  ])('%s %j', async (path, parameters, word) => {
    const answer = await ask(path, parameters as never)
    expect(answer.status, Buffer.from(answer.bytes).toString('latin1').slice(0, 300)).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(JSON.stringify(answer.json())).toContain(word)
  })
})

describe('a template whose first provider fails', () => {
  it.each(['away', 'unreadable'])('%s: the next one is taken', async (kind) => {
    const files = demoConfigurationFiles()
    const store = demoStore()
    const other: Store = {
      ...store,
      get: async (key, options) => {
        if (!key.includes('first-provider')) return store.get(key, options)
        return kind === 'away' ? undefined : Buffer.from('<html>')
      },
    }
    const core = await loadConfiguration({
      configuration: files,
      retrieval: createRetrieval({ mirror: other, offline: true }),
    })
    const space = core.spaces.lookUp(microscopic).object
    const [volume] = space.volumes
    const broken = {
      ...volume!,
      providers: { nii: 'https://demo.example/first-provider.nii.gz', ...volume!.providers },
    }
    const image = await fetchTemplate(core, { ...space, volumes: [broken] })
    expect(image.data).toEqual((await fetchTemplate(core, space)).data)
    await core.retrieval.close()
  })
})
