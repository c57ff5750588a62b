/** Whole files of every kind, as the reference implementations made them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import initSql from 'sql.js'

const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url))

const parsed = (name: string) => JSON.parse(readFileSync(join(FIXTURES, name), 'utf8'))
const fromBase64 = (text: string) => Buffer.from(text, 'base64')

/** The files in base64 of a list of cases. */
export const filesOf = (name: string, pick: (found: never) => { file: string }[] = (found) => found): Buffer[] =>
  pick(parsed(name) as never).map(({ file }) => fromBase64(file))

export interface Folder {
  address: string
  files: Map<string, Buffer>
}

/** Cases that are several files each. */
export const foldersOf = (name: string): Folder[] =>
  (parsed(name) as { address?: string; files: Record<string, string> }[]).map(({ address = '', files }) => ({
    address,
    files: new Map(Object.entries(files).map(([path, text]) => [path, fromBase64(text)])),
  }))

/** Files of sources of the import whose names end so. */
export function importedFiles(pattern: RegExp): Buffer[] {
  return readdirSync(join(FIXTURES, 'import'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name) && entry.parentPath.includes('source'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => readFileSync(path))
}

/** Whole sources of the import, each with the names of its files. */
export const importedFolders = (names: readonly string[]): Folder[] =>
  names.map((name) => {
    const source = join(FIXTURES, 'import', name, 'source')
    const files = readdirSync(source, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort()
    return { address: name, files: new Map(paths.map((path) => [relative(source, path), readFileSync(path)])) }
  })

/** What stands between the parts of {@link multipartBodies}. */
export const BOUNDARY = '----fuzz1234'

/** Forms as browsers send them: an image, with a field before or behind it. */
export function multipartBodies(): Buffer[] {
  const [image] = importedFiles(/\.nii\.gz$/)
  const part = (head: string, content: Buffer) =>
    Buffer.concat([
      Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`),
      content,
      Buffer.from('\r\n'),
    ])
  const file = part('name="file"; filename="a.nii.gz"\r\nContent-Type: application/gzip', image as Buffer)
  const field = part('name="note"', Buffer.from('a note'))
  const end = Buffer.from(`--${BOUNDARY}--\r\n`)
  return [[file], [field, file], [file, field], [field]].map((parts) => Buffer.concat([...parts, end]))
}

export const fixtureFiles = (folder: string, pattern: RegExp): Buffer[] =>
  readdirSync(join(FIXTURES, folder))
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => readFileSync(join(FIXTURES, folder, name)))

export const arraysOf = (): Buffer[] =>
  (parsed('features/features.json') as { arrays: { bytes: string }[] }).arrays.map(({ bytes }) => fromBase64(bytes))

export async function databases(): Promise<Buffer[]> {
  const { Database } = await initSql()
  const database = new Database()
  database.run('CREATE TABLE cells (id INTEGER PRIMARY KEY, name TEXT, size REAL)')
  for (let i = 0; i < 60; i++) database.run('INSERT INTO cells VALUES (?, ?, ?)', [i, `cell ${i}`, i / 7])
  return [Buffer.from(database.export())]
}

export async function hdf5Files(): Promise<Buffer[]> {
  const h5wasm = await import('h5wasm/node')
  const { FS } = await h5wasm.ready
  const file = new h5wasm.File('/fuzz.h5', 'w')
  file.create_dataset({ name: 'plain', data: Float32Array.from({ length: 40 }, (_, i) => i / 3), shape: [4, 10] })
  const squeezed = { name: 'squeezed', data: Int16Array.from({ length: 600 }, (_, i) => i % 9), shape: [60, 10] }
  file.create_dataset({ ...squeezed, chunks: [20, 5], compression: 4 })
  file.close()
  return [Buffer.from(FS.readFile('/fuzz.h5'))]
}

const TABLES = [
  'x,y,z,label\n1,2,3,a\n-4.5,"6",7e1,"b, ""c"""\n',
  'region;value\n"Area 1";2\nArea 2;3.5\n',
  '{"points": [[1, 2, 3], [4, 5, 6]], "sigma_mm": [1, 2]}',
  '{"values": {"Area 1": 1.5, "Area 2": -2}}',
  '{"source_space": "a", "target_space": "b", "source_points": [[1, 2, 3]]}',
]
export const sentTexts = (): Buffer[] => TABLES.map((text) => Buffer.from(text))
