import type { Assignment } from '../siibra/index.ts'

/** A pandas data frame as siibra-api spells it. */
export interface DataFrameModel {
  '@type': null
  columns: string[]
  index: number[]
  ndim: 2
  data: unknown[][]
}

/** Columns in siibra's order, spelled as siibra-explorer reads them, and where their values come from. */
const COLUMNS: readonly (readonly [name: string, of: keyof Assignment])[] = [
  ['input_structure', 'inputStructure'],
  ['centroid', 'centroidMm'],
  ['volume', 'volume'],
  ['fragment', 'fragment'],
  ['region', 'region'],
  ['correlation', 'correlation'],
  ['intersection_over_union', 'intersectionOverUnion'],
  ['map_value', 'mapValue'],
  ['map_weighted_mean', 'mapWeightedMean'],
  ['map_containedness', 'mapContainedness'],
  ['input_weighted_mean', 'inputWeightedMean'],
  ['input_containedness', 'inputContainedness'],
]

/** Assignments as a table, one row each. */
export function serializeAssignments(assignments: readonly Assignment[]): DataFrameModel {
  return {
    '@type': null,
    columns: COLUMNS.map(([name]) => name),
    index: assignments.map((_, row) => row),
    ndim: 2,
    data: assignments.map((assignment) => COLUMNS.map(([, of]) => assignment[of])),
  }
}
