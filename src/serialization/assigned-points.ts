import {
  type AssignedPoints,
  type Assignment,
  ancestorAtDepth,
  type Hemisphere,
  hemisphereOf,
  type MapIndex,
  type ParcellationMap,
  type Region,
  regionModelId,
  regionNamesOf,
  type Steps,
} from '../siibra/index.ts'
import { type Column, ComputedValues, type Table } from '../tables/table.ts'

/** What the points of a request belong to in one map. */
export interface AssignedPart {
  map: ParcellationMap
  assigned: AssignedPoints
  /** x, y, z of each point in the space of the map, mm. */
  coordinatesMm: Float64Array
}

export interface PointTableOptions {
  parts: readonly AssignedPart[]
  ids?: readonly (string | number)[] | undefined
  /** Depth of the regions that are named. */
  level?: number | undefined
  /** Whether the table tells of which parcellation a row is. */
  withParcellation: boolean
}

/** A region as tables have it. */
interface Named {
  object: Region | undefined
  region: string | null
  regionId: string | null
}

type Fill = (row: {
  part: AssignedPart
  point: number
  named: Named
  index: Pick<MapIndex, 'volume' | 'fragment'>
  value: number | null
  scores: Assignment | undefined
}) => void

/** Rows between two looks at the time. */
const ROWS_PER_STEP = 512

/** Every region of every point, ordered by map, then by point. */
function* eachRow({ parts, level }: PointTableOptions, fill: Fill): Steps<void> {
  for (const part of parts) {
    const { exact, uncertain } = part.assigned
    const name = createNamer(part.map, level)
    const namesOf = regionNamesOf(part.map)
    const placed = exact.places.map((index) => {
      const names = namesOf(index)
      return names.length === 0 ? [name(null)] : names.map(name)
    })
    const uncertainPoints = [...uncertain.keys()]
    let next = 0
    const fillUncertain = (before: number) => {
      for (; next < uncertainPoints.length && uncertainPoints[next]! < before; next++) {
        const point = uncertainPoints[next]!
        for (const scores of uncertain.get(point) ?? [])
          fill({ part, point, named: name(scores.region), index: scores, value: scores.mapValue, scores })
      }
    }
    for (let hit = 0; hit < exact.point.length; hit++) {
      if (hit % ROWS_PER_STEP === 0) yield
      const point = exact.point[hit]!
      fillUncertain(point)
      const index = exact.places[exact.place[hit]!]!
      for (const named of placed[exact.place[hit]!]!)
        fill({ part, point, named, index, value: exact.value[hit]!, scores: undefined })
    }
    fillUncertain(Number.POSITIVE_INFINITY)
  }
}

/** Names and ids of regions, or of their ancestors at a depth. */
function createNamer({ parcellation }: ParcellationMap, level: number | undefined) {
  const byName = new Map<string, Region>()
  for (const region of parcellation.regions) if (!byName.has(region.name)) byName.set(region.name, region)
  const known = new Map<string | null, Named>([[null, { object: undefined, region: null, regionId: null }]])
  return (name: string | null): Named => {
    let named = known.get(name)
    if (named === undefined) {
      const region = byName.get(name as string)
      const shown = region && level !== undefined ? ancestorAtDepth(region, level) : region
      named = { object: shown, region: shown?.name ?? name, regionId: shown ? regionModelId(shown) : null }
      known.set(name, named)
    }
    return named
  }
}

/** What rows of the same place in the same map have in common. */
type Place = Pick<Parameters<Fill>[0], 'part' | 'named' | 'index'>

/** Rows as columns of numbers, 16 bytes each: what they have in common, and what few of them have, is kept once. */
function createRows() {
  let point = new Uint32Array(1 << 12)
  let place = new Uint32Array(1 << 12)
  let value = new Float64Array(1 << 12)
  let count = 0
  const places: Place[] = []
  const numbers = new Map<Named, number[]>()
  const scores = new Map<number, Assignment>()
  const numberOf = ({ part, named, index }: Place): number => {
    // names are made once for each map; most stand for one volume of it
    let ofName = numbers.get(named)
    if (ofName === undefined) {
      ofName = []
      numbers.set(named, ofName)
    }
    const isSame = (other: Place) =>
      other.part === part && other.index.volume === index.volume && other.index.fragment === index.fragment
    const known = ofName.find((number) => isSame(places[number]!))
    if (known !== undefined) return known
    ofName.push(places.length)
    return places.push({ part, named, index }) - 1
  }
  const makeRoom = (length: number) => {
    value = grown(value, new Float64Array(length))
    place = grown(place, new Uint32Array(length))
    point = grown(point, new Uint32Array(length))
  }
  return {
    add(row: Parameters<Fill>[0]) {
      if (count === point.length) makeRoom(2 * count)
      point[count] = row.point
      place[count] = numberOf(row)
      value[count] = row.value ?? Number.NaN
      if (row.scores !== undefined) scores.set(count, row.scores)
      count++
    },
    take: () => ({ count, point, value, scores, placeOf: (row: number) => places[place[row]!]! }),
  }
}

function grown<T extends Uint32Array | Float64Array>(full: T, larger: T): T {
  larger.set(full)
  return larger
}

/** One row for each region of each point, with the columns of a single assignment, and the ids of regions. */
export function* assignedPointsTable(options: PointTableOptions): Steps<Table> {
  const { ids, withParcellation } = options
  const rows = createRows()
  yield* eachRow(options, rows.add)
  const { count, point, value, scores, placeOf } = rows.take()
  const column = (name: string, type: Column['type'], at: (row: number) => unknown): Column => ({
    name,
    type,
    values: new ComputedValues(at),
  })
  const scoreOf = (name: string, of: keyof Assignment): Column =>
    column(name, 'number', (row) => scores.get(row)?.[of] ?? null)
  const centreOf = (row: number): number[] => {
    const at = 3 * point[row]!
    const { coordinatesMm } = placeOf(row).part
    return [coordinatesMm[at]!, coordinatesMm[at + 1]!, coordinatesMm[at + 2]!]
  }
  const hasTexts = ids?.some((id) => typeof id === 'string') ?? false
  const isWhole = value.subarray(0, count).every((one) => Number.isNaN(one) || Number.isInteger(one))
  return {
    name: 'assignments',
    rows: count,
    columns: [
      column('input_structure', hasTexts ? 'text' : 'integer', (row) => ids?.[point[row]!] ?? point[row]!),
      column('centroid', 'point', centreOf),
      ...(withParcellation ? [column('parcellation_id', 'text', (row) => placeOf(row).part.map.parcellation.id)] : []),
      column('volume', 'integer', (row) => placeOf(row).index.volume),
      column('fragment', 'text', (row) => placeOf(row).index.fragment),
      column('region', 'text', (row) => placeOf(row).named.region),
      column('region_id', 'text', (row) => placeOf(row).named.regionId),
      scoreOf('correlation', 'correlation'),
      scoreOf('intersection_over_union', 'intersectionOverUnion'),
      { name: 'map_value', type: isWhole ? 'integer' : 'number', values: value },
      scoreOf('map_weighted_mean', 'mapWeightedMean'),
      scoreOf('map_containedness', 'mapContainedness'),
      scoreOf('input_weighted_mean', 'inputWeightedMean'),
      scoreOf('input_containedness', 'inputContainedness'),
    ],
  }
}

/** How many points lie in each region and side; of statistical maps also the mean of their values there. */
export function* assignedRegionsTable(options: PointTableOptions): Steps<Table> {
  interface Group {
    parcellationId: string
    named: Named
    side: Hemisphere | null
    points: number
    lastPoint: number
    hits: number
    sum: number
  }
  const groups = new Map<string, Group>()
  yield* eachRow(options, ({ part, point, named, index, value }) => {
    const place = { fragment: index.fragment, space: part.map.space, xMm: part.coordinatesMm[3 * point]! }
    const side = named.object ? hemisphereOf(named.object, place) : null
    const key = `${part.map.id} ${named.regionId ?? ''} ${named.region ?? ''} ${side ?? ''}`
    let group = groups.get(key)
    if (group === undefined) {
      const parcellationId = part.map.parcellation.id
      group = { parcellationId, named, side, points: 0, lastPoint: -1, hits: 0, sum: 0 }
      groups.set(key, group)
    }
    // all hits of a point come one after the other
    if (group.lastPoint !== point) group.points++
    group.lastPoint = point
    group.hits++
    group.sum += value ?? 0
  })
  const found = [...groups.values()].sort((a, b) => b.points - a.points)
  const column = (name: string, type: Column['type'], of: (group: Group) => unknown): Column => ({
    name,
    type,
    values: found.map(of),
  })
  const isStatistical = options.parts.some(({ map }) => map.mapType === 'STATISTICAL')
  return {
    name: 'regions_of_points',
    rows: found.length,
    columns: [
      ...(options.withParcellation ? [column('parcellation_id', 'text', (group) => group.parcellationId)] : []),
      column('region', 'text', ({ named }) => named.region),
      column('region_id', 'text', ({ named }) => named.regionId),
      column('side', 'text', ({ side }) => side),
      column('points', 'integer', ({ points }) => points),
      ...(isStatistical ? [column('map_value', 'number', ({ sum, hits }) => sum / hits)] : []),
    ],
  }
}
