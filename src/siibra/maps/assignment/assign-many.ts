import type { MapIndex, ParcellationMap } from '../../core/types.ts'
import { createSlices, type Slices } from '../../slices.ts'
import { invertAffine } from '../../volumes/affine.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import type { MapGap } from '../gaps.ts'
import { type Grid, nearestVoxel, voxelIndex } from '../grids/grid.ts'
import { fetchLabelImage } from '../labels/label-image.ts'
import { firstRunAfter, type LabelRuns } from '../labels/label-runs.ts'
import { loadSparseIndex } from '../sparse/load-sparse-index.ts'
import { firstVoxelFrom, type SparseIndex } from '../sparse/sparse-index.ts'
import { fragmentsOf } from './assign-images.ts'
import { gapOf } from './assignment.ts'

/** What many points hit, as columns: `point`, `place` and `value` of hit n belong together. Ordered by point, then as siibra lists maps. */
export interface PointHits {
  /** Number of the point, from 0. */
  point: Uint32Array
  /** Position in `places`. */
  place: Uint32Array
  /** Labelled maps: the label. Statistical maps: the value at the point. */
  value: Float64Array
  /** What a map draws at some index, each once. */
  places: MapIndex[]
}

export interface AssignManyOptions {
  /** Statistical maps: only values above it. Default 0. */
  lowerThreshold?: number
  signal?: AbortSignal | undefined
  /** Collects what is missing, since volumes of a statistical map could not be read. */
  gaps?: MapGap[] | undefined
}

/** Hits as they are found, in any order. */
interface HitList {
  add(point: number, place: number, value: number): void
}

/**
 * Which regions of a map many exact points lie in: the same as one `assignPoint` for each, in some microseconds a point. Points are taken in
 * blocks, those of a block in the order of their voxels, so that a map is walked once for each block; between blocks the thread gives way.
 * @param pointsMm x, y, z of each point in mm, in the space of the map; a point with a coordinate that is not finite hits nothing.
 */
export async function assignExactPoints(
  core: AtlasVolumes & Parameters<typeof loadSparseIndex>[0],
  map: ParcellationMap,
  pointsMm: Float64Array,
  options: AssignManyOptions = {},
): Promise<PointHits> {
  const { lowerThreshold = 0, signal, gaps = [] } = options
  const places = createPlaces()
  const hits = createHits()
  const slices = createSlices(signal)
  const blocksIn = (grid: Grid) => eachBlock(pointsMm, grid, slices)
  if (map.isSparse) {
    const index = await loadSparseIndex(core, map, { signal })
    gaps.push(...index.missing.map((missing) => gapOf(map, missing)))
    const placeOf = index.volumes.map((_, volume) => places.at({ volume, label: null, fragment: null }))
    for await (const block of blocksIn(index)) hitIndex(index, block, placeOf, hits, lowerThreshold)
    return hits.sorted(pointsMm.length / 3, places.all)
  }
  for (const fragment of fragmentsOf(map)) {
    for (const [volume, source] of map.volumes.entries()) {
      if (map.mapType === 'LABELLED') {
        const image = await fetchLabelImage(core, source, fragment, signal)
        const placeOf = (label: number) => places.at({ volume, label, fragment })
        for await (const block of blocksIn(image)) hitLabels(image.runs, block, placeOf, hits)
      } else {
        const image = await core.volumes.fetchImage(source, { fragment, signal })
        const place = places.at({ volume, label: null, fragment })
        for await (const block of blocksIn(image)) {
          for (const key of block) {
            const at = voxelOf(key)
            const value = image.data[at] ?? 0
            if (value > lowerThreshold) hits.add(pointOf(key, at), place, value)
          }
        }
      }
    }
  }
  return hits.sorted(pointsMm.length / 3, places.all)
}

/** Points of a block: sorting them, and walking a map once, takes some milliseconds. */
const BLOCK_POINTS = 1 << 15
/** More points than that cannot be sorted so. */
const POINT_LIMIT = 2 ** 21

/** Points that lie in the grid, in the order of their voxels: voxel and number of the point in one number below 2^53, which sorts fast. */
type SortedPoints = Float64Array
const voxelOf = (key: number): number => Math.floor(key / POINT_LIMIT)
const pointOf = (key: number, at: number): number => key - at * POINT_LIMIT

async function* eachBlock(pointsMm: Float64Array, grid: Grid, slices: Slices): AsyncGenerator<SortedPoints> {
  const count = pointsMm.length / 3
  const worldToVoxel = invertAffine(grid.voxelToWorldMm)
  const keys = new Float64Array(Math.min(count, BLOCK_POINTS))
  for (let first = 0; first < count; first += BLOCK_POINTS) {
    const pause = slices.pause()
    if (pause) await pause
    let inside = 0
    for (let point = first; point < Math.min(count, first + BLOCK_POINTS); point++) {
      const pointMm = [pointsMm[3 * point]!, pointsMm[3 * point + 1]!, pointsMm[3 * point + 2]!] as const
      const at = voxelIndex(nearestVoxel(worldToVoxel, pointMm), grid.shape)
      if (at >= 0) keys[inside++] = at * POINT_LIMIT + point
    }
    yield keys.subarray(0, inside).sort()
  }
}

function hitLabels(runs: LabelRuns, points: SortedPoints, placeOf: (label: number) => number, hits: HitList): void {
  const { startVox, lengthVox, label } = runs
  const known = new Map<number, number>()
  let run = 0
  for (const key of points) {
    const at = voxelOf(key)
    if (run < startVox.length && startVox[run]! + lengthVox[run]! <= at) run = firstRunAfter(runs, at)
    if (run === startVox.length) return
    const value = label[run]!
    if (startVox[run]! > at || !(value > 0)) continue
    let place = known.get(value)
    if (place === undefined) {
      place = placeOf(value)
      known.set(value, place)
    }
    hits.add(pointOf(key, at), place, value)
  }
}

function hitIndex(
  index: SparseIndex,
  points: SortedPoints,
  placeOf: readonly number[],
  hits: HitList,
  lowerThreshold: number,
): void {
  let n = 0
  for (const key of points) {
    const at = voxelOf(key)
    const point = pointOf(key, at)
    if (n < index.voxel.length && index.voxel[n]! < at) n = firstVoxelFrom(index, at)
    if (n === index.voxel.length) return
    if (index.voxel[n] !== at) continue
    for (let entry = index.start[n]!; entry < index.start[n + 1]!; entry++) {
      const value = index.value[entry]!
      if (value > lowerThreshold) hits.add(point, placeOf[index.volume[entry]!]!, value)
    }
  }
}

/** Indices of a map, each with a number. */
function createPlaces() {
  const all: MapIndex[] = []
  const numbers = new Map<string, number>()
  return {
    all,
    at(index: MapIndex): number {
      const key = `${index.volume} ${index.label} ${index.fragment ?? ''}`
      const known = numbers.get(key)
      if (known !== undefined) return known
      numbers.set(key, all.length)
      return all.push(index) - 1
    },
  }
}

/** Columns that grow, and are put in the order of the points in the end: those of one point stay in the order in which they came. */
function createHits() {
  let point = new Uint32Array(1 << 12)
  let place = new Uint32Array(1 << 12)
  let value = new Float64Array(1 << 12)
  let count = 0
  return {
    add(nextPoint: number, nextPlace: number, nextValue: number) {
      if (count === point.length) {
        point = grown(point, new Uint32Array(2 * count))
        place = grown(place, new Uint32Array(2 * count))
        value = grown(value, new Float64Array(2 * count))
      }
      point[count] = nextPoint
      place[count] = nextPlace
      value[count++] = nextValue
    },
    sorted(pointCount: number, places: MapIndex[]): PointHits {
      const next = new Uint32Array(pointCount + 1)
      for (let n = 0; n < count; n++) next[point[n]! + 1]!++
      for (let n = 1; n <= pointCount; n++) next[n]! += next[n - 1]!
      const ordered = { point: new Uint32Array(count), place: new Uint32Array(count), value: new Float64Array(count) }
      for (let n = 0; n < count; n++) {
        const to = next[point[n]!]!++
        ordered.point[to] = point[n]!
        ordered.place[to] = place[n]!
        ordered.value[to] = value[n]!
      }
      return { ...ordered, places }
    },
  }
}

function grown<T extends Uint32Array | Float64Array>(full: T, larger: T): T {
  larger.set(full)
  return larger
}
