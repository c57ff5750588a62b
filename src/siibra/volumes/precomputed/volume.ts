/** Precomputed volumes behind a byte store: boxes of voxels of a scale, as images with siibra's affine. */
import pLimit from 'p-limit'
import { SiibraError } from '../../errors.ts'
import type { ReadOptions, Store } from '../../retrieval/stores/store.ts'
import { affineFromRows, identityAffine, multiplyAffines, translationAffine } from '../affine.ts'
import type { Affine, Image, VoxelArray, VoxelType } from '../image.ts'
import { badData, defaultMaxBytes } from '../inflate.ts'
import { clipBox, type Pyramid, type VoxelBox, wholeBoxOf } from '../pyramids/pyramid.ts'
import { createVoxels, itemBytesOf } from '../typed-bytes.ts'
import { decodeChunk, largestChunkBytes } from './chunk.ts'
import { type ChunkPosition, chunkIdOf, chunksOf, copyChunk, sizeOf } from './grid.ts'
import { type PrecomputedInfo, type PrecomputedScale, parseJson, parsePrecomputedInfo } from './info.ts'
import { levelsOf, type Placement, type PrecomputedLevel, scaleVoxelToWorldMm } from './scale.ts'
import { createShardReader, type ShardReader } from './sharding.ts'

/** A box of more chunks than this is refused: it would take longer than any request, or the info is made up. */
const largestChunkCount = 100_000

/** How many chunks of one box are fetched and decoded at a time. */
const chunksAtATime = 16

export interface PrecomputedVolume extends Placement {
  url: string
  info: PrecomputedInfo
  store: Store
  /** Readers of sharded scales, by key. */
  shardReaders: Map<string, ShardReader>
}

export interface BoxOptions extends ReadOptions {
  /** Which channel, from 0. */
  channel?: number
  /** Upper bound of the voxels' bytes. */
  maxBytes?: number
}

/** Reads `info` and `transform.json` (without one: identity). NOT_FOUND where there is no info. */
export async function openPrecomputed(
  store: Store,
  url: string,
  options: ReadOptions = {},
): Promise<PrecomputedVolume> {
  const base = precomputedBase(url)
  const [infoBytes, transformNm] = await Promise.all([
    store.get(`${base}/info`, options),
    findTransformNm(store, base, options),
  ])
  if (!infoBytes)
    throw new SiibraError('NOT_FOUND', `There is no precomputed volume at ${base}`, { url: `${base}/info` })
  const info = parsePrecomputedInfo(infoBytes, `${base}/info`)
  const placement = transformNm ? { transformNm, centreVox: 0 } : { transformNm: identityAffine(), centreVox: 0.5 }
  return { url: base, info, ...placement, store, shardReaders: new Map() }
}

/** Its scales as levels that are read the same way whatever the format; of several channels the first. */
export const pyramidOf = (volume: PrecomputedVolume): Pyramid<PrecomputedLevel> => ({
  url: volume.url,
  itemBytes: itemBytesOf(volume.info.dataType),
  levels: levelsOf(volume),
  beginsAtBox: true,
  read: ({ scale }, box, options) => readBox(volume, scale, box, options),
})

/** The address of a volume's folder as people write it: neuroglancer's `precomputed://` before it and slashes behind it count for nothing. */
export const precomputedBase = (url: string): string =>
  url
    .trim()
    .replace(/^precomputed:\/\//, '')
    .replace(/^gs:\/\//, 'https://storage.googleapis.com/')
    .replace(/\|neuroglancer-precomputed:.*$/, '')
    .replace(/\/+$/, '')

/** The 4 x 4 matrix in `<url>/transform.json`; undefined where there is none. */
export async function findTransformNm(
  store: Store,
  url: string,
  options: ReadOptions = {},
): Promise<Affine | undefined> {
  const source = `${url}/transform.json`
  const bytes = await store.get(source, options)
  if (!bytes) return undefined
  const rows = parseJson(bytes, source)
  try {
    return affineFromRows(rows as number[][])
  } catch (cause) {
    throw badData(source, `no matrix of 4 rows of 4 numbers: ${JSON.stringify(rows)}`, cause)
  }
}

/**
 * The voxels of a box of a scale. As siibra's, the image has its axes in the order k, j, i (z, y, x): `shape` is [z, y, x], and the affine
 * maps (k, j, i). The box is cut to what the scale holds; INVALID_PARAMETER where nothing is left of it. A chunk that is missing or does
 * not hold what it should is BAD_DATA (not zeros: an empty map is worse than none).
 */
export async function readBox(
  volume: PrecomputedVolume,
  scale: PrecomputedScale,
  box: VoxelBox = wholeBoxOf(scale),
  options: BoxOptions = {},
): Promise<Image> {
  const { channel = 0, maxBytes = defaultMaxBytes, ...readOptions } = options
  const { url, info } = volume
  if (!(Number.isInteger(channel) && channel >= 0 && channel < info.channelCount)) {
    throw new SiibraError('INVALID_PARAMETER', `${url} has ${info.channelCount} channels, none of number ${channel}`, {
      parameter: 'channel',
    })
  }
  const { min, max } = clipBox(box, scale, url)
  const shape = [max[2] - min[2], max[1] - min[1], max[0] - min[0]] as const
  requireBounds(volume, scale, { min, max }, maxBytes)
  let dtype = narrowedType(info.dataType)
  let data = createVoxels(dtype, shape[0] * shape[1] * shape[2])
  const limit = pLimit(chunksAtATime)
  const chunks = chunksOf(scale, { min, max })
  const work = limit.map(chunks, async (chunk) => {
    const voxels = await loadChunk(volume, scale, chunk, readOptions)
    const size = sizeOf(chunk.box)
    const channelVoxels = voxels.subarray(channel * size[0] * size[1] * size[2])
    if (voxels instanceof Float64Array && dtype !== 'float64') {
      dtype = 'float64'
      data = Float64Array.from(data)
    }
    copyChunk(channelVoxels, chunk.box, data, { min, max })
  })
  // One that fails fails all: those that have not begun never do.
  await work.finally(() => limit.clearQueue())
  const reversed = Float64Array.of(0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1)
  const shifted = multiplyAffines(translationAffine(min), reversed)
  return {
    data,
    dtype,
    shape: [...shape],
    voxelToWorldMm: multiplyAffines(scaleVoxelToWorldMm(scale, volume), shifted),
  }
}

/** Before anything is fetched: neither the box, nor a single chunk, nor their number may be beyond what can be held. */
function requireBounds({ url, info }: PrecomputedVolume, scale: PrecomputedScale, box: VoxelBox, maxBytes: number) {
  const [x, y, z] = sizeOf(box)
  const itemBytes = itemBytesOf(info.dataType)
  const bytes = x * y * z * itemBytes
  if (bytes > maxBytes)
    throw badData(url, `${x} x ${y} x ${z} voxels take ${bytes} bytes, the bound is ${maxBytes} bytes`)
  const chunkSize = scale.chunkSizeVox.map((size, axis) => Math.min(size, scale.sizeVox[axis]!))
  const chunkBytes = chunkSize.reduce((product, size) => product * size, itemBytes * info.channelCount)
  if (chunkBytes > maxBytes) {
    throw badData(
      url,
      `a chunk of ${chunkSize.join(' x ')} voxels takes ${chunkBytes} bytes, the bound is ${maxBytes} bytes`,
    )
  }
  const chunkCount = [x, y, z].reduce((product, size, axis) => product * Math.ceil(size / chunkSize[axis]!), 1)
  if (chunkCount > largestChunkCount)
    throw badData(url, `the box touches ${chunkCount} chunks, at most ${largestChunkCount}`)
}

/** 64-bit labels are read as 32-bit ones, as long as no chunk has larger ones. */
function narrowedType(type: PrecomputedInfo['dataType']): VoxelType {
  return type === 'uint64' ? 'uint32' : type
}

async function loadChunk(
  volume: PrecomputedVolume,
  scale: PrecomputedScale,
  chunk: ChunkPosition,
  options: ReadOptions,
): Promise<VoxelArray> {
  const { info, url } = volume
  const { min, max } = chunk.box
  const name = [0, 1, 2].map((axis) => `${min[axis]}-${max[axis]}`).join('_')
  const chunkUrl = `${url}/${scale.key}/${name}`
  const bytes = scale.sharding
    ? await shardReaderOf(volume, scale).getChunk(chunkIdOf(scale, chunk), {
        ...options,
        maxBytes: largestChunkBytes(scale.encoding, rawBytesOf(info, chunk)),
      })
    : // neuroglancer-scripts writes gzipped chunks under names of their own, for servers that map them back.
      ((await volume.store.get(chunkUrl, options)) ?? (await volume.store.get(`${chunkUrl}.gz`, options)))
  if (!bytes) throw badData(chunkUrl, 'this chunk of the volume is missing')
  const { encoding, blockSizeVox } = scale
  const { dataType, channelCount } = info
  const format = { encoding, blockSizeVox, dataType, channelCount, sizeVox: sizeOf(chunk.box) }
  return decodeChunk(bytes, format, chunkUrl)
}

function rawBytesOf(info: PrecomputedInfo, chunk: ChunkPosition): number {
  const [x, y, z] = sizeOf(chunk.box)
  return x * y * z * info.channelCount * itemBytesOf(info.dataType)
}

function shardReaderOf(volume: PrecomputedVolume, scale: PrecomputedScale): ShardReader {
  const known = volume.shardReaders.get(scale.key)
  if (known) return known
  const reader = createShardReader(volume.store, `${volume.url}/${scale.key}`, scale.sharding!)
  volume.shardReaders.set(scale.key, reader)
  return reader
}
