/** Bytes of a file as typed arrays: a view where order and alignment allow, else one copy. */

import type { VoxelArray, VoxelType } from './image.ts'
import { badData } from './inflate.ts'

/** numpy's names of the types that files hold; 64-bit integers are narrowed on the way in. */
export type StoredType = VoxelType | 'int64' | 'uint64'

const constructors = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const

export function itemBytesOf(type: StoredType): number {
  return type === 'int64' || type === 'uint64' ? 8 : constructors[type].BYTES_PER_ELEMENT
}

/** A new array of zeros. */
export function createVoxels(type: VoxelType, length: number): VoxelArray {
  return new constructors[type](length)
}

const UNSIGNED = ['uint8', 'uint16', 'uint32'] as const
const SIGNED = ['int8', 'int16', 'int32'] as const

/** The type that holds the values of all, as numpy promotes them; uint32 beside a signed type needs float64 (numpy: int64). */
export const commonType = (types: readonly VoxelType[]): VoxelType => types.reduce(promote)

function promote(a: VoxelType, b: VoxelType): VoxelType {
  if (a === b) return a
  const both = [a, b]
  if (both.some((type) => type === 'float64')) return 'float64'
  if (both.some((type) => type === 'float32')) {
    return both.some((type) => type === 'uint32' || type === 'int32') ? 'float64' : 'float32'
  }
  const widest = (family: readonly VoxelType[]) => Math.max(...both.map((type) => family.indexOf(type)))
  const [unsigned, signed] = [widest(UNSIGNED), widest(SIGNED)]
  return (signed < 0 ? UNSIGNED[unsigned] : SIGNED[Math.max(signed, unsigned + 1)]) ?? 'float64'
}

export interface TypedBytes {
  data: VoxelArray
  dtype: VoxelType
}

/**
 * `count` numbers of `type` from the start of `bytes`, which must hold them. Shares memory with `bytes` where these are aligned and in
 * the machine's order. 64-bit integers become int32 or uint32 where every value fits, else float64 where all are within 2^53, which holds
 * them exactly; else BAD_DATA.
 */
export function readTyped(
  bytes: Uint8Array,
  type: StoredType,
  count: number,
  options: { littleEndian: boolean; source: string },
): TypedBytes {
  if (type === 'int64' || type === 'uint64') return narrow(bytes, type, count, options)
  const data = viewOrCopy(bytes, itemBytesOf(type), count, options.littleEndian, (buffer, offset) => {
    return new constructors[type](buffer, offset, count)
  })
  return { data, dtype: type }
}

/** 64-bit integers as float64: each rounded to the nearest, as numpy's astype does. */
export function readWideAsFloat64(
  bytes: Uint8Array,
  type: 'int64' | 'uint64',
  count: number,
  littleEndian: boolean,
): Float64Array {
  const { low, high } = readWords(bytes, count, littleEndian)
  const isSigned = type === 'int64'
  const data = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const upper = isSigned ? high[2 * i]! | 0 : high[2 * i]!
    data[i] = upper * 2 ** 32 + low[2 * i]!
  }
  return data
}

function narrow(
  bytes: Uint8Array,
  type: 'int64' | 'uint64',
  count: number,
  { littleEndian, source }: { littleEndian: boolean; source: string },
): TypedBytes {
  const { low, high } = readWords(bytes, count, littleEndian)
  if (type === 'int64') {
    const data = new Int32Array(count)
    let i = 0
    for (; i < count; i++) {
      const value = low[2 * i]! | 0
      if (value >> 31 !== (high[2 * i]! | 0)) break
      data[i] = value
    }
    if (i === count) return { data, dtype: 'int32' }
  }
  if (!hasUpperHalf(high, count)) {
    const data = new Uint32Array(count)
    for (let i = 0; i < count; i++) data[i] = low[2 * i]!
    return { data, dtype: 'uint32' }
  }
  const data = readWideAsFloat64(bytes, type, count, littleEndian)
  const beyond = data.findIndex((value) => Math.abs(value) > Number.MAX_SAFE_INTEGER)
  if (beyond < 0) return { data, dtype: 'float64' }
  const value = (BigInt(high[2 * beyond]!) << 32n) | BigInt(low[2 * beyond]!)
  const shown = type === 'int64' ? BigInt.asIntN(64, value) : value
  throw badData(source, `${type} value ${shown} at position ${beyond} is beyond 2^53, what can be held exactly`)
}

function hasUpperHalf(high: Uint32Array, count: number): boolean {
  for (let i = 0; i < count; i++) if (high[2 * i] !== 0) return true
  return false
}

/** The lower and upper 32 bits of each 64-bit integer: number i is at index 2 * i of both. */
function readWords(bytes: Uint8Array, count: number, littleEndian: boolean) {
  const words = viewOrCopy(
    bytes,
    8,
    count,
    littleEndian,
    (buffer, offset) => new Uint32Array(buffer, offset, 2 * count),
  )
  return { low: words, high: words.subarray(1) }
}

function viewOrCopy<T>(
  bytes: Uint8Array,
  itemBytes: number,
  count: number,
  littleEndian: boolean,
  view: (buffer: ArrayBuffer, offset: number) => T,
): T {
  const needed = bytes.subarray(0, count * itemBytes)
  const isSwapped = !littleEndian && itemBytes > 1
  // Node's small buffers share one pool, which must neither be kept alive nor transferred by a voxel array.
  const isPooled = needed.buffer.byteLength === Buffer.poolSize
  if (!isSwapped && !isPooled && needed.byteOffset % itemBytes === 0)
    return view(needed.buffer as ArrayBuffer, needed.byteOffset)
  const own = new Uint8Array(needed)
  if (isSwapped) swapInPlace(own, itemBytes)
  return view(own.buffer, own.byteOffset)
}

function swapInPlace(bytes: Uint8Array, itemBytes: number) {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (itemBytes === 2) buffer.swap16()
  else if (itemBytes === 4) buffer.swap32()
  else buffer.swap64()
}
