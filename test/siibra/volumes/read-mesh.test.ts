import { describe, expect, it } from 'vitest'
import type { Volume } from '../../../src/siibra/core/types.ts'
import { encodeGiftiLabels, encodeGiftiSurface } from '../../../src/siibra/meshes/encode-gifti.ts'
import { fetchMesh, fetchSurfaceLabels, surfaceLabelFiles } from '../../../src/siibra/volumes/read-mesh.ts'
import { surfaceFragments } from '../../../src/siibra/volumes/surfaces/fragments.ts'
import { standInRetrieval } from '../retrieval/stand-in.ts'

const volume = (providers: object, z: number | null = null): Volume => ({
  name: null,
  variant: null,
  spaceId: null,
  providers: providers as Volume['providers'],
  datasets: [],
  z,
})
const triangle = (first: number) => ({
  vertices: Float32Array.of(first, 0, 0, 0, 1, 0, 0, 0, 1),
  faces: Uint32Array.of(0, 1, 2),
})
const files: Record<string, Uint8Array> = {
  'l.gii': encodeGiftiSurface(triangle(1)),
  'r.gii': encodeGiftiSurface(triangle(2)),
  'l.label.gii': encodeGiftiLabels(Int32Array.of(3, -1, 5), []),
  'a.zip!r.label.gii': encodeGiftiLabels(Int32Array.of(7, 8), []),
}
const retrieval = standInRetrieval({
  bytes: async (url: string) => files[url],
  zipMember: async (url: string, member: string) => files[`${url}!${member}`],
})

describe('meshes of a volume', () => {
  const sides = volume({ 'gii-mesh': { 'left hemisphere': 'l.gii', 'right hemisphere': 'r.gii' } })

  it('are those of all fragments, or of the one that is asked for', async () => {
    expect(await fetchMesh(retrieval, volume({ 'gii-mesh': 'l.gii' }))).toEqual(triangle(1))
    expect(await fetchMesh(retrieval, sides, { fragment: 'RIGHT' })).toEqual(triangle(2))
    const both = await fetchMesh(retrieval, sides)
    expect([...both.faces]).toEqual([0, 1, 2, 3, 4, 5])
    expect([both.vertices[0], both.vertices[9]]).toEqual([1, 2])
    await expect(fetchMesh(retrieval, sides, { fragment: 'middle' })).rejects.toMatchObject({
      code: 'INVALID_PARAMETER',
      message: "Fragment 'middle' is not one of left hemisphere, right hemisphere",
    })
  })

  it('of segments are those of their fragments, of one or of several addresses', async () => {
    /** One triangle, whose first vertex lies at so many mm. */
    const fragment = (mm: number) => {
      const bytes = Buffer.alloc(52)
      bytes.writeUInt32LE(3)
      bytes.writeFloatLE(mm * 1e6, 4)
      for (const vertex of [1, 2]) bytes.writeUInt32LE(vertex, 40 + 4 * vertex)
      return bytes
    }
    const meshes: Record<string, Uint8Array> = {}
    for (const [n, url] of ['a', 'b'].entries()) {
      meshes[`${url}/info`] = Buffer.from('{"mesh":"m"}')
      meshes[`${url}/m/7:0`] = Buffer.from('{"fragments":["left","right"]}')
      meshes[`${url}/m/left`] = fragment(10 * n + 1)
      meshes[`${url}/m/right`] = fragment(10 * n + 2)
    }
    const segments = standInRetrieval({ store: { get: async (key: string) => meshes[key] } })
    const placesOf = async (providers: object, options: object) => {
      const { vertices } = await fetchMesh(segments, volume(providers), options)
      return [...vertices].filter((_, at) => at % 9 === 0)
    }
    const one = { 'neuroglancer/precompmesh': 'a' }
    expect(await placesOf(one, { label: 7 })).toEqual([1, 2])
    expect(await placesOf(one, { label: 7, fragment: 'right' })).toEqual([2])
    const two = { 'neuroglancer/precompmesh': { front: 'a', back: 'b' } }
    expect(await placesOf(two, { label: 7 })).toEqual([1, 2, 11, 12])
    expect(await placesOf(two, { label: 7, fragment: 'back' })).toEqual([11, 12])
    expect(await placesOf({ 'neuroglancer/precompmesh/surface': 'b 7' }, { fragment: 'left' })).toEqual([11])
  })

  it('of segments need a label', async () => {
    await expect(fetchMesh(retrieval, volume({ 'neuroglancer/precompmesh': 'meshes' }))).rejects.toMatchObject({
      code: 'INVALID_PARAMETER',
      details: { parameter: 'label' },
    })
  })
})

describe('labels of vertices', () => {
  const sides = volume({ 'gii-label': { left: 'l.label.gii', right: 'a.zip r.label.gii' } })

  it('are those of the fragments, one after the other; what is below 0 is background', async () => {
    expect([...(await fetchSurfaceLabels(retrieval, sides))]).toEqual([3, 0, 5, 7, 8])
    expect([...(await fetchSurfaceLabels(retrieval, sides, { fragment: 'right' }))]).toEqual([7, 8])
  })

  it('are in files with names', () => {
    const named = (one: Volume) => surfaceLabelFiles(one).map(({ fragment, name }) => `${fragment}: ${name}`)
    expect(named(sides)).toEqual(['left: l.label.gii', 'right: r.label.gii'])
    expect(named(volume({ 'gii-label': 'https://a.org/x/y.label.gii?z=1' }))).toEqual([': y.label.gii'])
    expect(named(volume({ nii: 'a.nii' }))).toEqual([])
  })
})

describe('fragments of a precomputed surface', () => {
  const surface = (z: number | null = null) => volume({ 'neuroglancer/precompmesh/surface': 'https://a.org/s 7' }, z)
  const known: Record<string, unknown> = {
    'https://a.org/s/info': { mesh: 'mesh' },
    'https://a.org/s/mesh/7:0': { fragments: ['7_left.frag', '7_right.frag'] },
  }
  function asking(answers: Record<string, unknown>) {
    const asked: string[] = []
    const json = async (url: string) => {
      asked.push(url)
      if (!(url in answers)) throw new Error('away')
      return answers[url]
    }
    return { asked, retrieval: standInRetrieval({ json }) }
  }

  it('are read once from its manifest', async () => {
    const { asked, retrieval } = asking(known)
    const found = { names: ['7_left.frag', '7_right.frag'], isRetryable: false }
    expect(await surfaceFragments(retrieval, surface())).toEqual(found)
    expect(await surfaceFragments(retrieval, surface())).toEqual(found)
    expect(asked).toEqual(Object.keys(known))
  })

  it('are none of what has no manifest', async () => {
    const none = { names: [], isRetryable: false }
    const { asked, retrieval } = asking(known)
    expect(await surfaceFragments(retrieval, surface(1))).toEqual(none)
    expect(await surfaceFragments(retrieval, volume({ 'gii-mesh': 'l.gii' }))).toEqual(none)
    expect(asked).toEqual([])
    expect(await surfaceFragments(asking({ 'https://a.org/s/info': {} }).retrieval, surface())).toEqual(none)
  })

  it('that cannot be had are asked for again', async () => {
    const answers: Record<string, unknown> = {}
    const { retrieval } = asking(answers)
    expect(await surfaceFragments(retrieval, surface())).toEqual({ names: [], isRetryable: true })
    Object.assign(answers, known)
    expect((await surfaceFragments(retrieval, surface())).names).toHaveLength(2)
  })
})
