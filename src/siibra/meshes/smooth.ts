import type { Mesh } from '../volumes/image.ts'

/** Taubin's two factors: a step that shrinks, and one that grows back what it took. */
const SHRINK = 0.5
const GROW = -0.53

/**
 * A mesh whose steps of voxels are smoothed out by Taubin's method (1995): vertices go towards the mean of their neighbours and back, `rounds`
 * times, so that the volume stays. Triangles are the same.
 */
export function smoothMesh(mesh: Mesh, rounds: number): Mesh {
  const neighbours = neighboursOf(mesh)
  let from = Float64Array.from(mesh.vertices)
  let to = new Float64Array(from.length)
  for (let round = 0; round < rounds; round++) {
    for (const factor of [SHRINK, GROW]) {
      step(from, to, neighbours, factor)
      ;[from, to] = [to, from]
    }
  }
  return { vertices: Float32Array.from(from), faces: mesh.faces }
}

/** Neighbours of vertex v: `list[start[v]]` to `list[start[v + 1] - 1]`. */
interface Neighbours {
  start: Uint32Array
  list: Uint32Array
}

/** In a closed mesh each neighbour follows the vertex in exactly one triangle. */
function neighboursOf({ vertices, faces }: Mesh): Neighbours {
  const start = new Uint32Array(vertices.length / 3 + 1)
  for (const vertex of faces) start[vertex + 1]!++
  for (let vertex = 1; vertex < start.length; vertex++) start[vertex]! += start[vertex - 1]!
  const next = start.slice()
  const list = new Uint32Array(faces.length)
  for (let n = 0; n < faces.length; n++) {
    const following = n % 3 === 2 ? n - 2 : n + 1
    list[next[faces[n]!]!++] = faces[following]!
  }
  return { start, list }
}

function step(from: Float64Array, to: Float64Array, { start, list }: Neighbours, factor: number): void {
  for (let vertex = 0; vertex + 1 < start.length; vertex++) {
    const [first, end] = [start[vertex]!, start[vertex + 1]!]
    const at = 3 * vertex
    let [x, y, z] = [0, 0, 0]
    for (let n = first; n < end; n++) {
      const other = 3 * list[n]!
      x += from[other]!
      y += from[other + 1]!
      z += from[other + 2]!
    }
    const weight = end > first ? factor / (end - first) : 0
    const rest = end > first ? 1 - factor : 1
    to[at] = rest * from[at]! + weight * x
    to[at + 1] = rest * from[at + 1]! + weight * y
    to[at + 2] = rest * from[at + 2]! + weight * z
  }
}
