/** OME-Zarr images on disk: one level, read whole, with a look at which chunks are there. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { VoxelArray, VoxelType } from '../../siibra/index.ts'
import { createFolderStore, createVoxels, loadZarrita } from '../../siibra/index.ts'
import { badSource, some } from '../errors.ts'

export interface ZarrLevel {
  path: string
  /** mm, in the order of the axes. */
  scale: number[]
}

/** The levels of a multiscale image (OME-Zarr 0.5). */
export async function zarrLevels(folder: string, file: string): Promise<ZarrLevel[]> {
  const text = await readFile(join(folder, 'zarr.json'), 'utf8').catch(() => undefined)
  if (text === undefined) throw badSource(file, 'it has no zarr.json', 'Download the atlas again.')
  let json: Json
  try {
    json = JSON.parse(text)
  } catch (thrown) {
    throw badSource(`${file}/zarr.json`, `it is no JSON: ${(thrown as Error).message}`)
  }
  const datasets = json?.attributes?.ome?.multiscales?.[0]?.datasets
  const levels: Json[] = Array.isArray(datasets) ? datasets : []
  if (levels.length === 0) throw badSource(file, 'its zarr.json names no levels (multiscales)')
  return levels.map((level) => {
    const path = level?.path
    // nothing outside of its folder is read
    if (typeof path !== 'string' || path.split(/[\\/]/).includes('..'))
      throw badSource(`${file}/zarr.json`, `a level lies at ${JSON.stringify(path)}, which is no place in its folder`)
    const transformations: Json[] = Array.isArray(level.coordinateTransformations)
      ? level.coordinateTransformations
      : []
    const scale = transformations.find((one) => one?.type === 'scale')?.scale ?? []
    if (!Array.isArray(scale) || !scale.every((size) => typeof size === 'number'))
      throw badSource(
        `${file}/zarr.json`,
        `the scale of ${path} is ${JSON.stringify(scale)}, not a number for each axis`,
      )
    return { path, scale }
  })
}

// biome-ignore lint/suspicious/noExplicitAny: a document of somebody else, of which each member is looked at
type Json = any

/** As many voxels as volumes of other formats have bytes. */
const MAX_VOXELS = 4 * 1024 ** 3
const MAX_CHUNKS = 1_000_000

/** Throws BAD_DATA for sizes that are none, or more than is read: what a document says of itself is not believed. */
function requireReadable(shape: readonly number[], chunks: readonly number[], file: string): void {
  const sizes = [shape, chunks]
  if (!sizes.every(Array.isArray) || !sizes.flat().every((size) => Number.isSafeInteger(size) && size > 0))
    throw badSource(file, `it has ${JSON.stringify(shape)} voxels in chunks of ${JSON.stringify(chunks)}`)
  if (shape.length !== 3 || chunks.length !== 3) throw badSource(file, `it has ${shape.length} axes, not 3`)
  const product = (factors: readonly number[]) => factors.reduce((all, one) => all * one, 1)
  const files = product(shape.map((size, axis) => Math.ceil(size / chunks[axis]!)))
  const voxels = Math.max(product(shape), product(chunks))
  if (files > MAX_CHUNKS || voxels > MAX_VOXELS)
    throw badSource(
      file,
      `${shape.join(' x ')} voxels in ${files} chunks of ${chunks.join(' x ')} are more than is read (${MAX_VOXELS} voxels, ${MAX_CHUNKS} chunks)`,
    )
}

export interface ZarrArray {
  /** First axis fastest. */
  data: VoxelArray
  dtype: VoxelType
  shape: number[]
  /** Chunks (of sharded arrays: shards) whose file is missing, and how many there are in all. */
  missing: number[][]
  chunkShape: number[]
  chunkCount: number
}

/**
 * One array of three axes. A chunk without a file counts as the fill value in Zarr; but BrainGlobe's folders may have been fetched in part:
 * `missing` names such chunks. Where none is there, that is an error.
 */
export async function readZarr(folder: string, file: string): Promise<ZarrArray> {
  const zarr = await loadZarrita()
  const array = await zarr.open(filesOf(folder), { kind: 'array' }).catch((thrown: Error) => {
    throw badSource(file, `it is no Zarr array: ${thrown.message}`, 'Download the atlas again.')
  })
  const { shape } = array
  requireReadable(shape, array.chunks, file)
  const chunks = await storedChunkShape(folder, array.chunks)
  requireReadable(shape, chunks, file)
  const counts = shape.map((size, axis) => Math.ceil(size / chunks[axis]!))
  // the folder is listed once: to ask for each of a million chunks takes a minute
  const listed = await readdir(join(folder, 'c'), { recursive: true }).catch(() => [])
  const there = new Set(listed.map((path) => path.replaceAll('\\', '/')))
  const missing: number[][] = []
  for (let a = 0; a < counts[0]!; a++) {
    for (let b = 0; b < counts[1]!; b++) {
      for (let c = 0; c < counts[2]!; c++) {
        if (!there.has(`${a}/${b}/${c}`)) missing.push([a, b, c])
      }
    }
  }
  const chunkCount = counts.reduce((product, count) => product * count, 1)
  if (missing.length === chunkCount) {
    throw badSource(
      file,
      `none of its ${chunkCount} chunks is there: the atlas was fetched in part only (BrainGlobe loads the rest when it is used)`,
      'Open it once with brainglobe-atlasapi, so that it is fetched whole.',
    )
  }
  let read: { data: unknown; stride: number[] }
  try {
    read = (await zarr.get(array as never)) as never
  } catch (thrown) {
    throw badSource(file, `a chunk cannot be read: ${(thrown as Error).message}`, 'Download the atlas again.')
  }
  const { data, dtype } = narrowed(read.data, file)
  const [s0, s1, s2] = read.stride as [number, number, number]
  const [n0, n1, n2] = shape as [number, number, number]
  const turned = createVoxels(dtype, data.length)
  let to = 0
  for (let k = 0; k < n2; k++) {
    for (let j = 0; j < n1; j++) {
      for (let i = 0; i < n0; i++) turned[to++] = data[i * s0 + j * s1 + k * s2]!
    }
  }
  return { data: turned, dtype, shape: [...shape], missing, chunkShape: [...chunks], chunkCount }
}

/** What a file holds: a chunk, or a shard of several. */
async function storedChunkShape(folder: string, chunks: readonly number[]): Promise<readonly number[]> {
  const text = await readFile(join(folder, 'zarr.json'), 'utf8')
  const json = JSON.parse(text) as { chunk_grid?: { configuration?: { chunk_shape?: number[] } } }
  return json.chunk_grid?.configuration?.chunk_shape ?? chunks
}

/** A missing file is undefined to Zarr: a chunk of fill values. Keys of Zarr begin with `/`. */
function filesOf(folder: string) {
  const { get, getRange } = createFolderStore(folder)
  type Range = Parameters<NonNullable<typeof getRange>>[1]
  return {
    get: (key: string) => get(key.slice(1)),
    getRange: (key: string, range: Range) => getRange?.(key.slice(1), range) ?? Promise.resolve(undefined),
  }
}

const TYPES = new Map<unknown, VoxelType>([
  [Uint8Array, 'uint8'],
  [Int8Array, 'int8'],
  [Uint16Array, 'uint16'],
  [Int16Array, 'int16'],
  [Uint32Array, 'uint32'],
  [Int32Array, 'int32'],
  [Float32Array, 'float32'],
  [Float64Array, 'float64'],
])

function narrowed(data: unknown, file: string): { data: VoxelArray; dtype: VoxelType } {
  if (data instanceof BigUint64Array || data instanceof BigInt64Array) {
    const wide = Array.from(data as BigUint64Array).find((value) => value < 0n || value > 0xffffffffn)
    if (wide !== undefined) throw badSource(file, `the value ${wide} does not fit 32 bits`)
    return { data: Uint32Array.from(data as BigUint64Array, Number), dtype: 'uint32' }
  }
  const type = TYPES.get((data as object).constructor)
  if (!type) throw badSource(file, 'its type of numbers is not read')
  return { data: data as VoxelArray, dtype: type }
}

export interface Torn {
  chunk: number[]
  /** Which part of the voxels on the other side of its most drawn face is drawn, above 0. */
  share: number
}

/**
 * Missing chunks beside what is drawn: voxels that are drawn lie on the other side of one of their faces. What is drawn may end there, but
 * where most of the face is drawn it would go on. What is left may be background that was never written.
 */
export function torn({ data, shape, missing, chunkShape }: ZarrArray): Torn[] {
  const [n0, n1] = shape as [number, number, number]
  const at = (i: number, j: number, k: number) => data[i + n0 * (j + n1 * k)]!
  const shareOf = (chunk: readonly number[]) => {
    const from = chunk.map((index, axis) => index * chunkShape[axis]!)
    const to = from.map((start, axis) => Math.min(start + chunkShape[axis]!, shape[axis]!))
    let most = 0
    for (let axis = 0; axis < 3; axis++) {
      const [u, v] = [0, 1, 2].filter((one) => one !== axis) as [number, number]
      for (const beside of [from[axis]! - 1, to[axis]!]) {
        if (beside < 0 || beside >= shape[axis]!) continue
        let drawn = 0
        for (let a = from[u]!; a < to[u]!; a++) {
          for (let b = from[v]!; b < to[v]!; b++) {
            const place = [0, 0, 0]
            place[axis] = beside
            place[u] = a
            place[v] = b
            if (at(place[0]!, place[1]!, place[2]!) !== 0) drawn++
          }
        }
        most = Math.max(most, drawn / ((to[u]! - from[u]!) * (to[v]! - from[v]!)))
      }
    }
    return most
  }
  return missing.map((chunk) => ({ chunk, share: shareOf(chunk) })).filter(({ share }) => share > 0)
}

export const chunkNames = (chunks: readonly number[][]) =>
  some(
    chunks.map((chunk) => `c/${chunk.join('/')}`),
    6,
  )
