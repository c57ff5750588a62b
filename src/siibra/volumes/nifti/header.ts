/**
 * The header of NIfTI-1 (https://nifti.nimh.nih.gov/nifti-1) and NIfTI-2 (https://nifti.nimh.nih.gov/nifti-2) single files, read by
 * nibabel's rules: its repairs of harmless faults, its choice of the affine, its reading of slope and intercept.
 */

import { SiibraError } from '../../errors.ts'
import { scalingAffine } from '../affine.ts'
import type { Affine } from '../image.ts'
import { badData } from '../inflate.ts'
import { itemBytesOf, type StoredType } from '../typed-bytes.ts'

export interface NiftiHeader {
  version: 1 | 2
  littleEndian: boolean
  /** Type of the numbers in the file, before slope and intercept. */
  storedType: StoredType
  /** Sizes along i, j, k [, t]. */
  shape: number[]
  /** Where the voxels begin, past header and extensions. */
  dataOffsetBytes: number
  /** How many bytes of voxels the header promises. */
  dataBytes: number
  /** `value = stored * slope + intercept`; undefined where the stored numbers are the values. */
  scaling?: { slope: number; intercept: number }
  voxelToWorldMm: Affine
}

const storedTypes = new Map<number, StoredType>([
  [2, 'uint8'],
  [4, 'int16'],
  [8, 'int32'],
  [16, 'float32'],
  [64, 'float64'],
  [256, 'int8'],
  [512, 'uint16'],
  [768, 'uint32'],
  [1024, 'int64'],
  [1280, 'uint64'],
])

/** Types that the format knows and an `Image` cannot hold. */
const unsupportedTypes = new Map([
  [1, 'binary'],
  [32, 'complex64'],
  [128, 'RGB'],
  [1536, 'float128'],
  [1792, 'complex128'],
  [2048, 'complex256'],
  [2304, 'RGBA'],
])

/** Where the two versions keep their fields. */
interface Layout {
  version: 1 | 2
  smallestOffset: number
  dim(index: number): number
  datatype: number
  pixdim(index: number): number
  voxOffset: number
  slope: number
  intercept: number
  qformCode: number
  sformCode: number
  /** b, c, d of the quaternion and the three offsets. */
  qform(index: number): number
  /** The twelve numbers of the three rows. */
  sform(index: number): number
  /** Below this, the square of the quaternion's real part counts as zero. */
  quaternionThreshold: number
}

/** Parses the header of inflated bytes; they may end anywhere after it. Errors: BAD_DATA, UNSUPPORTED. */
export function parseNiftiHeader(bytes: Uint8Array, source = 'the NIfTI file'): NiftiHeader {
  const { layout, littleEndian } = readLayout(bytes, source)
  const storedType = readStoredType(layout.datatype, source)
  const shape = readShape(layout, source)
  if (layout.voxOffset !== 0 && !(layout.voxOffset >= layout.smallestOffset && Number.isFinite(layout.voxOffset))) {
    throw badData(source, `vox_offset is ${layout.voxOffset}, below the ${layout.smallestOffset} bytes of the header`)
  }
  const voxelToWorldMm = readAffine(layout, shape, source)
  if (!voxelToWorldMm.every(Number.isFinite)) throw badData(source, 'the affine has numbers that are not finite')
  const dataBytes = shape.reduce((product, size) => product * size, itemBytesOf(storedType))
  const scaling = readScaling(layout, source)
  return {
    version: layout.version,
    littleEndian,
    storedType,
    shape,
    dataOffsetBytes: Math.trunc(layout.voxOffset) || layout.smallestOffset,
    dataBytes,
    ...(scaling && { scaling }),
    voxelToWorldMm,
  }
}

function readLayout(bytes: Uint8Array, source: string): { layout: Layout; littleEndian: boolean } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const needed = (count: number) => {
    if (bytes.length < count) throw badData(source, `${bytes.length} bytes are too few for a header of ${count} bytes`)
  }
  needed(348)
  for (const littleEndian of [true, false]) {
    if (view.getInt32(0, littleEndian) !== 540) continue
    needed(540)
    requireMagic(bytes, 4, ['n+2', 'ni2'], source)
    return { layout: layoutOfNifti2(view, littleEndian), littleEndian }
  }
  requireMagic(bytes, 344, ['n+1', 'ni1'], source)
  const rank = view.getInt16(40, true)
  const littleEndian = rank === 0 ? view.getInt32(0, true) === 348 : rank >= 1 && rank <= 7
  return { layout: layoutOfNifti1(view, littleEndian), littleEndian }
}

function requireMagic(bytes: Uint8Array, offset: number, [single, pair]: [string, string], source: string) {
  const magic = String.fromCharCode(...bytes.subarray(offset, offset + 3))
  if (magic === pair) throw new SiibraError('UNSUPPORTED', `${source}: header and voxels in two files`, { url: source })
  if (magic !== single) throw badData(source, `no NIfTI file: the magic string is ${JSON.stringify(magic)}`)
}

function layoutOfNifti1(view: DataView, littleEndian: boolean): Layout {
  const int16 = (offset: number) => view.getInt16(offset, littleEndian)
  const float32 = (offset: number) => view.getFloat32(offset, littleEndian)
  return {
    version: 1,
    smallestOffset: 352,
    dim: (index) => int16(40 + 2 * index),
    datatype: int16(70),
    pixdim: (index) => float32(76 + 4 * index),
    voxOffset: float32(108),
    slope: float32(112),
    intercept: float32(116),
    qformCode: int16(252),
    sformCode: int16(254),
    qform: (index) => float32(256 + 4 * index),
    sform: (index) => float32(280 + 4 * index),
    quaternionThreshold: 3 * 2 ** -23,
  }
}

function layoutOfNifti2(view: DataView, littleEndian: boolean): Layout {
  const int64 = (offset: number) => Number(view.getBigInt64(offset, littleEndian))
  const float64 = (offset: number) => view.getFloat64(offset, littleEndian)
  return {
    version: 2,
    smallestOffset: 544,
    dim: (index) => int64(16 + 8 * index),
    datatype: view.getInt16(12, littleEndian),
    pixdim: (index) => float64(104 + 8 * index),
    voxOffset: int64(168),
    slope: float64(176),
    intercept: float64(184),
    qformCode: view.getInt32(344, littleEndian),
    sformCode: view.getInt32(348, littleEndian),
    qform: (index) => float64(352 + 8 * index),
    sform: (index) => float64(400 + 8 * index),
    quaternionThreshold: 3 * 2 ** -52,
  }
}

function readStoredType(code: number, source: string): StoredType {
  const type = storedTypes.get(code)
  if (type) return type
  const name = unsupportedTypes.get(code)
  if (name) throw new SiibraError('UNSUPPORTED', `${source}: voxels of type ${name}`, { url: source })
  throw badData(source, `unknown datatype ${code}`)
}

/** Three or four sizes: missing spatial axes have one voxel, axes after the fourth must not have more than one. */
function readShape(layout: Layout, source: string): number[] {
  const rank = layout.dim(0)
  if (!(rank >= 1 && rank <= 7)) throw badData(source, `dim[0] is ${rank}, not 1 to 7`)
  const sizes = Array.from({ length: rank }, (_, axis) => layout.dim(axis + 1))
  if (sizes.some((size) => size < 1)) throw badData(source, `sizes ${sizes.join(' x ')} are not all positive`)
  if (sizes.slice(4).some((size) => size > 1)) {
    throw new SiibraError('UNSUPPORTED', `${source}: ${rank} axes, ${sizes.join(' x ')}`, { url: source })
  }
  while (sizes.length < 3) sizes.push(1)
  return sizes.slice(0, 4)
}

/** A slope of zero or not finite means none; slope 1 with intercept 0 leaves the stored numbers as they are. */
function readScaling({ slope, intercept }: Layout, source: string): NiftiHeader['scaling'] {
  if (slope === 0 || !Number.isFinite(slope)) return undefined
  if (!Number.isFinite(intercept)) throw badData(source, `scl_slope is ${slope}, but scl_inter is ${intercept}`)
  return slope === 1 && intercept === 0 ? undefined : { slope, intercept }
}

/** The sform where its code is not 0, else the qform where its code is not 0, else the base affine. Unknown codes count as 0. */
function readAffine(layout: Layout, shape: number[], source: string): Affine {
  const isKnown = (code: number) => code >= 1 && code <= 5
  if (isKnown(layout.sformCode)) {
    return Float64Array.from({ length: 16 }, (_, index) => (index < 12 ? layout.sform(index) : index === 15 ? 1 : 0))
  }
  return isKnown(layout.qformCode) ? readQform(layout, source) : readBaseAffine(layout, shape)
}

/** Size of a voxel along an axis: its sign does not count, 0 stands for 1. */
function voxelSizeMm(layout: Layout, axis: number): number {
  return Math.abs(layout.pixdim(axis + 1)) || 1
}

function readQform(layout: Layout, source: string): Affine {
  const [b, c, d] = [layout.qform(0), layout.qform(1), layout.qform(2)] as const
  const square = 1 - (b * b + c * c + d * d)
  const isZero = Math.abs(square) < layout.quaternionThreshold
  if (!isZero && !(square >= 0))
    throw badData(source, `the quaternion (${b}, ${c}, ${d}) of the qform is longer than 1`)
  const a = isZero ? 0 : Math.sqrt(square)
  const scale = 2 / (a * a + b * b + c * c + d * d)
  const qfac = layout.pixdim(0) === -1 ? -1 : 1
  const [x, y, z] = [voxelSizeMm(layout, 0), voxelSizeMm(layout, 1), voxelSizeMm(layout, 2) * qfac] as const
  return Float64Array.of(
    (1 - scale * (c * c + d * d)) * x,
    scale * (b * c - a * d) * y,
    scale * (b * d + a * c) * z,
    layout.qform(3),
    scale * (b * c + a * d) * x,
    (1 - scale * (b * b + d * d)) * y,
    scale * (c * d - a * b) * z,
    layout.qform(4),
    scale * (b * d - a * c) * x,
    scale * (c * d + a * b) * y,
    (1 - scale * (b * b + c * c)) * z,
    layout.qform(5),
    0,
    0,
    0,
    1,
  )
}

/** Voxel sizes on the diagonal, x mirrored, the origin in the centre of the voxels; without three axes, sizes of 1. */
function readBaseAffine(layout: Layout, shape: number[]): Affine {
  const isSpatial = layout.dim(0) >= 3
  const sizes = [0, 1, 2].map((axis) => (isSpatial ? voxelSizeMm(layout, axis) : 1) * (axis === 0 ? -1 : 1))
  const affine = scalingAffine(sizes as [number, number, number])
  for (let axis = 0; axis < 3; axis++) affine[4 * axis + 3] = (-(shape[axis]! - 1) / 2) * sizes[axis]!
  return affine
}
