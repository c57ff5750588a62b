import { describe, expect, test } from 'vitest'
import { fetchLabelledCutout, fetchMaskCutout } from '../../../../src/siibra/maps/templates/label-cutout.ts'
import type { Image } from '../../../../src/siibra/volumes/image.ts'
import { createVolumeReader } from '../../../../src/siibra/volumes/volume-reader.ts'
import { answeringRetrieval } from '../../small-atlas.ts'
import { createFakeAtlas, fakeMap, fakeParcellation, fakeSpace, fakeVolume } from '../fake-atlas.ts'
import { objects, PYRAMID, precomputed, whole } from './small-pyramid.ts'

describe('a labelled map', () => {
  const cut = (...volumes: ReturnType<typeof precomputed>[]) => {
    const core = { ...createFakeAtlas({}), retrieval: answeringRetrieval(() => undefined, objects) }
    return fetchLabelledCutout(core, fakeMap({ volumes, indices: {} }), { resolutionMm: 2 })
  }
  test('of one volume is read at the scale that is asked for', async () => {
    expect((await cut(precomputed())).shape).toEqual([3, 2, 2])
  })

  test('of several volumes is put together in the voxels of the template', async () => {
    const labels = (...data: number[]): Image => ({ ...whole, data: Uint8Array.from(data) })
    const files = { whole, left: labels(7, 0, 0, 0, 0, 0, 0, 0), right: labels(0, 0, 0, 9, 0, 0, 0, 0) }
    const map = fakeMap({
      volumes: [fakeVolume('left'), fakeVolume('right')],
      indices: {
        left: [{ volume: 0, label: 7, fragment: null }],
        right: [{ volume: 1, label: 9, fragment: null }],
      },
    })
    const space = { ...fakeSpace, volumes: [fakeVolume('whole')] }
    const joined = await fetchLabelledCutout(createFakeAtlas(files), { ...map, space }, {})
    expect([...joined.data]).toEqual([1, 0, 0, 2, 0, 0, 0, 0])
  })
})

describe('the mask of a region', () => {
  const parcellation = fakeParcellation({ both: { left: {}, right: {} } })
  const map = fakeMap({
    parcellation,
    volumes: [precomputed({ 'left hemisphere': PYRAMID, 'right hemisphere': PYRAMID })],
    indices: {
      left: [{ volume: 0, label: 101, fragment: 'left hemisphere' }],
      right: [{ volume: 0, label: 201, fragment: 'right hemisphere' }],
    },
  })
  const retrieval = answeringRetrieval(() => undefined, objects)
  const core = { ...createFakeAtlas({}, [map]), retrieval, volumes: createVolumeReader({ retrieval }) }
  const [both] = parcellation.children
  const [left, right] = both!.children

  test('in one image of a pyramid is at the scale that is asked for', async () => {
    const { data, shape } = await fetchMaskCutout(core, left!, fakeSpace, { resolutionMm: 2 })
    expect([[...data], shape]).toEqual([
      [...Array(6).fill(0), 1, ...Array(5).fill(0)],
      [3, 2, 2],
    ])
  })

  test('in several images is put together of all of them', async () => {
    const ofBoth = await fetchMaskCutout(core, both!, fakeSpace, {})
    const ofRight = await fetchMaskCutout(core, right!, fakeSpace, { resolutionMm: 4 })
    expect([...ofRight.data]).toEqual([0, 1])
    expect([...ofBoth.data]).toEqual([...ofRight.data])
  })
})
