/** The files of a source, and what each is by its first bytes. */
import { open, readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { badFlag } from '../errors.ts'
import type { VolumeFile } from '../types.ts'
import { sniffVolume, type VolumeFormat } from '../volumes/read-volume.ts'

export type FileKind =
  | VolumeFormat
  | 'cifti'
  | 'annot'
  | 'surface'
  | 'gifti'
  | 'text'
  | 'colours'
  | 'mesh'
  | 'document'
  | 'other'

export interface SourceFile extends VolumeFile {
  /** Relative to the folder of the source, with `/`. */
  file: string
  /** Absolute. */
  path: string
  kind: FileKind
  sizeBytes: number
}

export interface Source {
  /** As it was given. */
  given: string
  folder: string
  files: SourceFile[]
  /** The file that was named, where it was no folder. */
  main?: SourceFile | undefined
}

const MAX_FILES = 20_000
/** Companions of a main file lie beside it, or in folders there (images of FSL's XML, meshes). */
const COMPANION_DEPTH = 3
const HEAD_BYTES = 4096

/** A folder is searched downward; a file is looked at with what lies beside it. */
export async function openSource(given: string): Promise<Source> {
  const stats = await stat(given).catch(() => undefined)
  if (!stats) throw badFlag('<source>', `${given} is not there`)
  const isFolder = stats.isDirectory()
  const folder = resolve(isFolder ? given : dirname(given))
  const paths = await listFiles(folder, isFolder ? Number.POSITIVE_INFINITY : COMPANION_DEPTH)
  if (paths.length === 0) throw badFlag('<source>', `${given} is empty`)
  const files = await Promise.all(paths.map((path) => describe(folder, path)))
  // of a header and voxels in two files, the header is the volume
  const named = resolve(given)
  const header = named.replace(/\.img(?:\.gz)?$/i, '.hdr')
  const main = isFolder
    ? undefined
    : (files.find(({ path, kind }) => path === header && kind === 'nifti') ?? files.find(({ path }) => path === named))
  return { given, folder, files, main }
}

/** A file that was named outside of the source: a table, a template, a hierarchy. */
export async function openFile(path: string, flag: string): Promise<SourceFile> {
  const stats = await stat(path).catch(() => undefined)
  if (!stats?.isFile()) throw badFlag(flag, `${path} is ${stats ? 'no file' : 'not there'}`)
  const absolute = resolve(path)
  return { ...(await describe(dirname(absolute), absolute)), file: path }
}

/** Sorted; hidden files and folders, and the inner parts of Zarr folders, are passed over. */
async function listFiles(folder: string, depth: number): Promise<string[]> {
  const found: string[] = []
  const folders = [folder]
  const depthOf = (path: string) => path.slice(folder.length).split(sep).length
  for (let current = folders.shift(); current && found.length < MAX_FILES; current = folders.shift()) {
    const entries = await readdir(current, { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.') || entry.name === '__MACOSX') continue
      const path = join(current, entry.name)
      if (entry.isDirectory()) {
        if (!/\.(?:zarr|precomputed)$/.test(entry.name) && depthOf(path) <= depth) folders.push(path)
      } else if (entry.isFile()) found.push(path)
    }
  }
  return found
}

async function describe(folder: string, path: string): Promise<SourceFile> {
  const file = relative(folder, path).split(sep).join('/')
  const { head, sizeBytes } = await readHead(path)
  return {
    file,
    path,
    sizeBytes,
    kind: kindOf(basename(path), head, sizeBytes),
    read: () => readFile(path),
    readBeside: async (name) => {
      const beside = await readFile(join(dirname(path), name)).catch(() => undefined)
      return beside
    },
  }
}

async function readHead(path: string): Promise<{ head: Uint8Array; sizeBytes: number }> {
  const handle = await open(path)
  try {
    const { size } = await handle.stat()
    const bytes = new Uint8Array(Math.min(size, 16 * HEAD_BYTES))
    await handle.read(bytes, 0, bytes.length, 0)
    return {
      head: bytes[0] === 0x1f && bytes[1] === 0x8b ? inflateStart(bytes) : bytes.subarray(0, HEAD_BYTES),
      sizeBytes: size,
    }
  } finally {
    await handle.close()
  }
}

/** What the first bytes of a gzip stream inflate to; nothing where they are broken. */
function inflateStart(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { finishFlush: 2, maxOutputLength: 64 * 1024 * 1024 }).subarray(0, HEAD_BYTES)
  } catch {
    return new Uint8Array()
  }
}

function kindOf(name: string, head: Uint8Array, sizeBytes: number): FileKind {
  const volume = sniffVolume(head)
  if (volume === 'nifti') return isCifti(head) ? 'cifti' : 'nifti'
  if (volume && !(volume === 'mgh' && /\.annot$/.test(name))) return volume
  if (/\.annot$/i.test(name)) return 'annot'
  if (head[0] === 0xff && head[1] === 0xff && head[2] === 0xfe && !/\.(?:txt|csv|tsv)$/i.test(name)) return 'surface'
  const start = new TextDecoder('latin1').decode(head.subarray(0, 1024))
  if (/<GIFTI\b/.test(start)) return 'gifti'
  if (sizeBytes === 768 && /\.lut$/i.test(name)) return 'colours'
  if (/\.obj$/i.test(name)) return 'mesh'
  if (
    /^(?:readme|licen[cs]e|copying|changes|changelog|citation|authors|import)\b/i.test(name) ||
    /\.(?:md|rst|pdf|html?|bib|py|m|sh|png|jpe?g|svg)$/i.test(name)
  ) {
    return 'document'
  }
  // damaged volumes are still meant as such: reading them says what is wrong
  if (/\.nii(?:\.gz)?$/i.test(name)) return 'nifti'
  if (/\.nrrd$|\.nhdr$/i.test(name)) return 'nrrd'
  if (/\.mg[hz]$/i.test(name)) return 'mgh'
  if (/\.tiff?$/i.test(name)) return 'tiff'
  const isUtf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)
  return isUtf16 || !head.includes(0) ? 'text' : 'other'
}

/** NIfTI-2 whose intent says that its axes are vertices and labels of surfaces. */
function isCifti(head: Uint8Array): boolean {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  if (head.length < 540) return false
  for (const littleEndian of [true, false]) {
    if (view.getInt32(0, littleEndian) !== 540) continue
    const intent = view.getInt32(504, littleEndian)
    return intent >= 3000 && intent <= 3099
  }
  return false
}

const VOLUME_KINDS: ReadonlySet<FileKind> = new Set<FileKind>(['nifti', 'nrrd', 'mgh', 'tiff'])

export const isVolume = ({ kind }: Pick<SourceFile, 'kind'>): boolean => VOLUME_KINDS.has(kind)

/** The name without the extensions that volumes and tables have: `aal.nii.txt` and `aal.nii.gz` are `aal`. */
export function stemOf(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1)
  return name.replace(/(?:\.(?:nii|gz|hdr|img|nrrd|nhdr|mgh|mgz|tiff?|txt|csv|tsv|lut|label|ctbl|xml|json))+$/i, '')
}
