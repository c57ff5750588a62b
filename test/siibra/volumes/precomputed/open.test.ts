import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { affineFromRows, applyAffine } from '../../../../src/siibra/volumes/affine.ts'
import { scaleVoxelToWorldMm, selectScale } from '../../../../src/siibra/volumes/precomputed/scale.ts'
import { openPrecomputed } from '../../../../src/siibra/volumes/precomputed/volume.ts'
import { createMemoryStore } from '../fixtures.ts'
import { url } from './volumes.ts'

describe('openPrecomputed', () => {
  const open = (files: Record<string, unknown>) =>
    openPrecomputed(
      createMemoryStore(
        Object.fromEntries(
          Object.entries(files).map(([path, value]) => [
            `${url}/${path}`,
            new TextEncoder().encode(JSON.stringify(value)),
          ]),
        ),
      ),
      `${url}/`,
    )
  const scale = {
    key: 's0',
    encoding: 'raw',
    size: [2, 2, 2],
    resolution: [1, 1, 1],
    chunk_sizes: [[2, 2, 2]],
    voxel_offset: [0, 0, 0],
  }
  const info = { data_type: 'uint8', num_channels: 1, type: 'image', scales: [scale] }

  test('without info is NOT_FOUND', async () => {
    await expect(open({})).rejects.toMatchObject({ code: 'NOT_FOUND', details: { url: `${url}/info` } })
  })

  test('a volume of meshes only has no scale to choose', async () => {
    const volume = await open({ info: { ...info, scales: [], mesh: 'mesh' } })
    expect(volume.info.mesh).toBe('mesh')
    expect(() => selectScale(volume)).toThrow(expect.objectContaining({ code: 'NOT_AVAILABLE' }))
  })

  test.each([
    ['a list', [], 'no JSON object'],
    ['null', null, 'no JSON object'],
    ['another kind of volume', { ...info, '@type': 'neuroglancer_skeletons' }, '@type is "neuroglancer_skeletons"'],
    ['a data type', { ...info, data_type: 'complex64' }, 'unknown data_type "complex64"'],
    ['channels', { ...info, num_channels: 0 }, 'num_channels is 0'],
    ['scales', { ...info, scales: 1 }, 'scales is no list'],
    ['a size', { ...info, scales: [{ ...scale, size: [1, 2] }] }, 'scales[0].size is [1,2]'],
    ['a negative size', { ...info, scales: [{ ...scale, size: [1, 2, -2] }] }, 'scales[0].size is [1,2,-2]'],
    ['a chunk size', { ...info, scales: [{ ...scale, chunk_sizes: [[0, 1, 1]] }] }, 'chunk_sizes[0] is [0,1,1]'],
    ['a resolution', { ...info, scales: [{ ...scale, resolution: ['a', 1, 1] }] }, 'resolution is ["a",1,1]'],
    ['a scale', { ...info, scales: [null] }, 'scales[0].key is undefined'],
    [
      'a block size',
      { ...info, scales: [{ ...scale, encoding: 'compressed_segmentation' }] },
      'block_size is undefined',
    ],
  ])('refuses %s that is wrong', async (_, wrong, message) => {
    await expect(open({ info: wrong })).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining(message),
      details: { url: `${url}/info` },
    })
  })

  test.each([
    ['an encoding', { ...info, scales: [{ ...scale, encoding: 'compresso' }] }],
    ['a kind of sharding', { ...info, scales: [{ ...scale, sharding: { '@type': 'other' } }] }],
  ])('reports %s that it does not know as unsupported', async (_, unknown) => {
    await expect(open({ info: unknown })).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  })

  test.each([
    [{}],
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['x'],
  ])('refuses the transform %j', async (transform) => {
    await expect(open({ info, 'transform.json': transform })).rejects.toMatchObject({
      code: 'BAD_DATA',
      details: { url: `${url}/transform.json` },
    })
  })

  test('any JSON in the place of a property is read or refused, never anything else', async () => {
    const properties = [
      'data_type',
      'num_channels',
      'type',
      'scales',
      'mesh',
      '@type',
      ...Object.keys(scale),
      'sharding',
    ]
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...properties), fc.jsonValue(), async (property, value) => {
        const wrong =
          property in scale || property === 'sharding'
            ? { ...info, scales: [{ ...scale, [property]: value }] }
            : { ...info, [property]: value }
        const opened = await open({ info: wrong }).catch((error: unknown) => error)
        if (opened instanceof Error) expect(opened).toMatchObject({ name: 'SiibraError' })
        else expect(opened).toHaveProperty('info.scales')
      }),
      { numRuns: 500 },
    )
  })

  test('without transform.json takes nm as they are', async () => {
    const volume = await open({ info })
    expect(volume.transformNm).toEqual(
      affineFromRows([
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
      ]),
    )
  })

  test('without transform.json a voxel begins at voxel_offset, so its centre lies half a voxel inside', async () => {
    const nm = { ...scale, voxel_offset: [10, 0, 0], resolution: [2e6, 1e6, 1e6] }
    const bare = await open({ info: { ...info, scales: [nm] } })
    const [first] = bare.info.scales
    expect(applyAffine(scaleVoxelToWorldMm(first!, bare), [10, 0, 0])).toEqual([21, 0.5, 0.5])
    const identity = [0, 1, 2, 3].map((row) => [0, 1, 2, 3].map((column) => (row === column ? 1 : 0)))
    const placed = await open({ info: { ...info, scales: [nm] }, 'transform.json': identity })
    expect(applyAffine(scaleVoxelToWorldMm(first!, placed), [10, 0, 0])).toEqual([20, 0, 0])
  })

  test.each([`precomputed://${url}`, `${url}/|neuroglancer-precomputed:`])(
    'finds the files behind %s',
    async (address) => {
      const store = createMemoryStore({ [`${url}/info`]: new TextEncoder().encode(JSON.stringify(info)) })
      expect((await openPrecomputed(store, address)).url).toBe(url)
    },
  )

  test('reads gzipped JSON', async () => {
    const store = createMemoryStore({ [`${url}/info`]: gzipSync(JSON.stringify(info)) })
    expect((await openPrecomputed(store, url)).info.dataType).toBe('uint8')
  })
})
