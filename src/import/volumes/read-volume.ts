/** Any volume, told apart by its first bytes. */
import {
  affineFromRows,
  decodeNifti,
  gunzipIfNeeded,
  isGzip,
  parseNiftiHeader,
  SiibraError,
} from '../../siibra/index.ts'
import { badSource } from '../errors.ts'
import { parseEmbeddedTable } from '../tables/mricrogl.ts'
import type { ReadVolume, VolumeFile } from '../types.ts'
import { readMgh } from './mgh.ts'
import { readNrrd } from './nrrd.ts'
import { readTiff } from './tiff.ts'

/** A volume may inflate to this; what is larger cannot be imported in the memory that is promised. */
const MAX_BYTES = 4 * 1024 ** 3

export type VolumeFormat = ReadVolume['format']

/** What a file is, by its first bytes (inflated ones, where it is gzipped); undefined where it is no volume. */
export function sniffVolume(head: Uint8Array): VolumeFormat | undefined {
  const ascii = (from: number, to: number) => String.fromCharCode(...head.subarray(from, to))
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  if (ascii(0, 4) === 'NRRD') return 'nrrd'
  if (head.length >= 348 && ['n+1', 'ni1'].includes(ascii(344, 347))) return 'nifti'
  if (head.length >= 8 && ['n+2', 'ni2'].includes(ascii(4, 7))) return 'nifti'
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(ascii(0, 4))) return 'tiff'
  if (head.length >= 28 && view.getInt32(0) === 1) {
    const sizes = [4, 8, 12, 16].map((at) => view.getInt32(at))
    if (sizes.every((size) => size > 0 && size < 32_768) && [0, 1, 3, 4, 10].includes(view.getInt32(20))) return 'mgh'
  }
  return undefined
}

/** Reads a volume whole. Errors name the file. */
export async function readVolume(source: VolumeFile): Promise<ReadVolume> {
  const { file } = source
  const bytes = await source.read()
  if (bytes.length === 0) throw badSource(file, 'it is empty', 'Copy it again.')
  try {
    const plain = gunzipIfNeeded(bytes, { source: file, maxBytes: MAX_BYTES })
    switch (sniffVolume(plain.subarray(0, 1024))) {
      case 'nifti':
        return isPair(plain) ? await readPair(plain, source) : readNifti(plain, bytes, file)
      case 'nrrd':
        return await readNrrd(plain, source)
      case 'tiff':
        return readTiff(plain, file)
      case 'mgh':
        return readMgh(plain, file)
      default:
        throw badSource(file, 'it is no volume of a known format', 'NIfTI, NRRD, MGH/MGZ and TIFF are read.')
    }
  } catch (thrown) {
    if (thrown instanceof SiibraError && thrown.message.startsWith(file)) throw thrown
    throw badSource(file, `it cannot be read: ${(thrown as Error).message}`, 'Is the file complete?')
  }
}

/** The magic word of a header whose voxels are in another file. */
function isPair(head: Uint8Array): boolean {
  const ascii = (from: number, to: number) => String.fromCharCode(...head.subarray(from, to))
  return ascii(344, 347) === 'ni1' || ascii(4, 7) === 'ni2'
}

/** Header (`.hdr`) and voxels (`.img`, gzipped or not, beside it) as one file. */
async function readPair(header: Uint8Array, { file, readBeside }: VolumeFile): Promise<ReadVolume> {
  const stem = file.slice(file.lastIndexOf('/') + 1).replace(/\.hdr(?:\.gz)?$/i, '')
  const names = ['.img', '.img.gz', '.IMG'].map((extension) => stem + extension)
  let found: { name: string; bytes: Uint8Array } | undefined
  for (const name of names) {
    const bytes = found ? undefined : await readBeside(name)
    if (bytes) found = { name, bytes }
  }
  if (!found) throw badSource(file, `its voxels are in another file, and ${names[0]} is not beside it`, 'Put it there.')
  const voxels = gunzipIfNeeded(found.bytes, { source: found.name, maxBytes: MAX_BYTES })
  const isFirst = header[344] === 0x6e
  const [headerBytes, magicAt, offsetAt] = isFirst ? [348, 344, 108] : [540, 4, 168]
  const dataAt = headerBytes + 4
  const bytes = new Uint8Array(dataAt + voxels.length)
  bytes.set(header.subarray(0, headerBytes))
  const view = new DataView(bytes.buffer)
  const littleEndian = view.getInt32(0, true) === headerBytes
  // what its voxels are preceded by in their own file
  const skipped = isFirst ? view.getFloat32(offsetAt, littleEndian) : Number(view.getBigInt64(offsetAt, littleEndian))
  bytes.set(voxels.subarray(skipped), dataAt)
  bytes[magicAt + 1] = 0x2b
  if (isFirst) view.setFloat32(offsetAt, dataAt, littleEndian)
  else view.setBigInt64(offsetAt, BigInt(dataAt), littleEndian)
  const volume = readNifti(bytes.subarray(0, bytes.length - skipped), bytes, file)
  return { ...volume, notes: [...volume.notes, `${file}: its voxels are those of ${found.name}`] }
}

function readNifti(plain: Uint8Array, bytes: Uint8Array, file: string): ReadVolume {
  const header = parseNiftiHeader(plain, file)
  const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength)
  const codesAt = header.version === 1 ? [252, 254] : [344, 348]
  const codes = codesAt.map((at) =>
    header.version === 1 ? view.getInt16(at, header.littleEndian) : view.getInt32(at, header.littleEndian),
  )
  const image = withoutSingleVolume(decodeNifti(plain, { source: file, maxBytes: MAX_BYTES }))
  return {
    file,
    format: 'nifti',
    image,
    hasPlace: codes.some((code) => code > 0),
    notes: [],
    table: parseEmbeddedTable(plain, header.dataOffsetBytes, file),
    original: { bytes, isGzip: isGzip(bytes) },
  }
}

const withoutSingleVolume = <T extends { shape: number[] }>(image: T): T =>
  image.shape.slice(3).every((size) => size === 1) ? { ...image, shape: image.shape.slice(0, 3) } : image

/** The affine that a flag gives: 12 or 16 numbers, row by row, with commas or blanks between them. */
export function parseAffine(text: string) {
  const numbers = text
    .replace(/[[\]]/g, ' ')
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map(Number)
  if (![12, 16].includes(numbers.length) || !numbers.every(Number.isFinite)) return undefined
  const rows = [0, 4, 8].map((start) => numbers.slice(start, start + 4))
  return affineFromRows([...rows, [0, 0, 0, 1]])
}
