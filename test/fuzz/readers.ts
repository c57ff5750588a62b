/** Every reader of bytes that come from elsewhere, with whole files to begin with. */

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readCsv } from '../../src/data-handlers/bodies/csv-body.ts'
import { readImageBody } from '../../src/data-handlers/bodies/image-body.ts'
import { parsePoints, parseTransform } from '../../src/data-handlers/bodies/points-body.ts'
import { importAtlas } from '../../src/import/import-atlas.ts'
import { parseTable } from '../../src/import/tables/parse-table.ts'
import { readVolume } from '../../src/import/volumes/read-volume.ts'
import { BLANK_SEPARATED, parseCsvFrame, parseCsvMatrix, TSV } from '../../src/siibra/features/data/csv.ts'
import { readHdf5 } from '../../src/siibra/features/data/hdf5.ts'
import { parseNpy } from '../../src/siibra/features/data/npy.ts'
import { readSqliteTable } from '../../src/siibra/features/data/sqlite.ts'
import { createMemoryStore } from '../../src/siibra/retrieval/stores/memory-store.ts'
import { openZipArchive } from '../../src/siibra/retrieval/zip/zip-archive.ts'
import { createSlices } from '../../src/siibra/slices.ts'
import { gunzipBounded } from '../../src/siibra/volumes/inflate.ts'
import { decodeMgh } from '../../src/siibra/volumes/mgh/decode.ts'
import { decodeNifti } from '../../src/siibra/volumes/nifti/decode.ts'
import { openOmeZarr } from '../../src/siibra/volumes/ome-zarr/volume.ts'
import { decodePrecomputedMesh } from '../../src/siibra/volumes/precomputed/mesh.ts'
import { openPrecomputed, readBox } from '../../src/siibra/volumes/precomputed/volume.ts'
import { wholeBoxOf } from '../../src/siibra/volumes/pyramids/pyramid.ts'
import { decodeAnnot, decodeFreesurferSurface } from '../../src/siibra/volumes/surfaces/freesurfer.ts'
import { decodeGiftiLabels, decodeGiftiMesh } from '../../src/siibra/volumes/surfaces/gifti.ts'
import { mutate, mutateDocument } from './mutations.ts'
import {
  arraysOf,
  BOUNDARY,
  databases,
  type Folder,
  filesOf,
  fixtureFiles,
  foldersOf,
  hdf5Files,
  importedFiles,
  importedFolders,
  multipartBodies,
  sentTexts,
} from './seeds.ts'

export interface Reader {
  name: string
  /** How many whole files there are to begin with. */
  load(): Promise<number>
  /** Reads a file with something wrong. A tagged error is as good as an answer. */
  read(file: number, seed: number): Promise<unknown>
}

/** A small bound, so that what says of itself that it is huge is seen to be refused, not held. */
const BOUND = { maxBytes: 64 * 1024 ** 2, source: 'fuzz' }

function ofFiles(
  name: string,
  seeds: () => Buffer[] | Promise<Buffer[]>,
  read: (bytes: Uint8Array) => unknown,
): Reader {
  let files: Buffer[] = []
  return {
    name,
    async load() {
      files = (await seeds()).filter(({ length }) => length < 300_000)
      return files.length
    },
    read: async (file, seed) => read(mutate(files[file] as Buffer, seed)),
  }
}

/** One of the files of a folder is changed. */
function ofFolders(name: string, seeds: () => Folder[], read: (folder: Folder) => unknown): Reader {
  let folders: Folder[] = []
  return {
    name,
    async load() {
      folders = seeds()
      return folders.length
    },
    async read(at, seed) {
      const { address, files } = folders[at] as Folder
      const names = [...files.keys()].sort()
      // the documents that describe the others every other time
      const documents = names.filter((path) => /(info|\.zattrs|\.zarray|\.json|\.csv)$/.test(path))
      const among = seed % 2 === 0 && documents.length > 0 ? documents : names
      const changed = among[(seed >> 1) % among.length] as string
      // half of the documents keep their form
      const change = seed % 4 < 2 ? mutateDocument : mutate
      return read({
        address,
        files: new Map(files).set(changed, Buffer.from(change(files.get(changed) as Buffer, seed))),
      })
    },
  }
}

const BASE = 'https://fuzz.example/volume'
const storeOf = ({ files }: Folder) =>
  createMemoryStore(new Map([...files].map(([path, bytes]) => [`${BASE}/${path}`, new Uint8Array(bytes)])))

/** Dozens of small files a case: on a disk that others use, a case waits for a second. */
const IN_MEMORY = '/dev/shm'

/** The whole import, from a folder into another; what is guessed is taken. */
async function importFolder({ files }: Folder): Promise<void> {
  const work = mkdtempSync(join(existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir(), 'siibra-api-fuzz-'))
  try {
    for (const [path, bytes] of files) {
      const file = join(work, 'source', path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, bytes)
    }
    await importAtlas({ source: join(work, 'source'), out: join(work, 'out'), name: 'Fuzz', yes: true })
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** An image as a client sends it, in pieces of some size. */
function imageOf(bytes: Uint8Array, mediaType: string): Promise<unknown> {
  const piece = 1 + (bytes.length % 5000)
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece)
  }
  const body = { mediaType, boundary: BOUNDARY, bytes: bytes.length, chunks }
  return readImageBody({
    bodyStream: () => body,
    signal: new AbortController().signal,
    core: () => Promise.reject(new Error('no core here')),
    sharedDir: '/nonexistent',
    progress: () => {},
  })
}

const importOf = (bytes: Uint8Array, file: string) =>
  readVolume({ file, read: async () => bytes, readBeside: async () => undefined } as Parameters<typeof readVolume>[0])
const bodyOf = (bytes: Uint8Array, mediaType: string) => ({ bytes, mediaType }) as Parameters<typeof parsePoints>[0]

export const READERS: readonly Reader[] = [
  ofFiles(
    'NIfTI',
    () => filesOf('volumes/nifti.json'),
    (bytes) => decodeNifti(bytes, BOUND),
  ),
  ofFiles(
    'gzip',
    () => importedFiles(/\.nii\.gz$/),
    (bytes) => gunzipBounded(bytes, BOUND),
  ),
  ofFiles(
    'MGH',
    () => filesOf('volumes/mgh.json'),
    (bytes) => decodeMgh(bytes, BOUND),
  ),
  ofFiles(
    'GIFTI mesh',
    () => filesOf('volumes/gifti.json'),
    (bytes) => decodeGiftiMesh(bytes, BOUND),
  ),
  ofFiles(
    'GIFTI labels',
    () => filesOf('volumes/gifti.json'),
    (bytes) => decodeGiftiLabels(bytes, BOUND),
  ),
  ofFiles(
    'FreeSurfer annot',
    () => filesOf('volumes/freesurfer.json', ({ annots }: { annots: { file: string }[] }) => annots),
    (bytes) => decodeAnnot(bytes, BOUND),
  ),
  ofFiles(
    'FreeSurfer surface',
    () => filesOf('volumes/freesurfer.json', ({ surfaces }: { surfaces: { file: string }[] }) => surfaces),
    (bytes) => decodeFreesurferSurface(bytes, BOUND),
  ),
  ofFiles(
    'precomputed mesh',
    () => filesOf('volumes/precomputed-mesh.json'),
    (bytes) => decodePrecomputedMesh(bytes, BOUND),
  ),
  ofFolders(
    'precomputed volume',
    () => foldersOf('volumes/precomputed.json'),
    async (folder) => {
      const volume = await openPrecomputed(storeOf(folder), BASE)
      const [scale] = volume.info.scales
      return scale && readBox(volume, scale, undefined, { maxBytes: BOUND.maxBytes })
    },
  ),
  ofFolders(
    'OME-Zarr',
    () => foldersOf('volumes/ome-zarr.json'),
    async (folder) => {
      const pyramid = await openOmeZarr(storeOf(folder), BASE + folder.address)
      const [level] = pyramid.levels
      return level && pyramid.read(level, wholeBoxOf(level), { maxBytes: BOUND.maxBytes })
    },
  ),
  ofFiles(
    'ZIP',
    () => fixtureFiles('retrieval', /\.zip$/),
    async (bytes) => {
      const archive = await openZipArchive(createMemoryStore(new Map([['a.zip', bytes]])), 'a.zip')
      for (const name of [...(archive?.entries.keys() ?? [])].slice(0, 5)) await archive?.read(name)
    },
  ),
  ofFiles('npy', arraysOf, parseNpy),
  ofFiles('HDF5', hdf5Files, (bytes) => readHdf5(bytes, ['plain', 'squeezed'], 'fuzz')),
  ofFiles('SQLite', databases, (bytes) => readSqliteTable(bytes, 'cells', 'fuzz')),
  ofFiles('CSV matrix', sentTexts, (bytes) => parseCsvMatrix(bytes, { ...TSV, delimiter: ',', header: null })),
  ofFiles('CSV table', sentTexts, (bytes) => [parseCsvFrame(bytes, TSV), parseCsvFrame(bytes, BLANK_SEPARATED)]),
  ofFiles(
    'import: NIfTI',
    () => importedFiles(/\.nii(\.gz)?$/),
    (bytes) => importOf(bytes, 'fuzz.nii.gz'),
  ),
  ofFiles(
    'import: NRRD',
    () => importedFiles(/\.nrrd$/),
    (bytes) => importOf(bytes, 'fuzz.nrrd'),
  ),
  ofFiles(
    'import: TIFF',
    () => importedFiles(/\.tiff?$/),
    (bytes) => importOf(bytes, 'fuzz.tiff'),
  ),
  ofFiles(
    'import: MGH',
    () => importedFiles(/\.mgz$/),
    (bytes) => importOf(bytes, 'fuzz.mgz'),
  ),
  ofFiles(
    'import: tables',
    () => importedFiles(/\.(txt|csv|tsv|json|xml|lut|label)$/),
    (bytes) => parseTable(bytes, 'fuzz'),
  ),
  ofFolders('import: surfaces', () => importedFolders(['gifti', 'annot']), importFolder),
  ofFolders(
    'import: BrainGlobe',
    () => importedFolders(['brainglobe-symmetric', 'brainglobe-asymmetric']),
    importFolder,
  ),
  ofFolders('import: OME-Zarr', () => importedFolders(['brainglobe-v3', 'brainglobe-v3-lazy']), importFolder),
  ofFolders(
    'import: volume and table',
    () => importedFolders(['bids', 'spm-xml', 'fsl-label', 'slicer-nrrd', 'freesurfer-lut', 'allen']),
    importFolder,
  ),
  ofFiles(
    'upload: image',
    () => importedFiles(/\.nii(\.gz)?$/),
    (bytes) => imageOf(bytes, 'application/octet-stream'),
  ),
  ofFiles('upload: form', multipartBodies, (bytes) => imageOf(bytes, 'multipart/form-data')),
  ofFiles('upload: points', sentTexts, (bytes) =>
    parsePoints(bodyOf(bytes, bytes[0] === 0x7b ? 'application/json' : 'text/csv'), createSlices()),
  ),
  ofFiles('upload: transform', sentTexts, (bytes) => parseTransform(bodyOf(bytes, 'application/json'), createSlices())),
  ofFiles('upload: CSV', sentTexts, (bytes) => [...readCsv(new TextDecoder().decode(bytes))]),
]
