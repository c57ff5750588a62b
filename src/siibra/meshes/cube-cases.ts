/**
 * How an iso-surface goes through a cube, for each of the 256 ways in which its corners lie inside or outside (marching cubes). Worked out
 * from one rule instead of a table written down: on a face with two inside corners at opposite ends each is cut off by itself. Since the rule
 * looks at the face alone, neighbouring cubes agree, and surfaces are closed.
 *
 * Corner c of a cube lies at (c & 1, c >> 1 & 1, c >> 2 & 1). Edges run from a corner along an axis, and are numbered as in `EDGES`.
 */

/** The edges: the corner that each begins at and the axis (0, 1, 2) that it runs along. */
export const EDGES: readonly { corner: number; axis: number }[] = [0, 1, 2].flatMap((axis) =>
  [0, 1, 2, 3, 4, 5, 6, 7].filter((corner) => !(corner & (1 << axis))).map((corner) => ({ corner, axis })),
)

const edgeBetween = (a: number, b: number) =>
  EDGES.findIndex(({ corner, axis }) => corner === Math.min(a, b) && corner + (1 << axis) === Math.max(a, b))

/** Corners of the six faces, counter-clockwise as seen from outside of the cube. */
const FACES: readonly (readonly number[])[] = [0, 1, 2].flatMap((axis) => {
  const [u, v] = [1 << ((axis + 1) % 3), 1 << ((axis + 2) % 3)]
  const far = 1 << axis
  return [
    [0, v, u | v, u],
    [far, far | u, far | u | v, far | v],
  ]
})

const FACES_OF_EDGE = EDGES.map((_, edge) => FACES.filter((face) => edgesOfFace(face).includes(edge)))

function edgesOfFace(face: readonly number[]): number[] {
  return face.map((corner, at) => edgeBetween(corner, face[(at + 1) % 4]!))
}

/**
 * Triangles per case: three edges each, on which their corners lie, counter-clockwise as seen from outside of the surface. Bit c of the number
 * of a case says whether corner c is inside.
 */
export const CUBE_CASES: readonly Uint8Array[] = Array.from({ length: 256 }, (_, inside) =>
  Uint8Array.from(loopsOf(inside).flatMap(triangulate)),
)

/** Closed lines in which the surface cuts the faces of the cube, as lists of edges. */
function loopsOf(inside: number): number[][] {
  const isInside = (corner: number) => (inside & (1 << corner)) !== 0
  const next = new Map<number, number>()
  for (const face of FACES) {
    const edges = edgesOfFace(face)
    for (let at = 0; at < 4; at++) {
      // a run of inside corners begins here; the surface leads from where it begins to where it ends
      if (!isInside(face[(at + 1) % 4]!) || isInside(face[at]!)) continue
      let end = (at + 1) % 4
      while (isInside(face[(end + 1) % 4]!)) end = (end + 1) % 4
      next.set(edges[at]!, edges[end]!)
    }
  }
  const loops: number[][] = []
  while (next.size > 0) {
    const loop: number[] = []
    let edge = next.keys().next().value as number
    while (next.has(edge)) {
      loop.push(edge)
      const following = next.get(edge)!
      next.delete(edge)
      edge = following
    }
    loops.push(loop)
  }
  return loops
}

/** Triangles of a loop, none of whose inner sides lies in a face of the cube, where a neighbour could have the same one. */
function triangulate(loop: readonly number[]): number[] {
  const triangles = search(loop)
  if (!triangles) throw new Error(`No triangles without a side in a face: ${loop.join(' ')}`)
  return triangles
}

function search(loop: readonly number[]): number[] | undefined {
  if (loop.length === 3) return [...loop]
  for (let at = 0; at < loop.length; at++) {
    const [before, tip, after] = [0, 1, 2].map((step) => loop[(at + step) % loop.length]!) as [number, number, number]
    if (shareFace(before, after)) continue
    const rest = search(loop.filter((edge) => edge !== tip))
    if (rest) return [before, tip, after, ...rest]
  }
  return undefined
}

function shareFace(a: number, b: number): boolean {
  return FACES_OF_EDGE[a]!.some((face) => FACES_OF_EDGE[b]!.includes(face))
}
