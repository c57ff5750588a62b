import { describe, expect, test } from 'vitest'
import { affineFromRows } from '../../../src/siibra/volumes/affine.ts'
import {
  decodePrecomputedMesh,
  loadPrecomputedMesh,
  openPrecomputedMeshes,
  transformMeshToMm,
} from '../../../src/siibra/volumes/precomputed/mesh.ts'
import { createMemoryStore, fromBase64, readJsonFixture } from './fixtures.ts'

interface MeshCase {
  name: string
  file: string
  transform: number[][]
  vertices: number[]
  faces: number[]
}

const cases = readJsonFixture<MeshCase[]>('precomputed-mesh.json')
const [identity] = cases
const fragment = fromBase64(identity!.file)
const url = 'https://a.org/volume'
const toBytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

function createMeshStore(files: Record<string, unknown>) {
  const entries = Object.entries({ info: { mesh: 'mesh' }, ...files })
  return createMemoryStore(
    Object.fromEntries(
      entries.map(([path, value]) => [`${url}/${path}`, value instanceof Uint8Array ? value : toBytes(value)]),
    ),
  )
}

test.each(cases)('a fragment in mm as siibra has it: $name', ({ file, transform, vertices, faces }) => {
  const mesh = transformMeshToMm(decodePrecomputedMesh(fromBase64(file)), affineFromRows(transform))
  expect(Array.from(mesh.faces)).toEqual(faces)
  expect(mesh.vertices.length).toBe(vertices.length)
  for (const [i, expected] of vertices.entries()) expect(mesh.vertices[i]).toBeCloseTo(expected, 4)
})

describe('loadPrecomputedMesh', () => {
  const files = {
    'mesh/7:0': { fragments: ['7_left.frag', '7_right.frag'] },
    'mesh/7_left.frag': fragment,
    'mesh/7_right.frag': fragment,
    'transform.json': [
      [1, 0, 0, 2e6],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ],
  }

  test('merges the fragments of a label', async () => {
    const meshes = await openPrecomputedMeshes(createMeshStore(files), `${url}/`)
    const mesh = await loadPrecomputedMesh(meshes, 7)
    expect(mesh.faces.length).toBe(2 * identity!.faces.length)
    expect(mesh.vertices[0]).toBeCloseTo(identity!.vertices[0]! + 2, 4)
    expect(Math.max(...mesh.faces)).toBe(mesh.vertices.length / 3 - 1)
  })

  test('takes one fragment by a part of its name', async () => {
    const meshes = await openPrecomputedMeshes(createMeshStore(files), url)
    const mesh = await loadPrecomputedMesh(meshes, 7, { fragment: 'LEFT' })
    expect(Array.from(mesh.faces)).toEqual(identity!.faces)
  })

  test('a label or fragment without a mesh is NOT_AVAILABLE', async () => {
    const meshes = await openPrecomputedMeshes(createMeshStore(files), url)
    await expect(loadPrecomputedMesh(meshes, 8)).rejects.toMatchObject({ code: 'NOT_AVAILABLE' })
    await expect(loadPrecomputedMesh(meshes, 7, { fragment: 'both' })).rejects.toMatchObject({
      code: 'NOT_AVAILABLE',
      details: { candidates: ['7_left.frag', '7_right.frag'] },
    })
  })

  test('multi-resolution meshes are unsupported, and the error says so', async () => {
    const store = createMeshStore({ 'mesh/info': { '@type': 'neuroglancer_multilod_draco' } })
    const meshes = await openPrecomputedMeshes(store, url)
    await expect(loadPrecomputedMesh(meshes, 7)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('"neuroglancer_multilod_draco" (multi-resolution) cannot be read'),
    })
  })

  test('what has no mesh is named: a label, or a fragment of it', async () => {
    const meshes = await openPrecomputedMeshes(createMeshStore(files), url)
    await expect(loadPrecomputedMesh(meshes, 8)).rejects.toThrow(`${url} has no mesh for label 8`)
    await expect(loadPrecomputedMesh(meshes, 7, { fragment: 'both' })).rejects.toThrow(
      `${url} has no mesh for fragment "both" of label 7`,
    )
  })

  test.each([['7_left.frag'], [[1]], [null]])('a manifest whose fragments are %j is refused', async (fragments) => {
    const meshes = await openPrecomputedMeshes(createMeshStore({ 'mesh/7:0': { fragments } }), url)
    await expect(loadPrecomputedMesh(meshes, 7)).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: `${url}/mesh/7:0: fragments is ${JSON.stringify(fragments)}, no list of names`,
    })
  })

  test('a fragment that is missing is BAD_DATA', async () => {
    const store = createMeshStore({ 'mesh/7:0': { fragments: ['7'] } })
    const meshes = await openPrecomputedMeshes(store, url)
    await expect(loadPrecomputedMesh(meshes, 7)).rejects.toMatchObject({
      code: 'BAD_DATA',
      details: { url: `${url}/mesh/7` },
    })
  })

  test('a volume without meshes, or without info', async () => {
    await expect(openPrecomputedMeshes(createMeshStore({ info: {} }), url)).rejects.toMatchObject({
      code: 'NOT_AVAILABLE',
    })
    await expect(openPrecomputedMeshes(createMemoryStore({}), url)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('fragments that are broken', () => {
  test('truncated anywhere they are refused, or have fewer triangles', () => {
    for (let length = 0; length < fragment.length; length++) {
      const isWhole = length >= 4 + 6 * 12 && (length - 4) % 12 === 0
      const decode = () => decodePrecomputedMesh(fragment.subarray(0, length))
      if (isWhole) expect(decode().faces.length).toBe((length - 4 - 6 * 12) / 4)
      else expect(decode).toThrow(expect.objectContaining({ code: 'BAD_DATA' }))
    }
  })

  test('the arithmetic is in the error', () => {
    const bytes = new Uint8Array(30)
    bytes[0] = 2
    expect(() => decodePrecomputedMesh(bytes)).toThrow(
      '2 vertices take 4 + 24 bytes, and the rest of 30 bytes, 2, is no multiple of 12 bytes a triangle',
    )
  })

  test('a triangle of vertices that are not there is refused', () => {
    const changed = fragment.slice()
    changed[changed.length - 4] = 6
    expect(() => decodePrecomputedMesh(changed, { source: url })).toThrow(
      `${url}: triangle 3 has vertex 6, but there are 6 vertices`,
    )
  })
})
