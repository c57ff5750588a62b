/** NIfTI-1 and NIfTI-2 in one file, read by nibabel's rules: sform, else qform, else the base affine. */

const TYPES = {
  2: Uint8Array,
  4: Int16Array,
  8: Int32Array,
  16: Float32Array,
  64: Float64Array,
  256: Int8Array,
  512: Uint16Array,
  768: Uint32Array,
  1024: BigInt64Array,
  1280: BigUint64Array,
}

/** Voxels as they are stored; where the file has a slope and an intercept, the values that these make, in doubles. */
export type Voxels = InstanceType<(typeof TYPES)[keyof typeof TYPES]>

export interface Nifti {
  /** Sizes along i, j, k [, t]. */
  shape: number[]
  /** The first axis is the fastest: `data[i + shape[0] * (j + shape[1] * k)]`. */
  data: Voxels
  /** Four rows of four, from the centre of voxel (i, j, k) to x, y, z in mm: right, anterior, superior. */
  voxelToWorldMm: number[][]
}

/** Reads a `.nii` or `.nii.gz`. Throws a RangeError for what is no such file. */
export async function readNifti(file: Uint8Array<ArrayBuffer>): Promise<Nifti> {
  const bytes = file[0] === 0x1f && file[1] === 0x8b ? await gunzip(file) : file
  if (bytes.length < 348) throw new RangeError('no NIfTI file: too short')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const isLittle = view.getUint8(0) !== 0
  const size = view.getInt32(0, isLittle)
  if (size !== 348 && size !== 540) throw new RangeError(`no NIfTI file: its header says ${size} bytes`)
  const is2 = size === 540
  const real = (at1: number, at2: number, n = 0) =>
    is2 ? view.getFloat64(at2 + 8 * n, isLittle) : view.getFloat32(at1 + 4 * n, isLittle)
  const dim = (n: number) =>
    is2 ? Number(view.getBigInt64(16 + 8 * n, isLittle)) : view.getInt16(40 + 2 * n, isLittle)
  const shape = Array.from({ length: dim(0) }, (_, axis) => dim(axis + 1))
  const count = shape.reduce((product, length) => product * length, 1)
  const code = view.getInt16(is2 ? 12 : 70, isLittle)
  const Type = TYPES[code as keyof typeof TYPES]
  if (!Type) throw new RangeError(`NIfTI: voxels of type ${code} are not read`)
  const offset = is2 ? Number(view.getBigInt64(168, isLittle)) : view.getFloat32(108, isLittle)
  const start = offset || (is2 ? 544 : 352)
  const end = start + count * Type.BYTES_PER_ELEMENT
  if (bytes.length < end) throw new RangeError(`NIfTI: ${bytes.length} bytes, ${end} are needed`)
  const stored = bytes.slice(start, end)
  if (isLittle !== IS_LITTLE) swap(stored, Type.BYTES_PER_ELEMENT)
  const [slope, intercept] = [real(112, 176), real(116, 184)]
  const isScaled = slope !== 0 && Number.isFinite(slope) && (slope !== 1 || intercept !== 0)
  const voxels = new Type(stored.buffer)
  // adding 0 would make 0 of -0
  const scale = (value: number) => (intercept === 0 ? value * slope : value * slope + intercept)
  const data = isScaled ? Float64Array.from(voxels as Float64Array, (value) => scale(Number(value))) : voxels
  const formCode = (at1: number, at2: number) => (is2 ? view.getInt32(at2, isLittle) : view.getInt16(at1, isLittle))
  const isForm = (value: number) => value >= 1 && value <= 5
  const voxelMm = (axis: number) => (dim(0) < 3 ? 1 : Math.abs(real(76, 104, axis + 1)) || 1)
  const rows = isForm(formCode(254, 348))
    ? [0, 1, 2].map((row) => [0, 1, 2, 3].map((column) => real(280, 400, 4 * row + column)))
    : isForm(formCode(252, 344))
      ? qform(
          [0, 1, 2, 3, 4, 5].map((n) => real(256, 352, n)),
          [0, 1, 2].map((axis) => Math.abs(real(76, 104, axis + 1)) || 1),
          real(76, 104) === -1,
        )
      : [0, 1, 2].map((row) => {
          const step = voxelMm(row) * (row === 0 ? -1 : 1)
          const line = [0, 0, 0, (-step * ((shape[row] ?? 1) - 1)) / 2]
          line[row] = step
          return line
        })
  return { shape, data, voxelToWorldMm: [...rows, [0, 0, 0, 1]] }
}

const IS_LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

function swap(bytes: Uint8Array, itemBytes: number): void {
  if (itemBytes > 1) for (let at = 0; at < bytes.length; at += itemBytes) bytes.subarray(at, at + itemBytes).reverse()
}

/** Below this the square of a quaternion's real part is taken for zero, as by nibabel. */
const ZERO = 3 * 2 ** -23

/** Rows of a rotation by the quaternion (b, c, d), scaled by the voxels' sizes, with its offsets. */
function qform(values: number[], sizesMm: number[], isMirrored: boolean): number[][] {
  const [b, c, d, ...offsets] = values as [number, number, number, ...number[]]
  const [x, y, z] = sizesMm as [number, number, number]
  const square = 1 - (b * b + c * c + d * d)
  const a = square < ZERO ? 0 : Math.sqrt(square)
  const scale = 2 / (a * a + b * b + c * c + d * d)
  const w = isMirrored ? -z : z
  return [
    [(1 - scale * (c * c + d * d)) * x, scale * (b * c - a * d) * y, scale * (b * d + a * c) * w],
    [scale * (b * c + a * d) * x, (1 - scale * (b * b + d * d)) * y, scale * (c * d - a * b) * w],
    [scale * (b * d - a * c) * x, scale * (c * d + a * b) * y, (1 - scale * (b * b + c * c)) * w],
  ].map((row, at) => [...row, offsets[at] as number])
}
