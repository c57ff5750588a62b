import type { ParcellationMap } from '../../core/types.ts'
import { SiibraError } from '../../errors.ts'
import type { Image } from '../../volumes/image.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { describeGridDifference, type Grid, gridOf } from '../grids/grid.ts'
import { createZeroSkipper } from '../labels/nonzero.ts'

/** The positive values of all volumes of a statistical map, by voxel: hundreds of mostly empty volumes in little memory. */
export interface SparseIndex extends Grid {
  /** The voxels that have a value in some volume, ascending (index in the data, first axis fastest). */
  voxel: Uint32Array
  /** Entries of the voxel `voxel[n]` are those from `start[n]` to `start[n + 1]`. */
  start: Uint32Array
  /** Volume of each entry, ascending within a voxel. */
  volume: Uint16Array
  value: Float32Array
  volumes: SparseVolume[]
}

/** What is known of one volume as a whole; `null` bounds where it has no positive value. */
export interface SparseVolume {
  count: number
  sum: number
  sumSquares: number
  max: number
  /** First and last voxel along i, j, k that has a value. */
  bounds: { low: [number, number, number]; high: [number, number, number] } | null
}

const MAX_VOLUMES = 65536
/** Volumes that are read ahead of the one that is added. */
const READ_AHEAD = 4

/** Bytes of the index in memory. */
export const sparseIndexBytes = ({ voxel, start, volume, value }: SparseIndex) =>
  voxel.byteLength + start.byteLength + volume.byteLength + value.byteLength

/** The position in `voxel`, which ascends, of the first voxel that is not before `at`. */
export function firstVoxelFrom({ voxel }: { voxel: ArrayLike<number> }, at: number): number {
  let [low, high] = [0, voxel.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (voxel[middle]! < at) low = middle + 1
    else high = middle
  }
  return low
}

/** The index of all volumes of a map, each of which is read once. BAD_DATA where their voxels differ. */
export async function buildSparseIndex(
  core: AtlasVolumes,
  map: ParcellationMap,
  signal: AbortSignal,
): Promise<SparseIndex> {
  const { volumes } = map
  if (volumes.length === 0 || volumes.length > MAX_VOLUMES) {
    throw new SiibraError('NOT_AVAILABLE', `The map '${map.name}' has ${volumes.length} volumes`, { map: map.id })
  }
  const read = (number: number) =>
    core.volumes.fetchImage(volumes[number]!, { signal, keep: volumes[number]!.z !== null })
  const ahead: Promise<Image>[] = []
  const parts: Part[] = []
  let grid: Grid | undefined
  for (let number = 0; number < volumes.length; number++) {
    while (ahead.length < READ_AHEAD && number + ahead.length < volumes.length) {
      const next = read(number + ahead.length)
      next.catch(() => {}) // reported when its turn comes
      ahead.push(next)
    }
    const image = await ahead.shift()!
    grid ??= gridOf(image)
    requireGrid(grid, image, map, number)
    parts.push(extractPart(image))
  }
  return joinParts(grid!, parts)
}

function requireGrid(grid: Grid, image: Image, map: ParcellationMap, number: number): void {
  const difference = describeGridDifference(grid, gridOf(image))
  if (difference === undefined) return
  const message = `Volume ${number} of the map '${map.name}' has other voxels than the first: ${difference}`
  throw new SiibraError('BAD_DATA', message, { map: map.id })
}

interface Part {
  voxel: Uint32Array
  value: Float32Array
  summary: SparseVolume
}

function extractPart({ data, shape }: Image): Part {
  const skip = createZeroSkipper(data)
  let voxel = new Uint32Array(1 << 14)
  let value = new Float32Array(1 << 14)
  let count = 0
  for (let at = skip(0); at < data.length; at = skip(at + 1)) {
    const single = Math.fround(data[at]!)
    if (!(single > 0)) continue
    if (count === voxel.length) {
      voxel = grow(voxel, new Uint32Array(2 * count))
      value = grow(value, new Float32Array(2 * count))
    }
    voxel[count] = at
    value[count++] = single
  }
  voxel = voxel.slice(0, count)
  value = value.slice(0, count)
  return { voxel, value, summary: summarize(voxel, value, shape) }
}

function grow<T extends Uint32Array | Float32Array>(full: T, larger: T): T {
  larger.set(full)
  return larger
}

function summarize(voxel: Uint32Array, value: Float32Array, shape: readonly number[]): SparseVolume {
  const [nx, ny] = [shape[0]!, shape[1]!]
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  const high = [-1, -1, -1]
  let [sum, sumSquares, max] = [0, 0, 0]
  for (let entry = 0; entry < voxel.length; entry++) {
    const at = voxel[entry]!
    const row = Math.floor(at / nx)
    const position = [at - row * nx, row % ny, Math.floor(row / ny)]
    for (let axis = 0; axis < 3; axis++) {
      if (position[axis]! < low[axis]!) low[axis] = position[axis]!
      if (position[axis]! > high[axis]!) high[axis] = position[axis]!
    }
    const weight = value[entry]!
    sum += weight
    sumSquares += weight * weight
    if (weight > max) max = weight
  }
  const bounds =
    voxel.length === 0
      ? null
      : {
          low: [low[0]!, low[1]!, low[2]!] as [number, number, number],
          high: [high[0]!, high[1]!, high[2]!] as [number, number, number],
        }
  return { count: voxel.length, sum, sumSquares, max, bounds }
}

/** Counting sort by voxel. */
function joinParts(grid: Grid, parts: readonly Part[]): SparseIndex {
  const next = new Uint32Array(grid.shape.reduce((product, size) => product * size, 1))
  for (const { voxel } of parts) for (const at of voxel) next[at]!++
  let [used, entries] = [0, 0]
  for (const count of next) {
    if (count > 0) used++
    entries += count
  }
  const voxel = new Uint32Array(used)
  const start = new Uint32Array(used + 1)
  for (let at = 0, n = 0; at < next.length; at++) {
    const count = next[at]!
    if (count === 0) continue
    next[at] = start[n]!
    voxel[n] = at
    start[n + 1] = start[n++]! + count
  }
  const volume = new Uint16Array(entries)
  const value = new Float32Array(entries)
  for (const [number, part] of parts.entries()) {
    for (let entry = 0; entry < part.voxel.length; entry++) {
      const at = next[part.voxel[entry]!]!++
      volume[at] = number
      value[at] = part.value[entry]!
    }
  }
  return { ...grid, voxel, start, volume, value, volumes: parts.map(({ summary }) => summary) }
}
