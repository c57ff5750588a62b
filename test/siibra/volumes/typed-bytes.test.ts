import { describe, expect, it } from 'vitest'
import type { VoxelType } from '../../../src/siibra/volumes/image.ts'
import {
  commonType,
  itemBytesOf,
  readTyped,
  readWideAsFloat64,
  type StoredType,
} from '../../../src/siibra/volumes/typed-bytes.ts'

/** 64-bit integers in the machine's order, in memory of their own. */
const wide = (...values: bigint[]) => new Uint8Array(BigInt64Array.from(values).buffer)
const little = { littleEndian: true, source: 'file' }
const read = (bytes: Uint8Array, type: StoredType, count: number) => {
  const { data, dtype } = readTyped(bytes, type, count, little)
  return { dtype, values: [...data] }
}

describe('64-bit integers', () => {
  it('become int32 where all fit', () => {
    expect(read(wide(0n, -1n, 2_147_483_647n, -2_147_483_648n), 'int64', 4)).toEqual({
      dtype: 'int32',
      values: [0, -1, 2_147_483_647, -2_147_483_648],
    })
  })

  it('become uint32 where all fit that', () => {
    const values = [2_147_483_648, 4_294_967_295, 7]
    const bytes = wide(...values.map(BigInt))
    expect(read(bytes, 'int64', 3)).toEqual({ dtype: 'uint32', values })
    expect(read(bytes, 'uint64', 3)).toEqual({ dtype: 'uint32', values })
    expect(read(wide(1n, 2n), 'uint64', 2).dtype).toBe('uint32')
  })

  it('become float64 where that holds them exactly, else they are refused by their place', () => {
    const most = 2n ** 53n - 1n
    expect(read(wide(-3n, most, -most), 'int64', 3)).toEqual({
      dtype: 'float64',
      values: [-3, Number(most), -Number(most)],
    })
    expect(read(wide(4_294_967_296n), 'uint64', 1)).toEqual({ dtype: 'float64', values: [4_294_967_296] })
    expect(() => read(wide(5n, -(2n ** 53n)), 'int64', 2)).toThrow(/int64 value -9007199254740992 at position 1/)
    expect(() => read(wide(-1n), 'uint64', 1)).toThrow(/uint64 value 18446744073709551615 at position 0/)
  })

  it('are rounded to float64 where that is wanted', () => {
    expect([...readWideAsFloat64(wide(-1n, 5n, -(2n ** 40n)), 'int64', 3, true)]).toEqual([-1, 5, -(2 ** 40)])
    expect([...readWideAsFloat64(wide(-1n), 'uint64', 1, true)]).toEqual([2 ** 64])
    expect([...readWideAsFloat64(Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 2), 'int64', 1, false)]).toEqual([258])
  })
})

describe('numbers from bytes', () => {
  it('in both orders of bytes', () => {
    const big = { littleEndian: false, source: 'file' }
    expect([...readTyped(Uint8Array.of(1, 2, 0, 3), 'uint16', 2, big).data]).toEqual([258, 3])
    expect([...readTyped(Uint8Array.of(0, 0, 1, 2), 'int32', 1, big).data]).toEqual([258])
    expect([...readTyped(Uint8Array.of(64, 9, 33, 251, 84, 68, 45, 24), 'float64', 1, big).data]).toEqual([Math.PI])
    expect([...readTyped(Uint8Array.of(1, 2), 'uint8', 2, big).data]).toEqual([1, 2])
    expect([...readTyped(Uint8Array.of(2, 1), 'uint16', 1, little).data]).toEqual([258])
  })

  it('share the memory of the file where they are aligned, in the machine’s order, and it is no pool', () => {
    const file = Uint8Array.of(0, 0, 0, 0, 1, 0, 2, 0, 9)
    const aligned = readTyped(file.subarray(4), 'uint16', 2, little).data
    expect([...aligned]).toEqual([1, 2])
    expect(aligned.buffer).toBe(file.buffer)
    const odd = readTyped(file.subarray(3), 'uint16', 2, little).data
    expect([...odd]).toEqual([256, 512])
    expect(odd.buffer).not.toBe(file.buffer)
    expect(readTyped(file, 'uint16', 2, { ...little, littleEndian: false }).data.buffer).not.toBe(file.buffer)
    expect(readTyped(file, 'uint8', 2, { ...little, littleEndian: false }).data.buffer).toBe(file.buffer)
    const pooled = new Uint8Array(new ArrayBuffer(Buffer.poolSize))
    expect(readTyped(pooled, 'uint8', 4, little).data.buffer).not.toBe(pooled.buffer)
  })

  it('leave the file as it was', () => {
    const file = Uint8Array.of(1, 2)
    readTyped(file, 'uint16', 1, { littleEndian: false, source: 'file' })
    expect([...file]).toEqual([1, 2])
  })
})

it('each type has its size', () => {
  const sizes = { uint8: 1, int16: 2, uint32: 4, float32: 4, float64: 8, int64: 8, uint64: 8 }
  for (const [type, bytes] of Object.entries(sizes)) expect(itemBytesOf(type as StoredType)).toBe(bytes)
})

describe('the common type, as numpy.promote_types of numpy 2.2 has it (float64 for int64, which an image cannot have)', () => {
  const expected: [VoxelType, VoxelType, VoxelType][] = [
    ['uint8', 'uint8', 'uint8'],
    ['uint8', 'uint16', 'uint16'],
    ['uint8', 'uint32', 'uint32'],
    ['uint8', 'int8', 'int16'],
    ['uint8', 'int16', 'int16'],
    ['uint16', 'int8', 'int32'],
    ['uint16', 'int16', 'int32'],
    ['uint16', 'int32', 'int32'],
    ['uint32', 'int8', 'float64'],
    ['int8', 'int32', 'int32'],
    ['uint16', 'float32', 'float32'],
    ['int32', 'float32', 'float64'],
    ['uint32', 'float32', 'float64'],
    ['float64', 'uint8', 'float64'],
    ['float64', 'float32', 'float64'],
    ['int8', 'float64', 'float64'],
  ]
  it.each(expected)('%s and %s: %s', (a, b, both) => {
    expect(commonType([a, b])).toBe(both)
    expect(commonType([b, a])).toBe(both)
    expect(commonType([a, a])).toBe(a)
  })

  it('of several', () => {
    expect(commonType(['uint8', 'int8', 'uint16'])).toBe('int32')
    expect(commonType(['int16'])).toBe('int16')
  })
})
