/** Volumes as the service sends them: where a place in mm is in them, and what it reads there. */
import { readNifti } from '@siibra-api/client'

export type PointMm = readonly [x: number, y: number, z: number]

export interface NiftiVolume {
  /** The whole file, inflated: what the viewer is given. */
  bytes: ArrayBuffer
  /** Values, as the header scales them; the first axis is the fastest. */
  voxels: ArrayLike<number>
  shape: [number, number, number]
  /** Rows of the affine from voxel centres to mm: 12 numbers. */
  affine: Rows
}

type Rows = readonly [number, number, number, number, number, number, number, number, number, number, number, number]

/** Reads a `.nii` or `.nii.gz`; of several volumes the first. Throws a RangeError for what is no such file. */
export async function readVolume(file: ArrayBuffer): Promise<NiftiVolume> {
  const bytes = await inflate(file)
  const { data, shape, voxelToWorldMm } = await readNifti(new Uint8Array(bytes))
  const voxels =
    data instanceof BigInt64Array || data instanceof BigUint64Array ? Float64Array.from(Array.from(data, Number)) : data
  const [ni = 1, nj = 1, nk = 1] = shape
  const m = (row: number, column: number) => voxelToWorldMm[row]?.[column] ?? 0
  const affine: Rows = [
    ...([m(0, 0), m(0, 1), m(0, 2), m(0, 3)] as const),
    ...([m(1, 0), m(1, 1), m(1, 2), m(1, 3)] as const),
    ...([m(2, 0), m(2, 1), m(2, 2), m(2, 3)] as const),
  ]
  return { bytes, voxels, shape: [ni, nj, nk], affine }
}

async function inflate(file: ArrayBuffer): Promise<ArrayBuffer> {
  const head = new Uint8Array(file, 0, 2)
  if (head[0] !== 0x1f || head[1] !== 0x8b) return file
  const stream = new Blob([file]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Response(stream).arrayBuffer()
}

const HEADER_BYTES = 352

/** A file with the place of a volume and a colour (R, G, B, A) for each voxel, and its colours to be written to. */
export function colourFile({ bytes, voxels }: NiftiVolume): { file: ArrayBuffer; pixels: Uint32Array } {
  const file = new ArrayBuffer(HEADER_BYTES + voxels.length * 4)
  new Uint8Array(file).set(new Uint8Array(bytes, 0, 348))
  const view = new DataView(file)
  view.setInt16(68, 0, true)
  view.setInt16(70, 2304, true)
  view.setInt16(72, 32, true)
  view.setFloat32(108, HEADER_BYTES, true)
  view.setFloat32(112, 1, true)
  for (const at of [116, 124, 128]) view.setFloat32(at, 0, true)
  return { file, pixels: new Uint32Array(file, HEADER_BYTES) }
}

/** The index of the voxel at a place in mm; -1 outside. */
export function voxelAt({ shape, affine }: NiftiVolume, [x, y, z]: PointMm): number {
  const [a, b, c, tx, d, e, f, ty, g, h, i, tz] = affine
  const [px, py, pz] = [x - tx, y - ty, z - tz]
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
  const whole = (sum: number) => Math.floor(sum / determinant + 0.5)
  const u = whole((e * i - f * h) * px + (c * h - b * i) * py + (b * f - c * e) * pz)
  const v = whole((f * g - d * i) * px + (a * i - c * g) * py + (c * d - a * f) * pz)
  const w = whole((d * h - e * g) * px + (b * g - a * h) * py + (a * e - b * d) * pz)
  const [nu, nv, nw] = shape
  const isInside = u >= 0 && u < nu && v >= 0 && v < nv && w >= 0 && w < nw
  return isInside ? (w * nv + v) * nu + u : -1
}

/** The value at a place in mm; undefined outside. */
export const valueAt = (volume: NiftiVolume, pointMm: PointMm): number | undefined =>
  volume.voxels[voxelAt(volume, pointMm)]

export function largestValue({ voxels }: NiftiVolume): number {
  let largest = Number.NEGATIVE_INFINITY
  for (let at = 0; at < voxels.length; at++) largest = Math.max(largest, voxels[at] ?? largest)
  return largest
}
