import { describe, expect, it } from 'vitest'
import type { MapIndex, ProviderUrl, Region } from '../../../src/siibra/core/types.ts'
import { encodeGiftiLabels } from '../../../src/siibra/meshes/encode-gifti.ts'
import { fetchLabelledSurfaceFile } from '../../../src/siibra/meshes/surface-labels.ts'
import { colourOfNumber } from '../../../src/siibra/pictures/colours.ts'
import { parseGifti } from '../../../src/siibra/volumes/surfaces/gifti.ts'
import { createFakeAtlas, fakeMap, fakeParcellation, fakeVolume } from '../maps/fake-atlas.ts'

const parcellation = fakeParcellation({ a: {}, b: {}, c: {} })
const [, first] = (parcellation as unknown as { regions: Region[] }).regions
Object.assign(first!, { rgb: '#ff8000' })

const core = createFakeAtlas({})
core.files.set('l', encodeGiftiLabels(Int32Array.of(0, 1, 3, 0), []))
core.files.set('r', encodeGiftiLabels(Int32Array.of(1, 0, 3), []))

const index = (label: number | null, fragment: string | null = null, volume = 1): MapIndex => ({
  volume,
  label,
  fragment,
})
const mapOf = (source: ProviderUrl, indices: Record<string, MapIndex[]>) =>
  fakeMap({
    parcellation,
    volumes: [fakeVolume('voxels'), { ...fakeVolume(''), providers: { 'gii-label': source } }],
    indices,
  })
const sides = { left: 'l', right: 'r' }

async function read(map: ReturnType<typeof mapOf>, options = {}) {
  const { arrays, labels } = parseGifti(await fetchLabelledSurfaceFile(core, map, options))
  return {
    vertices: [...arrays[0]!.data],
    names: Object.fromEntries([...labels].map(([key, { name }]) => [key, name])),
    labels,
  }
}

describe('labels of a surface as a file', () => {
  const same = { a: [index(1, 'left'), index(1, 'right')], b: [index(3)] }

  it('are those of both hemispheres, one after the other', async () => {
    const { vertices, names } = await read(mapOf(sides, same))
    expect(vertices).toEqual([0, 1, 3, 0, 1, 0, 3])
    expect(names).toEqual({ 0: '???', 1: 'a', 3: 'b' })
    expect((await read(mapOf(sides, same), { fragment: 'RIGHT' })).vertices).toEqual([1, 0, 3])
  })

  it('are those of the first volume, where that is the one', async () => {
    const map = mapOf(sides, { a: [index(1, 'left', 0)], b: [index(3, null, 0)] })
    expect((await read({ ...map, volumes: map.volumes.slice(1) })).names).toEqual({ 0: '???', 1: 'a', 3: 'b' })
  })

  it('are counted on where one means another region on the other side', async () => {
    const { vertices, names } = await read(
      mapOf(sides, { a: [index(1, 'left')], b: [index(3, 'left')], c: [index(1, 'right')] }),
    )
    expect(vertices).toEqual([0, 1, 3, 0, 4, 0, 6])
    expect(names).toEqual({ 0: '???', 1: 'a', 3: 'b', 4: 'c' })
  })

  it('have the colours of their regions, or those of their numbers', async () => {
    const { labels } = await read(mapOf(sides, same))
    expect(labels.get(0)!.rgba).toEqual([0, 0, 0, 0])
    expect(labels.get(1)!.rgba).toEqual([1, 0.502, 0, 1])
    expect(labels.get(3)!.rgba!.map((value) => Math.round(value * 255))).toEqual([...colourOfNumber(3), 255])
  })

  it('of a surface that is not cut', async () => {
    const map = mapOf('l', { a: [index(1, 'left')], b: [index(3)] })
    expect(await read(map)).toMatchObject({ vertices: [0, 1, 3, 0], names: { 1: 'a', 3: 'b' } })
    await expect(read(map, { fragment: 'left' })).rejects.toMatchObject({
      code: 'INVALID_PARAMETER',
      message: "Fragment 'left' is not one of none",
    })
  })

  it('leave out what is drawn elsewhere, without a label or not of the parcellation', async () => {
    const { names } = await read(
      mapOf(sides, { a: [index(1, null, 0)], b: [index(null), index(3, 'right')], unknown: [index(7)] }),
      { fragment: 'left' },
    )
    expect(names).toEqual({ 0: '???' })
  })

  it('tell what they are told to tell', async () => {
    const bytes = await fetchLabelledSurfaceFile(core, mapOf(sides, same), { meta: { Name: 'a map' } })
    expect(Buffer.from(bytes).toString()).toContain('a map')
  })

  it('are none of voxels; a hemisphere that there is not is refused with those that there are', async () => {
    const voxels = fakeMap({ parcellation, volumes: [fakeVolume('voxels')], indices: {} })
    await expect(read(voxels)).rejects.toMatchObject({
      code: 'NOT_AVAILABLE',
      message: "The map 'map' is not drawn on a surface",
    })
    await expect(read(mapOf(sides, same), { fragment: 'middle' })).rejects.toMatchObject({
      code: 'INVALID_PARAMETER',
      message: "Fragment 'middle' is not one of left, right",
      details: { parameter: 'fragment', allowed: ['left', 'right'] },
    })
  })
})
