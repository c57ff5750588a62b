import type { ParcellationMap, Volume } from '../../core/types.ts'
import { SiibraError } from '../../errors.ts'
import { createSlices, inSlices, type Slices } from '../../slices.ts'
import { perAxis } from '../../volumes/affine.ts'
import type { VolumeHead } from '../../volumes/volume-scan.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { fileFailure, type MissingVolume } from '../gaps.ts'
import { describeGridDifference, type Grid, voxelAt } from '../grids/grid.ts'
import { createPositivesCollector, type Positives, type PositivesCollector } from './positives.ts'

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
  /** Volumes that could not be read, and are empty here. */
  missing: readonly MissingVolume[]
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

/** The values of one volume. */
export function positivesOf(index: SparseIndex, number: number): Positives {
  const { voxel, start, volume, value, shape, volumes } = index
  const { count, bounds } = volumes[number]!
  const found = { voxel: new Uint32Array(count), value: new Float32Array(count) }
  const sliceVox = shape[0]! * shape[1]!
  const first = bounds ? firstVoxelFrom(index, bounds.low[2] * sliceVox) : 0
  for (let n = first, filled = 0; filled < count; n++) {
    for (let entry = start[n]!; entry < start[n + 1]!; entry++) {
      if (volume[entry] !== number) continue
      found.voxel[filled] = voxel[n]!
      found.value[filled++] = value[entry]!
    }
  }
  return found
}

/**
 * The index of all volumes of a map, in one pass over each file. A volume that cannot be read, or has other voxels than the first that can, is
 * `missing`; where none can be read, the failure of the first is thrown.
 */
export async function buildSparseIndex(
  core: AtlasVolumes,
  map: ParcellationMap,
  signal: AbortSignal,
  onProgress?: (done: number, all: number) => void,
): Promise<SparseIndex> {
  const { volumes } = map
  if (volumes.length === 0 || volumes.length > MAX_VOLUMES) {
    throw new SiibraError('NOT_AVAILABLE', `The map '${map.name}' has ${volumes.length} volumes`, { map: map.id })
  }
  const numbers = volumes.map((_, number) => number)
  const { parts, missing, grid } = await readParts(core, map, numbers, undefined, signal, onProgress)
  if (!grid) throw missing[0]?.error
  return joinParts(
    grid,
    numbers.map((number) => parts.get(number) ?? EMPTY),
    missing,
    createSlices(signal),
  )
}

/** The index with those of its missing volumes that can be read by now. */
export async function repairSparseIndex(
  core: AtlasVolumes,
  map: ParcellationMap,
  index: SparseIndex,
  signal: AbortSignal,
): Promise<SparseIndex> {
  const numbers = index.missing.map(({ volume }) => volume)
  const { parts, missing } = await readParts(core, map, numbers, index, signal)
  if (parts.size === 0) return { ...index, missing }
  const { shape, voxelToWorldMm } = index
  const all = splitIndex(index).map((part, number) => parts.get(number) ?? part)
  return joinParts({ shape, voxelToWorldMm }, all, missing, createSlices(signal))
}

/** Reads volumes of a map by their numbers; `grid` is that of the first one that begins, unless it is given. */
async function readParts(
  core: AtlasVolumes,
  map: ParcellationMap,
  numbers: readonly number[],
  expected: Grid | undefined,
  signal: AbortSignal,
  onProgress?: (done: number, all: number) => void,
) {
  const collectors = new Map<number, PositivesCollector>()
  const parts = new Map<number, Part>()
  const missing: MissingVolume[] = []
  let grid = expected
  const visit = (at: number) => {
    const number = numbers[at] as number
    const collector = createPositivesCollector()
    const begin = (head: VolumeHead) => {
      grid ??= { shape: head.shape, voxelToWorldMm: head.voxelToWorldMm }
      requireGrid(grid, head, map, number)
      collectors.set(number, collector)
    }
    return { begin, see: collector.see }
  }
  const onVolume = (at: number) => {
    const number = numbers[at] as number
    const positives = collectors.get(number)?.take()
    collectors.delete(number)
    if (!positives || !grid) return
    parts.set(number, { ...positives, summary: summarize(positives.voxel, positives.value, grid.shape) })
    onProgress?.(parts.size + missing.length, numbers.length)
  }
  const onFailure = (thrown: unknown, failed: readonly number[]) => {
    const error = fileFailure(thrown)
    if (!error) throw thrown
    for (const at of failed) {
      const number = numbers[at] as number
      collectors.delete(number)
      if (!parts.has(number)) missing.push({ volume: number, error })
    }
  }
  const volumes = numbers.map((number) => map.volumes[number] as Volume)
  await core.volumes.scan(volumes, visit, { signal, onVolume, onFailure })
  missing.sort((a, b) => a.volume - b.volume)
  return { parts, missing, grid: parts.size > 0 ? grid : expected }
}

/** The parts that an index was joined from. */
function splitIndex({ voxel, start, volume, value, volumes }: SparseIndex): Part[] {
  const parts = volumes.map((summary) => ({
    voxel: new Uint32Array(summary.count),
    value: new Float32Array(summary.count),
    summary,
  }))
  const next = new Uint32Array(parts.length)
  for (let n = 0; n < voxel.length; n++) {
    for (let entry = start[n]!; entry < start[n + 1]!; entry++) {
      const part = parts[volume[entry]!]!
      const at = next[volume[entry]!]!++
      part.voxel[at] = voxel[n]!
      part.value[at] = value[entry]!
    }
  }
  return parts
}

function requireGrid(grid: Grid, found: Grid, map: ParcellationMap, number: number): void {
  const difference = describeGridDifference(grid, found)
  if (difference === undefined) return
  const message = `Volume ${number} of the map '${map.name}' has other voxels than the first: ${difference}`
  throw new SiibraError('BAD_DATA', message, { map: map.id })
}

interface Part extends Positives {
  summary: SparseVolume
}

const EMPTY: Part = {
  voxel: new Uint32Array(),
  value: new Float32Array(),
  summary: { count: 0, sum: 0, sumSquares: 0, max: 0, bounds: null },
}

function summarize(voxel: Uint32Array, value: Float32Array, shape: readonly number[]): SparseVolume {
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  const high = [-1, -1, -1]
  let [sum, sumSquares, max] = [0, 0, 0]
  for (let entry = 0; entry < voxel.length; entry++) {
    const position = voxelAt(voxel[entry]!, shape)
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis]!, position[axis]!)
      high[axis] = Math.max(high[axis]!, position[axis]!)
    }
    const weight = value[entry]!
    sum += weight
    sumSquares += weight * weight
    max = Math.max(max, weight)
  }
  const bounds =
    voxel.length === 0
      ? null
      : {
          low: perAxis((axis) => low[axis]!),
          high: perAxis((axis) => high[axis]!),
        }
  return { count: voxel.length, sum, sumSquares, max, bounds }
}

/** Voxels of the grid, or entries, between two looks at the clock. */
const STEP = 1 << 18

/** Counting sort by voxel. */
async function joinParts(
  grid: Grid,
  parts: readonly Part[],
  missing: readonly MissingVolume[],
  slices: Slices,
): Promise<SparseIndex> {
  const next = new Uint32Array(grid.shape.reduce((product, size) => product * size, 1))
  for (const part of parts) {
    await inSlices(part.voxel.length, STEP, slices, (from, to) => {
      for (let entry = from; entry < to; entry++) next[part.voxel[entry]!]!++
    })
  }
  let [used, entries] = [0, 0]
  await inSlices(next.length, STEP, slices, (from, to) => {
    for (let at = from; at < to; at++) {
      if (next[at]! > 0) used++
      entries += next[at]!
    }
  })
  const voxel = new Uint32Array(used)
  const start = new Uint32Array(used + 1)
  let n = 0
  await inSlices(next.length, STEP, slices, (from, to) => {
    for (let at = from; at < to; at++) {
      const count = next[at]!
      if (count === 0) continue
      next[at] = start[n]!
      voxel[n] = at
      start[n + 1] = start[n++]! + count
    }
  })
  const volume = new Uint16Array(entries)
  const value = new Float32Array(entries)
  for (const [number, part] of parts.entries()) {
    await inSlices(part.voxel.length, STEP, slices, (from, to) => {
      for (let entry = from; entry < to; entry++) {
        const at = next[part.voxel[entry]!]!++
        volume[at] = number
        value[at] = part.value[entry]!
      }
    })
  }
  return { ...grid, voxel, start, volume, value, volumes: parts.map(({ summary }) => summary), missing }
}
