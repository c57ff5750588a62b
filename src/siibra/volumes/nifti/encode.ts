/** Images as NIfTI-1 files, byte for byte as nibabel's `nib.save(Nifti1Image(data, affine), ...)` writes them. */
import { SiibraError } from '../../errors.ts'
import { determinantOf, voxelSizesOf } from '../affine.ts'
import type { Affine, Image, VoxelType } from '../image.ts'

const headerBytes = 352

const datatypes: Record<VoxelType, number> = {
  uint8: 2,
  int16: 4,
  int32: 8,
  float32: 16,
  float64: 64,
  int8: 256,
  uint16: 512,
  uint32: 768,
}

/**
 * One uncompressed NIfTI-1 file: sform of code 2 (aligned), qform of code 0 (unknown, but filled in), the affine rounded to float32,
 * the type of the voxels kept. Compress with `gzipBytes`. UNSUPPORTED where a size exceeds the format's 32,767.
 */
export function encodeNifti(image: Image): Uint8Array {
  const header = encodeNiftiHeader(image)
  const voxels = voxelBytes(image)
  const bytes = new Uint8Array(header.length + voxels.length)
  bytes.set(header)
  bytes.set(voxels, header.length)
  return bytes
}

/** The voxels as the file has them, little-endian as every machine that runs this: a view. */
export const voxelBytes = ({ data }: Image): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)

/** What comes before the voxels; UNSUPPORTED where a size exceeds the format's 32,767. */
export function encodeNiftiHeader(image: Image): Uint8Array {
  const { data, dtype, shape, voxelToWorldMm } = image
  if (shape.some((size) => size > 32_767)) {
    throw new SiibraError('UNSUPPORTED', `NIfTI-1 has no room for ${shape.join(' x ')} voxels: 32767 an axis at most`)
  }
  const count = shape.reduce((product, size) => product * size, 1)
  if (count !== data.length) {
    throw new SiibraError('INTERNAL', `An image of ${shape.join(' x ')} = ${count} voxels has ${data.length} of them`)
  }
  const bytes = new Uint8Array(headerBytes)
  const view = new DataView(bytes.buffer)
  const putFloats = (offset: number, values: ArrayLike<number>) => {
    for (let i = 0; i < values.length; i++) view.setFloat32(offset + 4 * i, values[i]!, true)
  }
  view.setInt32(0, 348, true)
  view.setInt16(40, shape.length, true)
  for (let axis = 0; axis < 7; axis++) view.setInt16(42 + 2 * axis, shape[axis] ?? 1, true)
  view.setInt16(70, datatypes[dtype], true)
  view.setInt16(72, 8 * data.BYTES_PER_ELEMENT, true)
  const { quaternion, qfac } = toQuaternion(voxelToWorldMm)
  putFloats(76, [qfac, ...voxelSizesOf(voxelToWorldMm), 1, 1, 1, 1])
  putFloats(108, [headerBytes, 1, 0])
  view.setInt16(254, 2, true)
  putFloats(256, [...quaternion.slice(1), voxelToWorldMm[3]!, voxelToWorldMm[7]!, voxelToWorldMm[11]!])
  putFloats(280, voxelToWorldMm.subarray(0, 12))
  bytes.set([0x6e, 0x2b, 0x31], 344)
  return bytes
}

/** The rotation nearest to the axes' directions, as quaternion (w, x, y, z), w not negative; `qfac` -1 where z is mirrored. */
function toQuaternion(affine: Affine): { quaternion: number[]; qfac: 1 | -1 } {
  const qfac = determinantOf(affine) > 0 ? 1 : -1
  const sizes = voxelSizesOf(affine).map((size) => size || 1)
  const directions = [0, 1, 2].flatMap((row) =>
    [0, 1, 2].map((column) => (affine[4 * row + column]! / sizes[column]!) * (column === 2 ? qfac : 1)),
  )
  return { quaternion: rotationToQuaternion(nearestRotation(directions)), qfac }
}

/** The orthogonal factor of the polar decomposition, by Newton's iteration Q <- (Q + inverse transpose of Q) / 2. */
function nearestRotation(matrix: number[]): number[] {
  let q = matrix
  for (let round = 0; round < 50; round++) {
    const cofactors = cofactorsOf(q)
    const determinant = q[0]! * cofactors[0]! + q[1]! * cofactors[1]! + q[2]! * cofactors[2]!
    if (determinant === 0) return [1, 0, 0, 0, 1, 0, 0, 0, 1]
    const next = q.map((value, index) => (value + cofactors[index]! / determinant) / 2)
    const change = Math.max(...next.map((value, index) => Math.abs(value - q[index]!)))
    q = next
    if (change < 1e-15) break
  }
  return q
}

function cofactorsOf(m: number[]): number[] {
  const [a, b, c, d, e, f, g, h, i] = m as [number, number, number, number, number, number, number, number, number]
  return [
    e * i - f * h,
    f * g - d * i,
    d * h - e * g,
    c * h - b * i,
    a * i - c * g,
    b * g - a * h,
    b * f - c * e,
    c * d - a * f,
    a * e - b * d,
  ]
}

/** By the largest of the four components, so that no division is by something small. */
function rotationToQuaternion(m: number[]): number[] {
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = m as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const candidates = [
    [1 + xx + yy + zz, zy - yz, xz - zx, yx - xy],
    [zy - yz, 1 + xx - yy - zz, xy + yx, xz + zx],
    [xz - zx, xy + yx, 1 - xx + yy - zz, yz + zy],
    [yx - xy, xz + zx, yz + zy, 1 - xx - yy + zz],
  ]
  const diagonal = candidates.map((candidate, index) => candidate[index]!)
  const best = candidates[diagonal.indexOf(Math.max(...diagonal))]!
  const length = Math.hypot(...best) * (best[0]! < 0 ? -1 : 1)
  return best.map((value) => value / length)
}
