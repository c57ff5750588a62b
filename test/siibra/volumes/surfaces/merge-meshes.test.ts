import { describe, expect, test } from 'vitest'
import { mergeMeshes } from '../../../../src/siibra/volumes/surfaces/mesh.ts'

describe('mergeMeshes', () => {
  const mesh = (x: number) => ({ vertices: Float32Array.of(x, 0, 0, x, 1, 0, x, 0, 1), faces: Uint32Array.of(0, 1, 2) })

  test('counts the vertices of all meshes before', () => {
    const { vertices, faces } = mergeMeshes([mesh(1), mesh(2), mesh(3)])
    expect([0, 9, 18].map((at) => vertices[at])).toEqual([1, 2, 3])
    expect(Array.from(faces)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  })

  test('needs at least one', () => {
    expect(() => mergeMeshes([])).toThrow(expect.objectContaining({ code: 'NOT_AVAILABLE' }))
  })
})
