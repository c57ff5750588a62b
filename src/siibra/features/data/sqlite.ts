/** SQLite databases, read by sql.js (SQLite compiled to WebAssembly). */
import { SiibraError } from '../../errors.ts'

export type SqliteRow = Readonly<Record<string, string | number | null>>

/** The library is loaded when the first database is read. */
let library: Promise<import('sql.js').SqlJsStatic> | undefined

async function loadLibrary(): Promise<import('sql.js').SqlJsStatic> {
  const { default: initSqlJs } = await import('sql.js')
  return initSqlJs()
}

/**
 * All rows of a table, in its order.
 * @throws BAD_DATA where the bytes are no database, or it has no such table.
 */
export async function readSqliteTable(bytes: Uint8Array, table: string, source: string): Promise<SqliteRow[]> {
  library ??= loadLibrary()
  const { Database } = await library
  const database = new Database(bytes)
  try {
    const [result] = database.exec(`SELECT * FROM "${table.replaceAll('"', '""')}"`)
    if (!result) return []
    return result.values.map((row) => Object.fromEntries(result.columns.map((name, i) => [name, toCell(row[i])])))
  } catch (cause) {
    throw new SiibraError(
      'BAD_DATA',
      `${source} has no table ${table}: ${(cause as Error).message}`,
      { url: source },
      { cause },
    )
  } finally {
    database.close()
  }
}

const toCell = (value: unknown): string | number | null =>
  typeof value === 'string' || typeof value === 'number' ? value : null
