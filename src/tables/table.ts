/** A table as handlers give it, column by column, before anybody says in which form it is sent. */

/**
 * What a column holds; null is a missing value in all of them.
 * `point`: three numbers (x, y, z); `json`: anything else, as text in forms that have no such thing.
 */
export type ColumnType = 'integer' | 'number' | 'boolean' | 'text' | 'point' | 'json'

export interface Column {
  name: string
  type: ColumnType
  /** One a row. Typed arrays are taken as they are; NaN in one of numbers is a missing value. */
  values: ArrayLike<unknown> | ComputedValues
}

/** Values that are made when they are asked for: of a million rows they would take hundreds of megabytes. */
export class ComputedValues {
  readonly at: (row: number) => unknown

  constructor(at: (row: number) => unknown) {
    this.at = at
  }
}

export interface Table {
  /** Of the file that it is saved as, without its ending. */
  name: string
  rows: number
  columns: readonly Column[]
  /** Labels of the rows: numbers from 0 where none are given, as pandas has it; null: a form that need not have them has none. */
  index?: ArrayLike<string | number> | null
  /** Where the values come from: parcellation, version, map, space, licence ... */
  provenance?: Readonly<Record<string, string>>
  /** How CSV and TSV write a missing value; nothing where this is left out. */
  missing?: string
  /** What is sent as TSV, where a standard of the field has such files. */
  asTsv?: Table
}

/** The value of a cell; what is missing is null. */
export function cellOf({ values }: Column, row: number): unknown {
  const value = values instanceof ComputedValues ? values.at(row) : values[row]
  return value === undefined || (typeof value === 'number' && Number.isNaN(value)) ? null : value
}

export const indexOf = ({ index }: Table, row: number): string | number => index?.[row] ?? row

/** A table of objects: one column for each name, with the type given. */
export function tableOf<Row extends object>(
  name: string,
  rows: readonly Row[],
  types: Readonly<Partial<Record<keyof Row & string, ColumnType>>>,
): Table {
  const columns = Object.entries(types).map(([column, type]) => ({
    name: column,
    type: type as ColumnType,
    values: rows.map((row) => (row as Record<string, unknown>)[column] ?? null),
  }))
  return { name, rows: rows.length, columns }
}
