/**
 * The `info` file of a neuroglancer precomputed volume
 * (https://github.com/google/neuroglancer/blob/master/src/datasource/precomputed/volume.rst): what is stored how, at which scales.
 */

import { SiibraError } from '../../errors.ts'
import { jsonFault } from '../../retrieval/what-came.ts'
import type { Triple } from '../affine.ts'
import { badData, gunzipIfNeeded } from '../inflate.ts'
import { parseSharding, type Sharding } from './sharding.ts'

export const chunkEncodings = ['raw', 'compressed_segmentation', 'jpeg', 'png'] as const
export type ChunkEncoding = (typeof chunkEncodings)[number]

/** All that the format allows. */
const dataTypes = ['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'uint64', 'float32'] as const
export type PrecomputedType = (typeof dataTypes)[number]

export interface PrecomputedScale {
  /** Folder of the chunks, relative to the volume. */
  key: string
  /** Sizes of a voxel along x, y, z. */
  resolutionNm: Triple
  /** Number of voxels along x, y, z. */
  sizeVox: Triple
  /** The first voxel: the scale holds voxels [offset, offset + size). */
  offsetVox: Triple
  chunkSizeVox: Triple
  encoding: ChunkEncoding
  /** Only of compressed_segmentation. */
  blockSizeVox?: Triple
  sharding?: Sharding
}

export interface PrecomputedInfo {
  kind: 'image' | 'segmentation'
  dataType: PrecomputedType
  channelCount: number
  /** From the finest to the coarsest; empty where there are only meshes. */
  scales: PrecomputedScale[]
  /** Folder of the meshes, relative to the volume. */
  mesh?: string
}

type Json = Record<string, unknown>

const LARGEST_JSON = 64 * 1024 ** 2

/** Parses the info file; BAD_DATA names the property that is wrong, UNSUPPORTED an encoding that is known but not read. */
export function parsePrecomputedInfo(bytes: Uint8Array, source: string): PrecomputedInfo {
  const info = parseJsonObject(bytes, source)
  const type = info['@type']
  if (type !== undefined && type !== 'neuroglancer_multiscale_volume') {
    throw badData(source, `no precomputed volume: its @type is ${JSON.stringify(type)}`)
  }
  const dataType = dataTypes.find(
    (known) => typeof info.data_type === 'string' && known === info.data_type.toLowerCase(),
  )
  if (!dataType) throw badData(source, `unknown data_type ${JSON.stringify(info.data_type)}`)
  const channelCount = info.num_channels ?? 1
  if (!isCount(channelCount)) throw badData(source, `num_channels is ${JSON.stringify(channelCount)}`)
  const scales = info.scales ?? []
  if (!Array.isArray(scales)) throw badData(source, 'scales is no list')
  return {
    kind: info.type === 'segmentation' ? 'segmentation' : 'image',
    dataType,
    channelCount,
    scales: scales.map((scale: Json, index) => parseScale(scale, `scales[${index}]`, source)).sort(compareScales),
    ...(typeof info.mesh === 'string' && { mesh: info.mesh }),
  }
}

/** A JSON object in UTF-8, whatever it holds. */
export function parseJsonObject(bytes: Uint8Array, source: string): Json {
  const parsed = parseJson(bytes, source)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw badData(source, 'no JSON object')
  return parsed as Json
}

/** JSON in UTF-8, plain or gzipped (as some servers keep all of a volume's files). */
export function parseJson(bytes: Uint8Array, source: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(gunzipIfNeeded(bytes, { source, maxBytes: LARGEST_JSON })))
  } catch (cause) {
    if (cause instanceof SiibraError) throw cause
    throw badData(source, `no JSON: ${jsonFault(bytes, cause)}`, cause)
  }
}

function parseScale(scale: Json, at: string, source: string): PrecomputedScale {
  const triple = (name: string, value: unknown, isValid: (number: unknown) => boolean): Triple => {
    const isTriple = Array.isArray(value) && value.length === 3 && value.every(isValid)
    if (!isTriple) throw badData(source, `${at}.${name} is ${JSON.stringify(value)}`)
    return [value[0], value[1], value[2]]
  }
  if (typeof scale?.key !== 'string') throw badData(source, `${at}.key is ${JSON.stringify(scale?.key)}`)
  const encoding = parseEncoding(scale.encoding, at, source)
  const chunkSizes = Array.isArray(scale.chunk_sizes) ? scale.chunk_sizes[0] : scale.chunk_sizes
  return {
    key: scale.key,
    resolutionNm: triple('resolution', scale.resolution, (value) => Number.isFinite(value) && Number(value) > 0),
    sizeVox: triple('size', scale.size, isCount),
    offsetVox: triple('voxel_offset', scale.voxel_offset ?? [0, 0, 0], Number.isSafeInteger),
    chunkSizeVox: triple('chunk_sizes[0]', chunkSizes, isCount),
    encoding,
    ...(encoding === 'compressed_segmentation' && {
      blockSizeVox: triple('compressed_segmentation_block_size', scale.compressed_segmentation_block_size, isCount),
    }),
    ...(scale.sharding != null && { sharding: parseSharding(scale.sharding, `${at}.sharding`, source) }),
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0
}

function parseEncoding(value: unknown, at: string, source: string): ChunkEncoding {
  const encoding = chunkEncodings.find((known) => known === value)
  if (encoding) return encoding
  throw new SiibraError('UNSUPPORTED', `${source}: ${at}.encoding is ${JSON.stringify(value)}`, { url: source })
}

/** siibra's order: a scale comes before another if it is finer along every axis; else they stay as they are. */
function compareScales(a: PrecomputedScale, b: PrecomputedScale): number {
  const isFiner = (one: Triple, other: Triple) => one.every((size, axis) => size < other[axis]!)
  if (isFiner(a.resolutionNm, b.resolutionNm)) return -1
  return isFiner(b.resolutionNm, a.resolutionNm) ? 1 : 0
}
