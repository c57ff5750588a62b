/** Arrays of an OME-Zarr through zarrita: chunks of voxels behind a byte store. */
import type { DataType, Array as ZarrArray } from 'zarrita'
import { SiibraError } from '../../errors.ts'
import type { ReadOptions, Store } from '../../retrieval/stores/store.ts'
import { abortError } from '../../retrieval/upstream-errors.ts'
import { badData } from '../inflate.ts'
import { itemBytesOf, readTyped, type StoredType, type TypedBytes } from '../typed-bytes.ts'
import { loadZarrita } from './load-zarrita.ts'

export interface ChunkedArray {
  url: string
  shape: readonly number[]
  /** Of what is fetched and decoded at a time; of a sharded array the smaller ones. */
  chunkShape: readonly number[]
  dtype: StoredType
  read(chunk: readonly number[], options: ReadOptions): Promise<Chunk>
}

export interface Chunk extends TypedBytes {
  /** Steps in `data` along each axis of the array. */
  stride: readonly number[]
  /** False where nothing is stored, so that all of it is the fill value. */
  isStored: boolean
}

/** numpy's names of the types that are read. */
const TYPES = new Set<string>([
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'uint64',
  'int64',
  'float32',
  'float64',
])

/** Opens an array; NOT_FOUND and BAD_DATA by what its metadata are, UNSUPPORTED for types of numbers that are not read. */
export async function openChunks(
  store: Store,
  url: string,
  zarrVersion: 2 | 3,
  options: ReadOptions,
): Promise<ChunkedArray> {
  const zarr = await loadZarrita()
  const open = zarrVersion === 3 ? zarr.open.v3 : zarr.open.v2
  const array = await open(bytesBelow(store, url, options), { kind: 'array' }).catch((thrown: unknown) =>
    fail(thrown, url, options, 'is no Zarr array'),
  )
  const { shape, chunks, dtype } = array
  const stored = dtype === 'bool' ? 'uint8' : dtype
  if (!isStoredType(stored)) {
    throw new SiibraError('UNSUPPORTED', `${url}: voxels of type ${dtype} are not read`, { url })
  }
  // zarrita takes them as the document has them
  const isShape = (sizes: unknown) =>
    Array.isArray(sizes) && sizes.every((size) => Number.isSafeInteger(size) && size > 0)
  if (!isShape(shape) || !isShape(chunks)) {
    throw badData(url, `the array has ${JSON.stringify(shape)} voxels in chunks of ${JSON.stringify(chunks)}`)
  }
  return { url, shape, chunkShape: chunks, dtype: stored, read: (at, reading) => readChunk(array, stored, at, reading) }

  async function readChunk(
    from: ZarrArray<DataType>,
    type: StoredType,
    at: readonly number[],
    reading: ReadOptions,
  ): Promise<Chunk> {
    const count = chunks.reduce((product, size) => product * size, 1)
    const asked = { ...reading, isStored: false }
    const chunk = await from.getChunk([...at], asked as never).catch((thrown: unknown) => {
      return fail(thrown, url, reading, `the chunk ${at.join('/')} cannot be read`)
    })
    // zarrita has a class for each type: those of numbers are views of memory, that of truth values is iterated
    const data = chunk.data as unknown as ArrayBufferView & Iterable<unknown>
    const bytes =
      dtype === 'bool' ? Uint8Array.from(data, Number) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    const expected = count * itemBytesOf(type)
    if (bytes.length !== expected)
      throw badData(url, `the chunk ${at.join('/')} has ${bytes.length} bytes, not ${expected}`)
    const typed = readTyped(bytes, type, count, { littleEndian: true, source: url })
    return { ...typed, stride: chunk.stride, isStored: asked.isStored }
  }
}

const isStoredType = (type: string): type is StoredType => TYPES.has(type)

/** A store as zarrita asks it: keys are below the array's folder. What a chunk is asked with notes whether anything was there. */
function bytesBelow(store: Store, url: string, opening: ReadOptions) {
  type Asked = ReadOptions & { isStored?: boolean }
  const noting = (asked: Asked | undefined, bytes: Uint8Array | undefined) => {
    if (asked && bytes) asked.isStored = true
    return bytes
  }
  const optionsOf = (asked: Asked | undefined): ReadOptions => {
    const signal = asked?.signal ?? opening.signal
    return { ...(signal ? { signal } : {}), ...(asked?.maxBytes ? { maxBytes: asked.maxBytes } : {}) }
  }
  return {
    get: async (key: string, asked?: unknown) =>
      noting(asked as Asked, await store.get(`${url}${key}`, optionsOf(asked as Asked))),
    getRange: async (
      key: string,
      range: { offset: number; length: number } | { suffixLength: number },
      asked?: unknown,
    ) => noting(asked as Asked, await store.getRange?.(`${url}${key}`, range, optionsOf(asked as Asked))),
  }
}

/** Ours and the end of a request as they are; what zarrita and its codecs throw is about the data. */
function fail(thrown: unknown, url: string, { signal }: ReadOptions, what: string): never {
  let cause = thrown
  for (let depth = 0; cause instanceof Error && depth < 4; depth++) {
    if (cause instanceof SiibraError) throw cause
    cause = cause.cause
  }
  if (signal?.aborted) throw abortError(signal)
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  if (thrown instanceof Error && thrown.name === 'NotFoundError') {
    throw new SiibraError('NOT_FOUND', `${url} ${what}: ${reason}`, { url })
  }
  // zarrita's names of errors tell less than their texts
  if (/unsupported|unknown (?:codec|d)/i.test(reason)) {
    throw new SiibraError('UNSUPPORTED', `${url} ${what}: ${reason}`, { url }, { cause: thrown })
  }
  throw badData(url, `${what}: ${reason}`, thrown)
}
