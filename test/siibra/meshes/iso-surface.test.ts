import { describe, expect, it } from 'vitest'
import { isoSurface } from '../../../src/siibra/meshes/iso-surface.ts'
import { enclosedVolume, isClosed } from '../../../src/siibra/meshes/measure.ts'

function random(seed: number) {
  let state = seed
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32
    return state / 2 ** 32
  }
}

describe('the surface at which a volume passes a level', () => {
  it('of one voxel is an octahedron around its centre', () => {
    const { vertices, faces } = isoSurface({ data: [1], shape: [1, 1, 1] }, 0.5)
    expect(faces.length / 3).toBe(8)
    expect([...new Set(Array.from(vertices, Math.abs))].sort()).toEqual([0, 0.5])
    expect(enclosedVolume({ vertices, faces })).toBeCloseTo(1 / 6, 6)
  })

  it.each([0.1, 0.3, 0.5, 0.7])('is closed and turned outward, however voxels lie (density %f)', (density) => {
    const next = random(7)
    const data = Uint8Array.from({ length: 12 * 11 * 10 }, () => (next() < density ? 1 : 0))
    const mesh = isoSurface({ data, shape: [12, 11, 10] }, 0.5)
    expect(mesh.faces.length).toBeGreaterThan(100)
    expect(isClosed(mesh)).toBe(true)
    expect(enclosedVolume(mesh)).toBeGreaterThan(0)
  })

  it('lies where the values pass the level: a ball has its volume, its radius and its centre', () => {
    const [n, radius, centre] = [40, 15.3, 19.2]
    const data = new Float32Array(n ** 3)
    for (let k = 0; k < n; k++)
      for (let j = 0; j < n; j++)
        for (let i = 0; i < n; i++) data[(k * n + j) * n + i] = radius - Math.hypot(i - centre, j - centre, k - centre)
    const mesh = isoSurface({ data, shape: [n, n, n] }, 0)
    expect(isClosed(mesh)).toBe(true)
    expect(enclosedVolume(mesh) / ((4 / 3) * Math.PI * radius ** 3)).toBeCloseTo(1, 2)
    for (let at = 0; at < mesh.vertices.length; at += 3) {
      const [x, y, z] = mesh.vertices.subarray(at, at + 3)
      expect(Math.hypot(x! - centre, y! - centre, z! - centre)).toBeCloseTo(radius, 1)
    }
  })

  it('what is at the level is outside, and what is no number, too', () => {
    const next = random(3)
    const shape = [6, 5, 4]
    const data = Float64Array.from({ length: 120 }, () => [0, 0.5, 1][Math.floor(3 * next())]!)
    const facesOf = (values: ArrayLike<number>) => isoSurface({ data: values, shape }, 0.5).faces
    expect(facesOf(data)).toEqual(facesOf(data.map((value) => (value === 0.5 ? 0.4999 : value))))
    expect(facesOf(data.map((value) => (value === 0 ? Number.NaN : value)))).toEqual(facesOf(data))
    expect(isoSurface({ data: [0.5], shape: [1, 1, 1] }, 0.5).faces.length).toBe(0)
  })

  it('is closed at the faces of the volume, and empty where nothing is above the level', () => {
    const full = isoSurface({ data: new Uint8Array(60).fill(1), shape: [3, 4, 5] }, 0.5)
    expect(isClosed(full)).toBe(true)
    expect(enclosedVolume(full)).toBeGreaterThan(50)
    expect(isoSurface({ data: new Uint8Array(8), shape: [2, 2, 2] }, 0.5).faces.length).toBe(0)
  })
})

describe('a mesh is closed', () => {
  const vertices = new Float32Array(12)
  const isClosedOf = (...faces: number[]) => isClosed({ vertices, faces: Uint32Array.from(faces) })

  it('where each side is that of one other triangle, the other way round', () => {
    expect(isClosedOf(0, 1, 2, 0, 3, 1, 1, 3, 2, 2, 3, 0)).toBe(true)
    expect(isClosedOf(0, 1, 2, 2, 1, 0)).toBe(true)
  })

  it('not where a side is open, or that of two triangles', () => {
    expect(isClosedOf(0, 1, 2)).toBe(false)
    expect(isClosedOf(0, 1, 2, 2, 1, 0, 0, 1, 2)).toBe(false)
    expect(isClosedOf(0, 1, 2, 0, 3, 1, 1, 3, 2)).toBe(false)
  })
})
