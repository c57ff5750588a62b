import type { MapIndex, ParcellationMap } from '../../core/types.ts'
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
 * Which regions of a map many exact points lie in: the same as one `assignPoint` for each, in some microseconds a point. Points are taken in the
 * order of their voxels, so that each map is walked once.
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
  if (map.isSparse) {
    const index = await loadSparseIndex(core, map, { signal })
    gaps.push(...index.missing.map((missing) => gapOf(map, missing)))
    hitIndex(index, sortByVoxel(pointsMm, index), places, hits, lowerThreshold)
    return hits.sorted(pointsMm.length / 3, places.all)
  }
  for (const fragment of fragmentsOf(map)) {
    for (const [volume, source] of map.volumes.entries()) {
      if (map.mapType === 'LABELLED') {
        const image = await fetchLabelImage(core, source, fragment, signal)
        hitLabels(image.runs, sortByVoxel(pointsMm, image), (label) => places.at({ volume, label, fragment }), hits)
      } else {
        const image = await core.volumes.fetchImage(source, { fragment, signal })
        const place = places.at({ volume, label: null, fragment })
        for (const { point, at } of sortByVoxel(pointsMm, image)) {
          const value = image.data[at] ?? 0
          if (value > lowerThreshold) hits.add(point, place, value)
        }
      }
    }
  }
  return hits.sorted(pointsMm.length / 3, places.all)
}

/** Points that lie in the grid, with the index of their voxel, in the order of the voxels. */
function* sortByVoxel(
  pointsMm: Float64Array,
  { shape, voxelToWorldMm }: Grid,
): Generator<{ point: number; at: number }> {
  const worldToVoxel = invertAffine(voxelToWorldMm)
  const count = pointsMm.length / 3
  // voxel and number of the point in one number below 2^53, which sorts fast
  const keys = new Float64Array(count)
  let inside = 0
  for (let point = 0; point < count; point++) {
    const pointMm = [pointsMm[3 * point]!, pointsMm[3 * point + 1]!, pointsMm[3 * point + 2]!] as const
    const at = voxelIndex(nearestVoxel(worldToVoxel, pointMm), shape)
    if (at >= 0) keys[inside++] = at * POINT_LIMIT + point
  }
  for (const key of keys.subarray(0, inside).sort()) {
    const at = Math.floor(key / POINT_LIMIT)
    yield { point: key - at * POINT_LIMIT, at }
  }
}

/** More points than that cannot be sorted so. */
const POINT_LIMIT = 2 ** 21

type SortedPoints = Iterable<{ point: number; at: number }>

function hitLabels(runs: LabelRuns, points: SortedPoints, placeOf: (label: number) => number, hits: HitList): void {
  const { startVox, lengthVox, label } = runs
  const known = new Map<number, number>()
  let run = 0
  for (const { point, at } of points) {
    if (run < startVox.length && startVox[run]! + lengthVox[run]! <= at) run = firstRunAfter(runs, at)
    if (run === startVox.length) return
    const value = label[run]!
    if (startVox[run]! > at || !(value > 0)) continue
    let place = known.get(value)
    if (place === undefined) {
      place = placeOf(value)
      known.set(value, place)
    }
    hits.add(point, place, value)
  }
}

function hitIndex(
  index: SparseIndex,
  points: SortedPoints,
  places: ReturnType<typeof createPlaces>,
  hits: HitList,
  lowerThreshold: number,
): void {
  const placeOf = index.volumes.map((_, volume) => places.at({ volume, label: null, fragment: null }))
  let n = 0
  for (const { point, at } of points) {
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
