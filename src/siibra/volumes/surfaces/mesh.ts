/** Triangle meshes: checks and merging. */
import { SiibraError } from '../../errors.ts'
import type { Mesh } from '../image.ts'
import { badData } from '../inflate.ts'

/** Vertex indices from the numbers of a file; BAD_DATA where one of them is no vertex. */
export function toFaces(indices: ArrayLike<number>, vertexCount: number, source: string): Uint32Array {
  const faces = new Uint32Array(indices.length)
  for (let i = 0; i < faces.length; i++) {
    const index = indices[i]!
    if (!(index >= 0 && index < vertexCount)) {
      throw badData(source, `triangle ${Math.floor(i / 3)} has vertex ${index}, but there are ${vertexCount} vertices`)
    }
    faces[i] = index
  }
  return faces
}

/** One mesh of all: vertices and triangles one after the other, in the order given. */
export function mergeMeshes(meshes: readonly Mesh[]): Mesh {
  const [first] = meshes
  if (!first) throw new SiibraError('NOT_AVAILABLE', 'There are no meshes to merge')
  if (meshes.length === 1) return first
  const vertices = new Float32Array(meshes.reduce((sum, mesh) => sum + mesh.vertices.length, 0))
  const faces = new Uint32Array(meshes.reduce((sum, mesh) => sum + mesh.faces.length, 0))
  let vertexAt = 0
  let faceAt = 0
  for (const mesh of meshes) {
    vertices.set(mesh.vertices, vertexAt)
    for (let i = 0; i < mesh.faces.length; i++) faces[faceAt + i] = mesh.faces[i]! + vertexAt / 3
    vertexAt += mesh.vertices.length
    faceAt += mesh.faces.length
  }
  return { vertices, faces }
}
