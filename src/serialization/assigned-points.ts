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
} from '../siibra/index.ts'
import type { Column, Table } from '../tables/table.ts'

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

/** Every region of every point, ordered by map, then by point. */
function eachRow({ parts, level }: PointTableOptions, fill: Fill): void {
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

/** One row for each region of each point, with the columns of a single assignment, and the ids of regions. */
export function assignedPointsTable(options: PointTableOptions): Table {
  const { ids, withParcellation } = options
  const names = ['region', 'region_id', 'fragment', 'parcellation_id'] as const
  const texts = Object.fromEntries(names.map((name) => [name, [] as (string | null)[]])) as Record<
    (typeof names)[number],
    (string | null)[]
  >
  const structure: (string | number)[] = []
  const volume: number[] = []
  const value: (number | null)[] = []
  const centre: number[] = []
  const scores: (Assignment | undefined)[] = []
  eachRow(options, (row) => {
    structure.push(ids?.[row.point] ?? row.point)
    volume.push(row.index.volume)
    texts.fragment.push(row.index.fragment)
    texts.region.push(row.named.region)
    texts.region_id.push(row.named.regionId)
    texts.parcellation_id.push(row.part.map.parcellation.id)
    value.push(row.value)
    scores.push(row.scores)
    for (let axis = 0; axis < 3; axis++) centre.push(row.part.coordinatesMm[3 * row.point + axis]!)
  })
  const rows = structure.length
  const hasScores = scores.some((row) => row !== undefined)
  const scoreOf = (name: string, of: keyof Assignment): Column => ({
    name,
    type: 'number',
    // a column of nothing needs no memory
    values: hasScores ? scores.map((row) => row?.[of] ?? null) : [],
  })
  const text = (name: (typeof names)[number]): Column => ({ name, type: 'text', values: texts[name] })
  const isWhole = value.every((one) => one === null || Number.isInteger(one))
  return {
    name: 'assignments',
    rows,
    columns: [
      {
        name: 'input_structure',
        type: structure.some((one) => typeof one === 'string') ? 'text' : 'integer',
        values: structure,
      },
      { name: 'centroid', type: 'point', values: pointsOf(centre) },
      ...(withParcellation ? [text('parcellation_id')] : []),
      { name: 'volume', type: 'integer', values: volume },
      text('fragment'),
      text('region'),
      text('region_id'),
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

/** Triples of a list of numbers, made when they are asked for: a list for each of a million points would take 100 MB. */
function pointsOf(numbers: readonly number[]): ArrayLike<number[]> {
  return new Proxy([] as unknown as ArrayLike<number[]>, {
    get: (_, key) => {
      if (key === 'length') return numbers.length / 3
      const at = 3 * Number(key)
      return [numbers[at], numbers[at + 1], numbers[at + 2]]
    },
  })
}

/** How many points lie in each region and side; of statistical maps also the mean of their values there. */
export function assignedRegionsTable(options: PointTableOptions): Table {
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
  eachRow(options, ({ part, point, named, index, value }) => {
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
