import type { Assignment } from '../siibra/index.ts'
import type { ColumnType, Table } from '../tables/table.ts'

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

/** What the columns hold; the types of the others are guessed, as siibra-python does (`convert_dtypes`). */
const TYPES: Readonly<Partial<Record<keyof Assignment, ColumnType>>> = {
  inputStructure: 'integer',
  centroidMm: 'point',
  volume: 'integer',
  fragment: 'text',
  region: 'text',
}

/** Assignments as a table for other forms than JSON. */
export function assignmentTable(assignments: readonly Assignment[]): Table {
  const columns = COLUMNS.map(([name, of]) => {
    const values = assignments.map((assignment) => assignment[of])
    return { name, type: TYPES[of] ?? guessType(values), values }
  })
  return { name: 'assignments', rows: assignments.length, columns }
}

function guessType(values: readonly unknown[]): ColumnType {
  const isWhole = values.every((value) => value === null || Number.isInteger(value))
  return isWhole && values.some((value) => value !== null) ? 'integer' : 'number'
}

/** Assignments as a data frame, one row each. */
export function serializeAssignments(assignments: readonly Assignment[]): DataFrameModel {
  return {
    '@type': null,
    columns: COLUMNS.map(([name]) => name),
    index: assignments.map((_, row) => row),
    ndim: 2,
    data: assignments.map((assignment) => COLUMNS.map(([, of]) => assignment[of])),
  }
}
