/** OME-Zarr images behind a byte store: levels whose boxes are read chunk by chunk. */
import pLimit from 'p-limit'
import type { ReadOptions, Store } from '../../retrieval/stores/store.ts'
import { createSlices } from '../../slices.ts'
import { multiplyAffines, perAxis, type Triple, translationAffine } from '../affine.ts'
import type { Affine, Image, VoxelArray, VoxelType } from '../image.ts'
import { badData, defaultMaxBytes } from '../inflate.ts'
import { clipBox, type Level, type Pyramid, type VoxelBox } from '../pyramids/pyramid.ts'
import { commonType, createVoxels, itemBytesOf } from '../typed-bytes.ts'
import { parseZarrAddress, type ZarrAddress } from './address.ts'
import { type Chunk, type ChunkedArray, openChunks } from './chunks.ts'
import { type Multiscale, readMultiscale, type SpatialAxes } from './multiscales.ts'

/** A box of more chunks than this is refused: it would take longer than any request, or the metadata are made up. */
const LARGEST_CHUNK_COUNT = 100_000

/** What chunks that are fetched and decoded at a time may take together; one at least is read. */
const CHUNKS_AT_A_TIME_BYTES = 64 * 1024 ** 2
const MOST_AT_A_TIME = 16

export interface ZarrLevel extends Level {
  array: ChunkedArray
}

export interface ZarrPyramid extends Pyramid<ZarrLevel> {
  /** Volumes beside each other: the product of the lengths of the axes that are not of space (channels, times). */
  volumes: number
  read(level: ZarrLevel, box: VoxelBox, options: ZarrReadOptions): Promise<Image>
}

export interface ZarrReadOptions extends ReadOptions {
  /** Which of the volumes, the last axis fastest. Default: the first. */
  volume?: number
  /** Upper bound of the voxels' bytes, and of those of a chunk. */
  maxBytes?: number
}

/**
 * Reads the metadata of an image and of its levels (`#` of the address: `parseZarrAddress`). i, j, k of what it reads are the axes of space
 * from the last to the first (so that i is x where axes are z, y, x), and the affine says where they lead. NOT_FOUND where there is none.
 */
export async function openOmeZarr(store: Store, address: string, options: ReadOptions = {}): Promise<ZarrPyramid> {
  const parsed = parseZarrAddress(address)
  const { url } = parsed
  const multiscale = await readMultiscale(store, parsed, options)
  const { zarrVersion, rank } = multiscale
  const arrays = await Promise.all(
    multiscale.levels.map(({ path }) => openChunks(store, path === '' ? url : `${url}/${path}`, zarrVersion, options)),
  )
  const axes = fromLastToFirst(multiscale.spatial)
  const spatial = perAxis((axis) => axes[axis].at)
  const levels = arrays.map((array, n): ZarrLevel => {
    if (array.shape.length !== rank) {
      throw badData(array.url, `the array has ${array.shape.length} axes, its image says ${rank}`)
    }
    return { array, ...placeLevel(multiscale, n, array, parsed) }
  })
  const others = arrays[0]!.shape.flatMap((size, axis) => (spatial.includes(axis) ? [] : [{ axis, size }]))
  return {
    url,
    itemBytes: Math.max(...arrays.map(({ dtype }) => itemBytesOf(dtype))),
    levels,
    beginsAtBox: false,
    volumes: others.reduce((product, { size }) => product * size, 1),
    read(level, box, reading) {
      const fixed = new Map<number, number>()
      let rest = reading.volume ?? 0
      for (const { axis, size } of others.toReversed()) {
        fixed.set(axis, rest % size)
        rest = Math.floor(rest / size)
      }
      return readBox(level, { spatial, fixed }, clipBox(box, level, url), reading)
    },
  }
}

const fromLastToFirst = ([first, second, third]: SpatialAxes): SpatialAxes => [third, second, first]

function placeLevel(
  { spatial, levels }: Multiscale,
  number: number,
  { shape }: ChunkedArray,
  { offsetMm }: ZarrAddress,
): Level {
  const { scale, translation } = levels[number]!
  const voxelToWorldMm: Affine = new Float64Array(16)
  voxelToWorldMm[15] = 1
  const axes = fromLastToFirst(spatial)
  const voxelSizeMm = perAxis((axis) => scale[axes[axis].at]! * axes[axis].mmPerUnit)
  axes.forEach(({ at, mmPerUnit, direction: { axis, sign } }, column) => {
    voxelToWorldMm[4 * axis + column] = sign * voxelSizeMm[column]!
    voxelToWorldMm[4 * axis + 3] = sign * translation[at]! * mmPerUnit + offsetMm[axis]
  })
  return {
    sizeVox: perAxis((axis) => shape[axes[axis].at]!),
    offsetVox: [0, 0, 0],
    voxelSizeMm,
    voxelToWorldMm,
    cornerToWorldMm: multiplyAffines(voxelToWorldMm, translationAffine([-0.5, -0.5, -0.5])),
  }
}

interface Selection {
  /** Axes of the array that are i, j, k. */
  spatial: Triple
  /** Positions along the other axes. */
  fixed: ReadonlyMap<number, number>
}

async function readBox(
  level: ZarrLevel,
  selection: Selection,
  box: VoxelBox,
  options: ZarrReadOptions,
): Promise<Image> {
  const { array, voxelToWorldMm } = level
  const { maxBytes = defaultMaxBytes, volume: _, ...readOptions } = options
  const shape = box.max.map((end, axis) => end - box.min[axis]!)
  const count = shape.reduce((product, size) => product * size, 1)
  const itemBytes = itemBytesOf(array.dtype)
  requireBound(array.url, `${shape.join(' x ')} voxels take`, count * itemBytes, maxBytes)
  const chunkBytes = array.chunkShape.reduce((product, size) => product * size, itemBytes)
  requireBound(array.url, `a chunk of ${array.chunkShape.join(' x ')} voxels takes`, chunkBytes, maxBytes)
  const chunks = chunksOf(array, selection, box)

  let dtype: VoxelType = narrowest(array.dtype)
  let data = createVoxels(dtype, count)
  let isAnyStored = false
  const slices = createSlices(readOptions.signal)
  const limit = pLimit(Math.min(MOST_AT_A_TIME, Math.max(1, Math.floor(CHUNKS_AT_A_TIME_BYTES / chunkBytes))))
  const work = limit.map(chunks, async (at) => {
    const chunk = await array.read(at, readOptions)
    await slices.pause()
    isAnyStored ||= chunk.isStored
    const common = commonType([dtype, chunk.dtype])
    if (common !== dtype) {
      const wider = createVoxels(common, count)
      wider.set(data)
      dtype = common
      data = wider
    }
    copyChunk(chunk, at, array, selection, data, box)
  })
  // One that fails fails all: those that have not begun never do.
  await work.finally(() => limit.clearQueue())
  const isWhole = shape.every((size, axis) => size === level.sizeVox[axis])
  if (isWhole && !isAnyStored) throw badData(array.url, `none of its ${chunks.length} chunks is there`)
  return { data, dtype, shape, voxelToWorldMm: multiplyAffines(voxelToWorldMm, translationAffine(box.min)) }
}

/** 64-bit integers are read as 32-bit ones, as long as all of them fit. */
const narrowest = (type: ChunkedArray['dtype']): VoxelType =>
  type === 'uint64' ? 'uint32' : type === 'int64' ? 'int32' : type

function requireBound(url: string, what: string, bytes: number, maxBytes: number): void {
  if (bytes > maxBytes) throw badData(url, `${what} ${bytes} bytes, the bound is ${maxBytes} bytes`)
}

/** The numbers of the chunks that a box touches, along all axes of the array. */
function chunksOf(
  { url, chunkShape }: ChunkedArray,
  { spatial, fixed }: Selection,
  { min, max }: VoxelBox,
): number[][] {
  const ranges = chunkShape.map((size, axis) => {
    const place = spatial.indexOf(axis)
    const [from, to] = place < 0 ? [fixed.get(axis) ?? 0, (fixed.get(axis) ?? 0) + 1] : [min[place]!, max[place]!]
    const first = Math.floor(from / size)
    return { first, count: Math.ceil(to / size) - first }
  })
  const total = ranges.reduce((product, { count }) => product * count, 1)
  if (total > LARGEST_CHUNK_COUNT) {
    throw badData(url, `the box touches ${total} chunks, at most ${LARGEST_CHUNK_COUNT} are read`)
  }
  return ranges.reduce<number[][]>(
    (all, { first, count }) => all.flatMap((head) => Array.from({ length: count }, (_, n) => [...head, first + n])),
    [[]],
  )
}

function copyChunk(
  { data: from, stride }: Chunk,
  at: readonly number[],
  { chunkShape }: ChunkedArray,
  { spatial, fixed }: Selection,
  to: VoxelArray,
  box: VoxelBox,
): void {
  let base = 0
  for (const [axis, position] of fixed) base += (position % chunkShape[axis]!) * stride[axis]!
  const spans = spatial.map((axis, place) => {
    const start = at[axis]! * chunkShape[axis]!
    const first = Math.max(start, box.min[place]!)
    const end = Math.min(start + chunkShape[axis]!, box.max[place]!)
    base += (first - start) * stride[axis]!
    return { step: stride[axis]!, length: end - first, offset: first - box.min[place]! }
  })
  const [i, j, k] = spans as [(typeof spans)[0], (typeof spans)[0], (typeof spans)[0]]
  const [nx, ny] = [box.max[0] - box.min[0], box.max[1] - box.min[1]]
  for (let z = 0; z < k.length; z++) {
    for (let y = 0; y < j.length; y++) {
      const source = base + z * k.step + y * j.step
      const target = ((k.offset + z) * ny + j.offset + y) * nx + i.offset
      if (i.step === 1) to.set(from.subarray(source, source + i.length) as never, target)
      else for (let x = 0; x < i.length; x++) to[target + x] = from[source + x * i.step]!
    }
  }
}
