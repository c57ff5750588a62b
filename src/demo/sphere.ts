/** A sphere of radius 1 as a triangle mesh: an icosahedron whose faces are split in four, `depth` times. */
export interface UnitSphere {
  /** x, y, z of each vertex. */
  vertices: number[]
  /** Three vertex indices per triangle, counter-clockwise from outside. */
  faces: number[]
}

/** 12 vertices at depth 0, then 42, 162, 642, 2562 ... */
export function unitSphere(depth: number): UnitSphere {
  let sphere = icosahedron()
  for (let round = 0; round < depth; round++) sphere = split(sphere)
  return sphere
}

function icosahedron(): UnitSphere {
  const golden = (1 + Math.sqrt(5)) / 2
  const vertices: number[] = []
  for (const [a, b] of [
    [1, golden],
    [-1, golden],
    [1, -golden],
    [-1, -golden],
  ] as const) {
    for (const corner of [
      [0, a, b],
      [a, b, 0],
      [b, 0, a],
    ]) {
      const length = Math.hypot(...corner)
      vertices.push(...corner.map((value) => value / length))
    }
  }
  return { vertices, faces: facesOfHull(vertices) }
}

/** All triples of corners at the shortest distance from each other, turned outwards. */
function facesOfHull(vertices: number[]): number[] {
  const at = (index: number) => vertices.slice(3 * index, 3 * index + 3)
  const count = vertices.length / 3
  const edge = 1.1
  const near = (a: number, b: number) => Math.hypot(...at(a).map((value, axis) => value - at(b)[axis]!)) < edge
  const faces: number[] = []
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      if (!near(a, b)) continue
      for (let c = b + 1; c < count; c++) {
        if (!near(a, c) || !near(b, c)) continue
        faces.push(...(isOutward(at(a), at(b), at(c)) ? [a, b, c] : [a, c, b]))
      }
    }
  }
  return faces
}

function isOutward(a: number[], b: number[], c: number[]): boolean {
  const [ax, ay, az] = a as [number, number, number]
  const [bx, by, bz] = b as [number, number, number]
  const [cx, cy, cz] = c as [number, number, number]
  return ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx) > 0
}

function split({ vertices, faces }: UnitSphere): UnitSphere {
  const next = [...vertices]
  const middles = new Map<string, number>()
  const middleOf = (a: number, b: number) => {
    const key = a < b ? `${a} ${b}` : `${b} ${a}`
    const known = middles.get(key)
    if (known !== undefined) return known
    const sum = [0, 1, 2].map((axis) => vertices[3 * a + axis]! + vertices[3 * b + axis]!)
    const length = Math.hypot(...sum)
    const index = next.push(...sum.map((value) => value / length)) / 3 - 1
    middles.set(key, index)
    return index
  }
  const finer: number[] = []
  for (let face = 0; face < faces.length; face += 3) {
    const [a, b, c] = faces.slice(face, face + 3) as [number, number, number]
    const [ab, bc, ca] = [middleOf(a, b), middleOf(b, c), middleOf(c, a)]
    finer.push(a, ab, ca, b, bc, ab, c, ca, bc, ab, bc, ca)
  }
  return { vertices: next, faces: finer }
}
