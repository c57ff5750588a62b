import { applyAffineToPoints, determinantOf, multiplyAffines, perAxis, translationAffine } from '../volumes/affine.ts'
import type { Image, Mesh } from '../volumes/image.ts'
import { isoSurface } from './iso-surface.ts'
import { smoothMesh } from './smooth.ts'

export interface ImageMeshOptions {
  /** What is above it is inside. Default 0.5, as for masks. */
  level?: number
  /** Rounds of smoothing. Default 0. */
  smoothRounds?: number
}

/**
 * The surface of what is above a level in a 3D image (a mask, a statistical map), in mm of the image's space: closed, triangles
 * counter-clockwise as seen from outside, whichever way the image's axes go. Empty where nothing is above the level.
 */
export function meshOfImage(image: Image, { level = 0.5, smoothRounds = 0 }: ImageMeshOptions = {}): Mesh {
  const box = cropAbove(image, level)
  if (!box) return { vertices: new Float32Array(0), faces: new Uint32Array(0) }
  const surface = isoSurface(box, level)
  const smooth = smoothRounds > 0 ? smoothMesh(surface, smoothRounds) : surface
  const toWorldMm = multiplyAffines(image.voxelToWorldMm, translationAffine(box.origin))
  const faces = determinantOf(toWorldMm) < 0 ? turned(smooth.faces) : smooth.faces
  return { vertices: applyAffineToPoints(toWorldMm, smooth.vertices), faces }
}

/** Triangles that go round the other way. */
function turned(faces: Uint32Array): Uint32Array {
  const other = faces.slice()
  for (let n = 0; n < other.length; n += 3) {
    other[n + 1] = faces[n + 2]!
    other[n + 2] = faces[n + 1]!
  }
  return other
}

/** The part of an image that holds what is above the level, with a voxel around it where the image has one. */
function cropAbove({ data, shape }: Image, level: number) {
  const [nx, ny, nz] = [shape[0]!, shape[1]!, shape[2]!]
  const low = [nx, ny, nz]
  const high = [-1, -1, -1]
  const widen = (axis: number, at: number) => {
    if (at < low[axis]!) low[axis] = at
    if (at > high[axis]!) high[axis] = at
  }
  for (let k = 0, row = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++, row += nx) {
      let first = 0
      while (first < nx && !(data[row + first]! > level)) first++
      if (first === nx) continue
      let last = nx - 1
      while (!(data[row + last]! > level)) last--
      widen(0, first)
      widen(0, last)
      widen(1, j)
      widen(2, k)
    }
  }
  if (high[0] === -1) return undefined
  const origin = perAxis((axis) => Math.max(low[axis]! - 1, 0))
  const end = high.map((at, axis) => Math.min(at + 2, shape[axis]!))
  const size = end.map((at, axis) => at - origin[axis]!)
  const values = new Float32Array(size[0]! * size[1]! * size[2]!)
  for (let k = 0, to = 0; k < size[2]!; k++) {
    for (let j = 0; j < size[1]!; j++, to += size[0]!) {
      const from = ((k + origin[2]) * ny + j + origin[1]) * nx + origin[0]
      for (let i = 0; i < size[0]!; i++) values[to + i] = data[from + i]!
    }
  }
  return { data: values, shape: size, origin }
}
