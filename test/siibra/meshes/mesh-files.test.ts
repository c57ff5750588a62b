import { WebIO } from '@gltf-transform/core'
import { describe, expect, it } from 'vitest'
import { encodeGiftiLabels, encodeGiftiSurface } from '../../../src/siibra/meshes/encode-gifti.ts'
import { encodeGlb } from '../../../src/siibra/meshes/encode-glb.ts'
import { encodeObj } from '../../../src/siibra/meshes/encode-obj.ts'
import { isoSurface } from '../../../src/siibra/meshes/iso-surface.ts'
import { meshOfImage } from '../../../src/siibra/meshes/mask-mesh.ts'
import { enclosedVolume, isClosed } from '../../../src/siibra/meshes/measure.ts'
import { reduceMesh } from '../../../src/siibra/meshes/reduce.ts'
import { smoothMesh } from '../../../src/siibra/meshes/smooth.ts'
import { trianglesOf } from '../../../src/siibra/meshes/surface-part.ts'
import { identityAffine } from '../../../src/siibra/volumes/affine.ts'
import type { Image, Mesh } from '../../../src/siibra/volumes/image.ts'
import { decodeGiftiLabels, decodeGiftiMesh } from '../../../src/siibra/volumes/surfaces/gifti.ts'

/** A ball of `radius` voxels in an image whose axes are mirrored and turned round, with voxels of 2, 1 and 1.5 mm. */
function ball(radius: number): Image {
  const [nx, ny, nz] = [40, 42, 44]
  const data = new Uint8Array(nx * ny * nz)
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) data[(k * ny + j) * nx + i] = Math.hypot(i - 20, j - 21, k - 22) <= radius ? 1 : 0
  return {
    data,
    dtype: 'uint8',
    shape: [nx, ny, nz],
    voxelToWorldMm: Float64Array.of(0, -1, 0, 100, 2, 0, 0, -50, 0, 0, -1.5, 7, 0, 0, 0, 1),
  }
}

const VOXEL_MM3 = 3
const centreOf = ({ vertices }: { vertices: Float32Array }) =>
  [0, 1, 2].map((axis) => {
    const values = vertices.filter((_, at) => at % 3 === axis)
    return (Math.min(...values) + Math.max(...values)) / 2
  })

describe('the mesh of a mask', () => {
  const image = ball(12)
  const voxels = Array.from(image.data).reduce((count, value) => count + value, 0)

  it.each([0, 10])('is closed, turned outward and in mm, smoothed %i times', (smoothRounds) => {
    const mesh = meshOfImage(image, { smoothRounds })
    expect(isClosed(mesh)).toBe(true)
    expect(enclosedVolume(mesh) / (voxels * VOXEL_MM3)).toBeCloseTo(1, 1)
    // voxel (20, 21, 22) through the affine
    const [x, y, z] = centreOf(mesh)
    expect(x).toBeCloseTo(79, 3)
    expect(y).toBeCloseTo(-10, 3)
    expect(z).toBeCloseTo(-26, 3)
  })

  it('has no steps of voxels any more when it is smoothed', () => {
    const spread = (mesh: { vertices: Float32Array }) => {
      const radii = Array.from({ length: mesh.vertices.length / 3 }, (_, n) =>
        Math.hypot(
          (mesh.vertices[3 * n]! - 79) / 1,
          (mesh.vertices[3 * n + 1]! + 10) / 2,
          (mesh.vertices[3 * n + 2]! + 26) / 1.5,
        ),
      )
      return Math.max(...radii) - Math.min(...radii)
    }
    expect(spread(meshOfImage(image, { smoothRounds: 10 }))).toBeLessThan(spread(meshOfImage(image)) / 1.5)
  })

  it('is that of the whole image, whatever of it is looked at', () => {
    const shape = [6, 5, 4]
    let state = 5
    const next = () => {
      state = (state * 1664525 + 1013904223) % 2 ** 32
      return state / 2 ** 32
    }
    for (let round = 0; round < 20; round++) {
      // a few voxels above the level, some at it
      const data = Float32Array.from({ length: 120 }, () => {
        const chance = next()
        return chance < 0.02 ? 1 : chance < 0.1 ? 0.5 : 0
      })
      const image: Image = { data, dtype: 'float32', shape, voxelToWorldMm: identityAffine() }
      expect(meshOfImage(image)).toEqual(isoSurface(image, 0.5))
    }
  })

  it('stays closed with a tenth of the triangles', async () => {
    const mesh = meshOfImage(image, { smoothRounds: 10 })
    const reduced = await reduceMesh(mesh, 0.1)
    expect(reduced.faces.length / mesh.faces.length).toBeLessThan(0.12)
    expect(isClosed(reduced)).toBe(true)
    expect(enclosedVolume(reduced) / enclosedVolume(mesh)).toBeCloseTo(1, 1)
    expect(await reduceMesh(mesh, 1)).toBe(mesh)
    const none = { vertices: new Float32Array(0), faces: new Uint32Array(0) }
    expect(await reduceMesh(none, 0.5)).toBe(none)
  })
})

describe('parts of meshes', () => {
  const vertices = Float32Array.of(1, 1, 1, 1, -1, -1, -1, 1, -1, -1, -1, 1, 7, 8, 9)
  const faces = Uint32Array.of(0, 1, 2, 0, 3, 1, 1, 3, 2, 2, 3, 0)

  it('are the triangles all of whose vertices are wanted, with these alone', () => {
    for (const left of [0, 1, 2]) {
      const part = trianglesOf({ vertices, faces }, (vertex) => vertex !== left)
      const kept = [...faces.keys()].filter((n) => n % 3 === 0 && !faces.subarray(n, n + 3).includes(left))
      const pointsOf = (mesh: Mesh) => [...mesh.faces].map((vertex) => [...mesh.vertices.slice(3 * vertex).slice(0, 3)])
      const wanted = Uint32Array.from(kept.flatMap((n) => [...faces.subarray(n, n + 3)]))
      expect(pointsOf(part)).toEqual(pointsOf({ vertices, faces: wanted }))
      expect(part.vertices.length).toBe(9)
    }
    expect(trianglesOf({ vertices, faces }, (vertex) => vertex < 2)).toEqual({
      vertices: new Float32Array(0),
      faces: new Uint32Array(0),
    })
  })

  it('smoothed: vertices go to the mean of their neighbours and back, those without any stay', () => {
    // of a tetrahedron around 0 the mean is a third on the other side: 1/3, then 1.53 + 0.53 / 3
    const factor = (1.53 + 0.53 / 3) / 3
    for (const rounds of [1, 2]) {
      const smooth = smoothMesh({ vertices, faces }, rounds)
      for (let at = 0; at < 12; at++) expect(smooth.vertices[at]).toBeCloseTo(vertices[at]! * factor ** rounds, 6)
      expect([...smooth.vertices.subarray(12)]).toEqual([7, 8, 9])
    }
  })
})

describe('files of meshes', () => {
  const mesh = meshOfImage(ball(3))

  it('GIFTI gives back vertices and triangles', () => {
    const read = decodeGiftiMesh(encodeGiftiSurface(mesh, { meta: { Name: 'A & <B>' } }))
    expect(read.vertices).toEqual(mesh.vertices)
    expect(read.faces).toEqual(mesh.faces)
  })

  it('GIFTI gives back labels', () => {
    const labels = Int32Array.of(0, 7, 7, 9)
    const file = encodeGiftiLabels(labels, [{ key: 7, name: 'seven "7"', rgba: [1, 0, 0.5, 1] }])
    expect(decodeGiftiLabels(file).labels).toEqual(labels)
    expect(Buffer.from(file).toString()).toContain(
      '<Label Key="7" Red="1" Green="0" Blue="0.5" Alpha="1">seven &quot;7&quot;</Label>',
    )
  })

  it('glTF gives back vertices and triangles in mm', async () => {
    const document = await new WebIO().readBinary(await encodeGlb(mesh, { name: 'ball', extras: { space: 'a space' } }))
    const [primitive] = document.getRoot().listMeshes()[0]!.listPrimitives()
    expect(primitive!.getAttribute('POSITION')!.getArray()).toEqual(mesh.vertices)
    expect(primitive!.getIndices()!.getArray()).toEqual(mesh.faces)
    expect(document.getRoot().getExtras()).toEqual({ unit: 'mm', axes: 'RAS', space: 'a space' })
  })

  it('OBJ has coordinates of six digits behind the point', () => {
    const triangle = { vertices: Float32Array.of(1.5, -2, 1 / 3, 0, 4, 0.1, 7, 8, 9), faces: Uint32Array.of(2, 0, 1) }
    expect(Buffer.from(encodeObj(triangle, 'one')).toString()).toBe(
      'o one\nv 1.5 -2 0.333333\nv 0 4 0.1\nv 7 8 9\nf 3 1 2\n',
    )
  })

  it('OBJ counts vertices from 1', () => {
    const lines = Buffer.from(encodeObj(mesh, 'a\nb')).toString().trim().split('\n')
    expect(lines[0]).toBe('o a b')
    expect(lines.filter((line) => line.startsWith('v '))).toHaveLength(mesh.vertices.length / 3)
    expect(lines.at(-1)).toBe(`f ${[...mesh.faces.slice(-3)].map((vertex) => vertex + 1).join(' ')}`)
  })
})
