/** As much of NIfTI-1 as the page needs to read a label at a place: what the service itself writes. */

type Voxels = Uint8Array | Int16Array | Int32Array | Float32Array | Float64Array | Int8Array | Uint16Array | Uint32Array

const TYPES: Record<number, { new (buffer: ArrayBuffer, offset: number, length: number): Voxels }> = {
  2: Uint8Array,
  4: Int16Array,
  8: Int32Array,
  16: Float32Array,
  64: Float64Array,
  256: Int8Array,
  512: Uint16Array,
  768: Uint32Array,
}

export type PointMm = readonly [x: number, y: number, z: number]

export interface NiftiVolume {
  /** The whole file, inflated. */
  bytes: ArrayBuffer
  /** First axis fastest. */
  voxels: Voxels
  shape: [number, number, number]
  /** Rows of the affine from voxel centres to mm: 12 numbers. */
  affine: Rows
}

type Rows = readonly [number, number, number, number, number, number, number, number, number, number, number, number]

/** Reads a `.nii` or `.nii.gz`. */
export async function readNifti(file: ArrayBuffer): Promise<NiftiVolume> {
  const bytes = await inflate(file)
  const view = new DataView(bytes)
  const Type = TYPES[view.getInt16(70, true)]
  if (view.getInt32(0, true) !== 348 || !Type) throw new Error('The service sent a file that is no NIfTI.')
  const size = (axis: 0 | 1 | 2) => view.getInt16(42 + 2 * axis, true)
  const shape: NiftiVolume['shape'] = [size(0), size(1), size(2)]
  const m = (n: number) => view.getFloat32(280 + 4 * n, true)
  const affine: Rows = [m(0), m(1), m(2), m(3), m(4), m(5), m(6), m(7), m(8), m(9), m(10), m(11)]
  const start = view.getFloat32(108, true)
  const voxels = new Type(bytes, start, shape[0] * shape[1] * shape[2])
  return { bytes, voxels, shape, affine }
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

/** Slope and intercept of the header; a slope of 0 stands for none. */
function scaling({ bytes }: NiftiVolume): readonly [slope: number, intercept: number] {
  const view = new DataView(bytes)
  const slope = view.getFloat32(112, true)
  return slope ? [slope, view.getFloat32(116, true)] : [1, 0]
}

/** The value at a place in mm, as the header scales it; undefined outside. */
export function valueAt(volume: NiftiVolume, pointMm: PointMm): number | undefined {
  const value = volume.voxels[voxelAt(volume, pointMm)]
  const [slope, intercept] = scaling(volume)
  return value === undefined ? undefined : value * slope + intercept
}

export function largestValue(volume: NiftiVolume): number {
  let largest = Number.NEGATIVE_INFINITY
  for (const value of volume.voxels) if (value > largest) largest = value
  const [slope, intercept] = scaling(volume)
  return largest * slope + intercept
}
