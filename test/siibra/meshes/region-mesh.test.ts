import { describe, expect, it } from 'vitest'
import type { MapIndex, Region, Space, Volume } from '../../../src/siibra/core/types.ts'
import { encodeGiftiLabels, encodeGiftiSurface } from '../../../src/siibra/meshes/encode-gifti.ts'
import { meshOfImage } from '../../../src/siibra/meshes/mask-mesh.ts'
import { fetchRegionMesh } from '../../../src/siibra/meshes/region-mesh.ts'
import { identityAffine } from '../../../src/siibra/volumes/affine.ts'
import type { Image, Mesh } from '../../../src/siibra/volumes/image.ts'
import { createFakeAtlas, fakeMap, fakeParcellation, fakeSpace, fakeVolume } from '../maps/fake-atlas.ts'

const volume = (providers: object, variant: string | null = null): Volume => ({
  ...fakeVolume(''),
  variant,
  providers: providers as Volume['providers'],
})
const drawn = (label: number | null, fragment: string | null = null, of = 0): MapIndex => ({
  volume: of,
  label,
  fragment,
})
const parcellation = fakeParcellation({ whole: { a: {}, b: {} }, other: {} })
const region = (name: string) =>
  (parcellation as unknown as { regions: Region[] }).regions.find((one) => one.name === name)!

/** Four vertices in a row from (x, 0, 0) on, and two triangles of them. */
const strip = (x: number) => ({
  vertices: Float32Array.of(x, 0, 0, x + 1, 0, 0, x + 2, 0, 0, x + 3, 0, 0),
  faces: Uint32Array.of(0, 1, 2, 1, 2, 3),
})
/** x of the corners of all triangles. */
const cornersOf = ({ vertices, faces }: Mesh) => Array.from(faces, (n) => vertices[3 * n])

describe('on a space of surfaces', () => {
  const space: Space = {
    ...fakeSpace,
    volumes: [
      volume({ 'gii-mesh': { left: 'l', right: 'r' } }, 'pial'),
      volume({ 'gii-mesh': { left: 'il', right: 'ir' } }, 'inflated'),
    ],
  }
  const map = {
    ...fakeMap({
      parcellation,
      volumes: [volume({ 'gii-label': { left: 'll', right: 'lr' } })],
      indices: {
        whole: [drawn(9, 'left')],
        a: [drawn(1, 'left'), drawn(1, 'right')],
        b: [drawn(2, 'left')],
        other: [drawn(null, 'left')],
      },
    }),
    space,
  }
  const core = createFakeAtlas({}, [map])
  for (const [n, url] of ['l', 'r', 'il', 'ir'].entries()) core.files.set(url, encodeGiftiSurface(strip(100 * n)))
  core.files.set('ll', encodeGiftiLabels(Int32Array.of(2, 1, 1, 1), []))
  core.files.set('lr', encodeGiftiLabels(Int32Array.of(1, 1, 1, 2), []))
  const corners = async (name: string, options = {}) =>
    cornersOf(await fetchRegionMesh(core, region(name), space, options))

  it('it is the triangles of which all vertices are of the region, of both hemispheres', async () => {
    expect(await corners('a')).toEqual([1, 2, 3, 100, 101, 102])
    expect(await corners('b')).toEqual([])
    expect(await corners('other')).toEqual([])
  })

  it('of one hemisphere, and on another variant of the surface', async () => {
    expect(await corners('a', { fragment: 'LEFT' })).toEqual([1, 2, 3])
    expect(await corners('a', { fragment: 'right', variant: 'INFL' })).toEqual([300, 301, 302])
    await expect(corners('a', { fragment: 'middle' })).rejects.toMatchObject({
      code: 'INVALID_PARAMETER',
      message: "Fragment 'middle' is not one of left, right",
      details: { parameter: 'fragment', allowed: ['left', 'right'] },
    })
  })

  it('of a region with its parts, or of itself alone', async () => {
    expect(await corners('whole')).toEqual([0, 1, 2, 1, 2, 3, 100, 101, 102])
    expect(await corners('whole', { extent: 'own' })).toEqual([])
    expect(await corners('a', { extent: 'own' })).toEqual([1, 2, 3, 100, 101, 102])
  })
})

describe('of a map that provides meshes', () => {
  const map = fakeMap({
    parcellation,
    volumes: [volume({ nii: 'n' }), volume({ 'neuroglancer/precompmesh': 'meshes' })],
    indices: { a: [drawn(1, 'left', 1)], b: [drawn(2, null, 1)] },
  })
  const atlas = createFakeAtlas({}, [map])
  const text = (value: unknown) => Buffer.from(JSON.stringify(value))
  const fragment = (x: number) =>
    Buffer.concat(
      [Uint32Array.of(4), Float32Array.from(strip(x).vertices, (mm) => mm * 1e6), strip(x).faces].map(({ buffer }) =>
        Buffer.from(buffer),
      ),
    )
  const files: Record<string, Uint8Array> = {
    'meshes/info': text({ mesh: 'm' }),
    'meshes/m/1:0': text({ fragments: ['1_left', '1_right'] }),
    'meshes/m/2:0': text({ fragments: ['2_left', '2_right'] }),
    'meshes/m/1_left': fragment(10),
    'meshes/m/1_right': fragment(20),
    'meshes/m/2_left': fragment(30),
    'meshes/m/2_right': fragment(40),
  }
  const store = { get: async (key: string) => files[key] }
  const core = { ...atlas, retrieval: { ...atlas.retrieval, store } }
  const firsts = async (name: string, options = {}) => {
    const { vertices } = await fetchRegionMesh(core, region(name), fakeSpace, options)
    return Array.from({ length: vertices.length / 12 }, (_, n) => vertices[12 * n])
  }

  it('it is those of its label, of the fragment of the index or of that which is asked for', async () => {
    expect(await firsts('a')).toEqual([10])
    expect(await firsts('a', { fragment: 'right' })).toEqual([20])
    expect(await firsts('b')).toEqual([30, 40])
    expect(await firsts('whole')).toEqual([10, 30, 40])
  })
})

describe('of a map of voxels', () => {
  const image = (data: number[]): Image => ({
    data: Uint8Array.from(data),
    dtype: 'uint8',
    shape: [4, 1, 1],
    voxelToWorldMm: identityAffine(),
  })
  const map = fakeMap({
    parcellation,
    volumes: [fakeVolume('labels')],
    indices: { a: [drawn(1)], b: [drawn(2)] },
  })
  const statistical = fakeMap({
    parcellation,
    mapType: 'STATISTICAL',
    volumes: [volume({ 'neuroglancer/precompmesh': 'away' })],
    indices: { a: [drawn(1)] },
  })
  const elsewhere = { ...statistical, mapType: 'LABELLED' as const, space: { ...fakeSpace, id: 'elsewhere' } }
  const foreign = { ...statistical, mapType: 'LABELLED' as const, parcellation: fakeParcellation({ a: {} }) as never }
  const core = createFakeAtlas({ labels: image([0, 1, 1, 2]) }, [statistical, elsewhere, foreign, map])

  it('it is the closed surface of the mask', async () => {
    expect(await fetchRegionMesh(core, region('a'), fakeSpace)).toEqual(meshOfImage(image([0, 1, 1, 0])))
    expect(await fetchRegionMesh(core, region('whole'), fakeSpace)).toEqual(meshOfImage(image([0, 1, 1, 1])))
  })

  it('there is no variant', async () => {
    await expect(fetchRegionMesh(core, region('a'), fakeSpace, { variant: 'pial' })).rejects.toMatchObject({
      code: 'INVALID_PARAMETER',
      message: "variant: 'space' is no space of surfaces",
      details: { parameter: 'variant' },
    })
  })
})
