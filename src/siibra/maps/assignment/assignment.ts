import type { MapIndex, ParcellationMap } from '../../core/types.ts'
import { oncePer } from '../../retrieval/cache/once-per.ts'
import type { Triple } from '../../volumes/affine.ts'
import type { MapGap, MissingVolume } from '../gaps.ts'

/** One row of siibra's assignment table: a region that an input (a point) belongs to, and how much. */
export interface Assignment {
  /** Number of the input, from 0. */
  inputStructure: number
  /** Where the input is, mm. */
  centroidMm: [number, number, number]
  volume: number
  fragment: string | null
  /** Name of the region; null where the map draws something at this index that no region claims. */
  region: string | null
  /** Of inputs with an uncertainty; null for exact points. */
  correlation: number | null
  intersectionOverUnion: number | null
  /** Labelled maps: the label. Statistical maps: the value at the point, or the largest one of a sparse map (null of others). */
  mapValue: number | null
  mapWeightedMean: number | null
  mapContainedness: number | null
  inputWeightedMean: number | null
  inputContainedness: number | null
}

/** What an exact point has none of. */
const WITHOUT_SCORES = {
  correlation: null,
  intersectionOverUnion: null,
  mapWeightedMean: null,
  mapContainedness: null,
  inputWeightedMean: null,
  inputContainedness: null,
} as const

type RegionNames = (index: MapIndex) => string[]

/** Names of the regions that a map draws at an index. */
export function regionNamesOf(map: ParcellationMap): RegionNames {
  const names = oncePer(map, collectNames)
  return (index) => names.get(keyOf(index)) ?? []
}

function collectNames(map: ParcellationMap): ReadonlyMap<string, string[]> {
  const names = new Map<string, string[]>()
  for (const [name, indices] of map.indices) {
    for (const index of indices) {
      const key = keyOf(index)
      names.set(key, [...(names.get(key) ?? []), name])
    }
  }
  return names
}

const keyOf = ({ volume, label, fragment }: MapIndex) => `${volume} ${label} ${fragment ?? ''}`

/** A row of each region; one without a name where the map draws something that no region claims. */
export const nameRegions = (names: string[]): (string | null)[] => (names.length === 0 ? [null] : names)

/** The row of an exact point, whose coordinates are rounded to hundredths of a mm. */
export function exactRow(
  pointMm: Triple,
  found: Pick<Assignment, 'volume' | 'fragment' | 'region' | 'mapValue'>,
): Assignment {
  const [x, y, z] = pointMm
  return {
    inputStructure: 0,
    centroidMm: [roundHundredths(x), roundHundredths(y), roundHundredths(z)],
    ...WITHOUT_SCORES,
    ...found,
  }
}

/** As numpy rounds: ties to the even neighbour. */
function roundHundredths(value: number): number {
  const scaled = value * 100
  const floor = Math.floor(scaled)
  const isTie = scaled - floor === 0.5
  return (isTie ? floor + (floor % 2 === 0 ? 0 : 1) : Math.round(scaled)) / 100
}

/** The gap that a missing volume of a statistical map leaves. */
export function gapOf(map: ParcellationMap, { volume, error }: MissingVolume, fragment: string | null = null): MapGap {
  return {
    regions: regionNamesOf(map)({ volume, label: null, fragment }),
    message: error.message,
    isTemporary: error.code !== 'UNSUPPORTED',
  }
}

export interface AssignOptions {
  signal?: AbortSignal | undefined
  /** Collects what is missing of the answer, since volumes of a statistical map could not be read. */
  gaps?: MapGap[] | undefined
  /** Called where the uncertainty of the point does not count, since it is smaller than this in the map's voxels. */
  onExact?: ((belowMm: number) => void) | undefined
}
