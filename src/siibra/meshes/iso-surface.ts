import type { Mesh } from '../volumes/image.ts'
import { CUBE_CASES, EDGES } from './cube-cases.ts'

/** Values on a grid of any size, and where in the world its voxels are. */
export interface Field {
  /** First axis fastest. */
  data: ArrayLike<number>
  shape: readonly number[]
}

/**
 * The surface at which the values of a volume pass `level`, in voxel coordinates (centres of voxels have whole numbers): closed, since whatever
 * lies outside of the volume is taken as below the level; triangles are counter-clockwise as seen from outside. Of a mask (0 and 1, level 0.5)
 * its corners lie half-way between voxels. Empty where no value is above the level.
 */
export function isoSurface({ data, shape }: Field, level: number): Mesh {
  const [nx, ny, nz] = [shape[0]!, shape[1]!, shape[2]!]
  // One layer of voxels more on each side; the surface lies within it.
  const [px, py, pz] = [nx + 2, ny + 2, nz + 2]
  const layer = px * py
  const vertices = createGrowing(Float32Array, 1 << 12)
  const faces = createGrowing(Uint32Array, 1 << 13)
  let below = new Float64Array(layer).fill(Number.NEGATIVE_INFINITY)
  let above = new Float64Array(layer).fill(Number.NEGATIVE_INFINITY)
  // Numbers of the vertices on the edges along x and y of a layer, and on those along z from it to the next.
  let edgesBelow = new Int32Array(2 * layer)
  let edgesAbove = new Int32Array(2 * layer)
  const edgesUp = new Int32Array(layer)
  const offsets = [0, 1, px, px + 1]

  const fillLayer = (values: Float64Array, k: number) => {
    if (k < 0 || k >= nz) return void values.fill(Number.NEGATIVE_INFINITY)
    for (let j = 0; j < ny; j++) {
      const from = (k * ny + j) * nx
      const to = (j + 1) * px + 1
      for (let i = 0; i < nx; i++) {
        const value = data[from + i]!
        values[to + i] = Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value
      }
    }
  }
  /** How far along an edge the level is passed; half-way where the neighbour lies outside of the volume. */
  const crossing = (a: number, b: number) => {
    if (a === Number.NEGATIVE_INFINITY || b === Number.NEGATIVE_INFINITY) return 0.5
    return (level - a) / (b - a)
  }
  const vertexOn = (edge: number, at: number, k: number, i: number, j: number): number => {
    const { corner, axis } = EDGES[edge]!
    const isAbove = corner >= 4
    const here = at + offsets[corner & 3]!
    const edges = axis === 2 ? edgesUp : isAbove ? edgesAbove : edgesBelow
    const slot = axis === 1 ? layer + here : here
    const known = edges[slot]!
    if (known !== 0) return known - 1
    const values = isAbove ? above : below
    const a = values[here]!
    const b = axis === 2 ? above[here]! : values[here + (axis === 0 ? 1 : px)]!
    const t = crossing(a, b)
    const number = vertices.length() / 3
    vertices.push(
      i - 1 + (corner & 1) + (axis === 0 ? t : 0),
      j - 1 + ((corner >> 1) & 1) + (axis === 1 ? t : 0),
      k + (corner >> 2) + (axis === 2 ? t : 0),
    )
    edges[slot] = number + 1
    return number
  }

  for (let k = -1; k < pz - 2; k++) {
    fillLayer(above, k + 1)
    edgesAbove.fill(0)
    edgesUp.fill(0)
    for (let j = 0; j < py - 1; j++) {
      let at = j * px
      // Corners 0, 2, 4, 6 are those of the cube before on its other side.
      let left = insideAt(below, above, at, px, level)
      for (let i = 0; i < px - 1; i++, at++) {
        const right = insideAt(below, above, at + 1, px, level)
        const triangles = CUBE_CASES[left | (right << 1)]!
        for (let n = 0; n < triangles.length; n += 3) {
          faces.push(
            vertexOn(triangles[n]!, at, k, i, j),
            vertexOn(triangles[n + 1]!, at, k, i, j),
            vertexOn(triangles[n + 2]!, at, k, i, j),
          )
        }
        left = right
      }
    }
    ;[below, above] = [above, below]
    ;[edgesBelow, edgesAbove] = [edgesAbove, edgesBelow]
  }
  return { vertices: vertices.take(), faces: faces.take() }
}

/** Which of the corners 0, 2, 4 and 6 of a cube are inside. */
function insideAt(below: Float64Array, above: Float64Array, at: number, px: number, level: number): number {
  return (
    (below[at]! > level ? 1 : 0) |
    (below[at + px]! > level ? 4 : 0) |
    (above[at]! > level ? 16 : 0) |
    (above[at + px]! > level ? 64 : 0)
  )
}

/** A typed array that grows by three numbers at a time. */
function createGrowing<T extends Float32Array | Uint32Array>(Kind: { new (length: number): T }, initial: number) {
  let array = new Kind(3 * initial)
  let length = 0
  return {
    length: () => length,
    push(a: number, b: number, c: number) {
      if (length === array.length) {
        const larger = new Kind(2 * array.length)
        larger.set(array)
        array = larger
      }
      array[length] = a
      array[length + 1] = b
      array[length + 2] = c
      length += 3
    },
    take: () => array.slice(0, length) as T,
  }
}
