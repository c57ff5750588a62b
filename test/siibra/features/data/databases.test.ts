/** Files that libraries read: HDF5 and SQLite. */
import { expect, test } from 'vitest'
import { readHdf5 } from '../../../../src/siibra/features/data/hdf5.ts'
import { readSqliteTable } from '../../../../src/siibra/features/data/sqlite.ts'

async function hdf5File(): Promise<Uint8Array> {
  const h5wasm = await import('h5wasm/node')
  const { FS } = await h5wasm.ready
  const file = new h5wasm.File('/written.h5', 'w')
  file.create_dataset({ name: 'numbers', data: Int16Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] })
  file.create_dataset({ name: 'texts', data: ['1', '2'] })
  file.create_group('group')
  file.close()
  return Uint8Array.from(FS.readFile('/written.h5') as Uint8Array)
}

test('numbers of HDF5 have a shape; where there are none, that is said', async () => {
  const bytes = await hdf5File()
  const [numbers, again] = await readHdf5(bytes, ['/numbers', 'numbers'], 'a file')
  expect(numbers).toEqual({ shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) })
  expect(again).toEqual(numbers)
  for (const path of ['/texts', '/group', '/nothing'])
    await expect(readHdf5(bytes, [path], 'a file')).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: `a file has no numbers at ${path}`,
      details: { url: 'a file' },
    })
})

test('cells of SQLite are texts, numbers, or empty', async () => {
  const { default: initSqlJs } = await import('sql.js')
  const { Database } = await initSqlJs()
  const database = new Database()
  database.run(`CREATE TABLE "a ""b""" (t TEXT, n REAL, e INTEGER, b BLOB)`)
  database.run(`INSERT INTO "a ""b""" VALUES ('x', 1.5, NULL, x'01'), ('', 0, 7, NULL)`)
  database.run('CREATE TABLE empty (t TEXT)')
  const bytes = database.export()
  expect(await readSqliteTable(bytes, 'a "b"', 'a file')).toEqual([
    { t: 'x', n: 1.5, e: null, b: null },
    { t: '', n: 0, e: 7, b: null },
  ])
  expect(await readSqliteTable(bytes, 'empty', 'a file')).toEqual([])
  await expect(readSqliteTable(bytes, 'gone', 'a file')).rejects.toMatchObject({
    code: 'BAD_DATA',
    message: expect.stringMatching(/^a file has no table gone: /),
  })
})
