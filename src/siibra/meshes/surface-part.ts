import type { Mesh } from '../volumes/image.ts'

/** The triangles of which all three vertices are wanted, with the vertices that they need. */
export function trianglesOf({ vertices, faces }: Mesh, isWanted: (vertex: number) => boolean): Mesh {
  const kept: number[] = []
  for (let n = 0; n < faces.length; n += 3) {
    const [a, b, c] = [faces[n]!, faces[n + 1]!, faces[n + 2]!]
    if (isWanted(a) && isWanted(b) && isWanted(c)) kept.push(a, b, c)
  }
  return withoutUnused({ vertices, faces: Uint32Array.from(kept) })
}

/** The same triangles, without vertices that none of them needs. */
export function withoutUnused({ vertices, faces }: Mesh): Mesh {
  const numberOf = new Int32Array(vertices.length / 3).fill(-1)
  const kept = new Float32Array(vertices.length)
  let count = 0
  const renumbered = faces.map((vertex) => {
    const known = numberOf[vertex]!
    if (known >= 0) return known
    kept.set(vertices.subarray(3 * vertex, 3 * vertex + 3), 3 * count)
    numberOf[vertex] = count
    return count++
  })
  return { vertices: kept.slice(0, 3 * count), faces: renumbered }
}
