import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { describe, expect, test } from 'vitest'
import { encodeDataFrame, encodeTable } from '../../src/tables/encode.ts'
import { chooseForm } from '../../src/tables/forms.ts'
import { pickFields } from '../../src/tables/pick-fields.ts'
import type { Table } from '../../src/tables/table.ts'
import { ComputedValues } from '../../src/tables/table.ts'
import { etagOf } from '../../src/tasks/answer/etag.ts'
import { collectAnswer } from '../../src/tasks/answer/large-answers.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** Made by pandas (fixtures/tables/make_tables.py). */
const pandas = JSON.parse(readFileSync(new URL('../fixtures/tables/tables.json', import.meta.url), 'utf8'))
const toNumber = (text: string | null) => (text === null ? null : Number(text.replace('inf', 'Infinity')))
const numbers: (number | null)[] = pandas.numbers.map(toNumber)

const table: Table = {
  name: 'Größe, x',
  rows: numbers.length,
  columns: [
    { name: 'number', type: 'number', values: numbers },
    { name: 'text, quoted', type: 'text', values: pandas.texts },
    { name: 'integer', type: 'integer', values: pandas.integers },
    { name: 'truth', type: 'boolean', values: pandas.truths },
    { name: 'point', type: 'point', values: pandas.points },
  ],
  provenance: { parcellation: 'A\nB', licence: 'CC BY 4.0' },
}
const encoded = async (...args: Parameters<typeof encodeTable>) => {
  const { chunks, ...rest } = await encodeTable(...args)
  return { ...rest, bytes: Buffer.concat([...chunks]) }
}
const text = async (...args: Parameters<typeof encodeTable>) => (await encoded(...args)).bytes.toString()

describe('CSV and TSV are what pandas writes', () => {
  test('with an index of numbers, of names, and without one', async () => {
    expect(await text(table, 'csv')).toBe(pandas.csv)
    expect(await text(table, 'tsv')).toBe(pandas.tsv)
    expect(await text({ ...table, index: pandas.index }, 'csv')).toBe(pandas.namedCsv)
    expect(await text({ ...table, index: null }, 'csv')).toBe(pandas.withoutIndex)
  })

  test('without rows', async () => {
    expect(await text({ ...table, rows: 0 }, 'csv')).toBe(pandas.empty)
  })

  test('typed arrays are columns; NaN is missing', async () => {
    const values = Float64Array.from(numbers, (value) => value ?? Number.NaN)
    const columns = table.columns.map((column) => (column.name === 'number' ? { ...column, values } : column))
    expect(await text({ ...table, columns }, 'csv')).toBe(pandas.csv)
  })

  test('lines of comments tell where the values come from, where they are asked for', async () => {
    const written = await text(table, 'csv', { withProvenance: true })
    expect(written).toBe(`# parcellation: A B\n# licence: CC BY 4.0\n${pandas.csv}`)
  })

  test('the file has a sensible name and type', async () => {
    const { contentType, headers } = await encodeTable(table, 'csv')
    expect(contentType).toBe('text/csv; charset=utf-8')
    expect(headers['content-disposition']).toBe('attachment; filename="Gro_e_x.csv"')
  })
})

describe('Arrow', () => {
  test('has the types, the values and the origin', async () => {
    const { bytes, contentType } = await encoded({ ...table, index: pandas.index }, 'arrow')
    expect(contentType).toBe('application/vnd.apache.arrow.stream')
    const read = tableFromIPC(bytes)
    expect(Object.fromEntries(read.schema.fields.map(({ name, type }) => [name, String(type)]))).toEqual({
      index: 'Utf8',
      number: 'Float64',
      'text, quoted': 'Utf8',
      integer: 'Int32',
      truth: 'Bool',
      point: 'FixedSizeList[3]<Float64>',
    })
    expect(Object.fromEntries(read.schema.metadata)).toEqual(table.provenance)
    expect(read.toArray().map((row) => row?.number)).toEqual(numbers)
    expect([...(read.getChild('text, quoted') ?? [])]).toEqual(pandas.texts)
    expect([...(read.getChild('point') ?? [])].map((point) => (point === null ? null : [...point]))).toEqual(
      pandas.points,
    )
  })

  test('has integers that need more than 32 bits as float64, and no rows where there are none', async () => {
    const large = { name: 'x', type: 'integer', values: [2 ** 40, null] } as const
    const { bytes } = await encoded({ name: 'x', rows: 2, columns: [large] }, 'arrow')
    expect([...(tableFromIPC(bytes).getChild('x') ?? [])]).toEqual([2 ** 40, null])
    expect(tableFromIPC((await encoded({ ...table, rows: 0 }, 'arrow')).bytes).numRows).toBe(0)
  })
})

test('lines of JSON have a row each', async () => {
  const lines = (await text(table, 'ndjson')).trimEnd().split('\n')
  expect(lines).toHaveLength(table.rows)
  expect(JSON.parse(lines[4] ?? '')).toMatchObject({ number: 1.5e-7, truth: false, point: null })
})

test('JSON is a data frame', () => {
  const frame = JSON.parse(Buffer.concat([...encodeDataFrame({ ...table, rows: 2 })]).toString())
  expect(frame).toEqual({
    '@type': null,
    columns: table.columns.map(({ name }) => name),
    index: [0, 1],
    ndim: 2,
    data: [
      [0.1, 'plain', 0, true, [0, 0, 0]],
      [3, 'a, b', -1234567, false, [1, -0.5, 1e-7]],
    ],
  })
})

test.each([
  [undefined, 'json'],
  ['*/*', 'json'],
  ['', 'json'],
  ['application/json', 'json'],
  ['text/csv', 'csv'],
  ['TEXT/CSV; charset=utf-8', 'csv'],
  ['text/csv, */*', 'csv'],
  ['*/*, text/csv', 'csv'],
  ['text/csv;q=0.5, application/json', 'json'],
  ['text/csv;q=0.5, application/vnd.apache.arrow.stream;q=0.9, */*;q=0.1', 'arrow'],
  ['text/tab-separated-values', 'tsv'],
  ['application/x-ndjson', 'ndjson'],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8', 'json'],
  ['application/xml', 'json'],
  ['application/json;q=0, */*', 'csv'],
  ['text/csv;q=0, text/*', 'json'],
  ['application/*', 'json'],
  ['image/png', undefined],
  ['text/csv;q=0', undefined],
  ['application/json;q=0', undefined],
])('Accept: %s means %s', (accept, form) => {
  expect(chooseForm(accept)).toBe(form)
})

test('fields keep members along paths, through lists, and in the items of a page', () => {
  const value = { a: { b: 1, c: 2 }, list: [{ x: 1, y: 2 }, { y: 3 }, null], 'schema.org/name': 'n', z: 0 }
  expect(pickFields(value, ['a.b', 'list.x', 'schema.org/name', 'nope.q'])).toEqual({
    a: { b: 1 },
    list: [{ x: 1 }, {}, null],
    'schema.org/name': 'n',
  })
  expect(pickFields({ items: [value], total: 1, page: 1 }, ['z'])).toEqual({ items: [{ z: 0 }], total: 1, page: 1 })
  expect(pickFields([value, value], ['a.c'])).toEqual([{ a: { c: 2 } }, { a: { c: 2 } }])
  expect(pickFields('text', ['a'])).toBe('text')
})

test('a table that is too large for an answer is refused while it is encoded', async () => {
  let made = 0
  function* chunks() {
    for (; made < 100; made++) yield new Uint8Array(1000)
  }
  await expect(collectAnswer(chunks(), { maxBytes: 5_000 })).rejects.toMatchObject({
    code: 'INVALID_PARAMETER',
    message: expect.stringContaining('summary=region'),
  })
  expect(made).toBeLessThan(10)
})

test('an Arrow stream of several batches has every row, and tells what is missing', async () => {
  const rows = 10_000
  const { bytes } = await encoded(
    {
      name: 'many',
      rows,
      columns: [
        { name: 'whole', type: 'integer', values: new ComputedValues((row) => (row % 3 === 0 ? null : row)) },
        { name: 'real', type: 'number', values: new ComputedValues((row) => (row % 9 === 8 ? Number.NaN : row / 7)) },
        { name: 'text', type: 'text', values: new ComputedValues((row) => (row % 2 ? `row ${row}` : null)) },
        { name: 'name', type: 'text', values: new ComputedValues((row) => (row % 5 ? `Größe ${row % 7}` : null)) },
        { name: 'same', type: 'text', values: new ComputedValues(() => 'same') },
        { name: 'none', type: 'text', values: new ComputedValues(() => null) },
        { name: 'truth', type: 'boolean', values: new ComputedValues((row) => (row % 4 ? row % 3 === 0 : null)) },
        { name: 'place', type: 'point', values: new ComputedValues((row) => (row % 6 ? [row, 0.5, -row] : null)) },
      ],
    },
    'arrow',
  )
  const read = tableFromIPC(bytes)
  const types = Object.fromEntries(read.schema.fields.map(({ name, type }) => [name, String(type)]))
  expect(types).toMatchObject({ text: 'Utf8', name: 'Dictionary<Int16, Utf8>', none: 'Dictionary<Int16, Utf8>' })
  expect(read.numRows).toBe(rows)
  const column = (name: string) => Array.from(read.getChild(name) ?? [])
  const all = Array.from({ length: rows }, (_, row) => row)
  expect(column('whole')).toEqual(all.map((row) => (row % 3 === 0 ? null : row)))
  expect(column('real')).toEqual(all.map((row) => (row % 9 === 8 ? null : row / 7)))
  expect(column('text')).toEqual(all.map((row) => (row % 2 ? `row ${row}` : null)))
  expect(column('name')).toEqual(all.map((row) => (row % 5 ? `Größe ${row % 7}` : null)))
  expect(new Set(column('same'))).toEqual(new Set(['same']))
  expect(new Set(column('none'))).toEqual(new Set([null]))
  expect(column('truth')).toEqual(all.map((row) => (row % 4 ? row % 3 === 0 : null)))
  const places = column('place').map((place) => (place === null ? null : [...place]))
  expect(places).toEqual(all.map((row) => (row % 6 ? [row, 0.5, -row] : null)))
})

test('a large answer goes to a file, piece by piece, and leaves none behind that is not whole', async () => {
  const folder = temporaryFolder()
  const chunks = Array.from({ length: 50 }, (_, n) => Buffer.alloc(1000, `${n},`))
  const whole = Buffer.concat(chunks)
  const small = await collectAnswer(chunks, { folder })
  expect([small.file, Buffer.from(small.body).equals(whole), small.etag]).toEqual([undefined, true, etagOf(whole)])
  const large = await collectAnswer(chunks, { folder, spillBytes: 7_000 })
  expect([large.file?.bytes, large.body.byteLength, large.etag]).toEqual([whole.length, 0, etagOf(whole)])
  expect(readFileSync(join(folder, large.file?.name ?? '')).equals(whole)).toBe(true)
  rmSync(join(folder, large.file?.name ?? ''))

  const refused = collectAnswer(chunks, { folder, spillBytes: 7_000, maxFileBytes: 20_000 })
  await expect(refused).rejects.toMatchObject({ code: 'INVALID_PARAMETER' })
  function* failing() {
    yield* chunks
    throw new Error('broken')
  }
  await expect(collectAnswer(failing(), { folder, spillBytes: 7_000 })).rejects.toThrow('broken')
  expect(readdirSync(folder)).toEqual([])
  const nowhere = join(folder, 'a file')
  writeFileSync(nowhere, '')
  const noRoom = collectAnswer(chunks, { folder: nowhere, spillBytes: 7_000 })
  await expect(noRoom).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})
