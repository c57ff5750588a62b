/**
 * FreeSurfer's files of surfaces, all big-endian: annotations (`.annot`,
 * https://surfer.nmr.mgh.harvard.edu/fswiki/LabelsClutsAnnotationFiles) and triangle surfaces (`lh.pial` ...).
 */
import { SiibraError } from '../../errors.ts'
import type { Mesh, SurfaceLabels } from '../image.ts'
import { badData, type DecodeOptions, defaultMaxBytes, gunzipIfNeeded } from '../inflate.ts'
import { readTyped } from '../typed-bytes.ts'
import { toFaces } from './mesh.ts'

export interface AnnotEntry {
  name: string
  /** Red, green, blue, each 0 to 255, and 255 minus alpha. */
  rgbt: [number, number, number, number]
}

export interface Annotation extends SurfaceLabels {
  /** Of each vertex the row of `table` that has its colour, or -1 where it has none: as nibabel's `read_annot`. */
  labels: Int32Array
  /** By row; rows that the file leaves out are undefined. */
  table: (AnnotEntry | undefined)[]
}

/** Decodes an annotation with its colour table, of the old or the new layout. Errors: BAD_DATA. */
export function decodeAnnot(bytes: Uint8Array, options: DecodeOptions = {}): Annotation {
  const reader = createReader(bytes, options)
  const vertexCount = reader.int32('the number of vertices')
  if (vertexCount < 0) throw badData(reader.source, `the number of vertices is ${vertexCount}`)
  const pairs = reader.array('int32', 2 * vertexCount, `${vertexCount} pairs of vertex and colour`) as Int32Array
  if (reader.isAtEnd() || reader.int32('the mark of a colour table') === 0) {
    throw badData(reader.source, 'there is no colour table')
  }
  const table = readColourTable(reader)
  const rowOfColour = new Map<number, number>()
  for (const [row, entry] of table.entries()) {
    const [red, green, blue] = entry?.rgbt ?? [0, 0, 0]
    const colour = red + green * 256 + blue * 65_536
    if (colour !== 0 && !rowOfColour.has(colour)) rowOfColour.set(colour, row)
  }
  const labels = new Int32Array(vertexCount)
  for (let i = 0; i < vertexCount; i++) labels[i] = rowOfColour.get(pairs[2 * i + 1]!) ?? -1
  return { labels, table }
}

function readColourTable(reader: Reader): Annotation['table'] {
  const { source } = reader
  const first = reader.int32('the size of the colour table')
  if (first >= 0) {
    reader.text('the name of the colour table')
    return readEntries(reader, first, (position) => position)
  }
  if (first !== -2) throw badData(source, `colour tables of version ${-first} are unknown`)
  const rowCount = reader.int32('the number of rows of the colour table')
  reader.text('the name of the colour table')
  const entryCount = reader.int32('the number of entries of the colour table')
  return readEntries(reader, entryCount, () => {
    const row = reader.int32('the row of a colour')
    if (row >= 0 && row < rowCount) return row
    throw badData(source, `a colour is for row ${row}, but there are ${rowCount}`)
  })
}

function readEntries(reader: Reader, count: number, rowOf: (position: number) => number): Annotation['table'] {
  // Each entry takes at least its length and four colours.
  reader.require(20 * Math.max(0, count), `${count} colours`)
  const table = new Map<number, AnnotEntry>()
  for (let position = 0; position < count; position++) {
    const row = rowOf(position)
    const name = reader.text('the name of a colour')
    const [red = 0, green = 0, blue = 0, transparency = 0] = reader.array('int32', 4, 'a colour')
    table.set(row, { name, rgbt: [red, green, blue, transparency] })
  }
  let rowCount = 0
  for (const row of table.keys()) rowCount = Math.max(rowCount, row + 1)
  if (rowCount > 1_000_000) throw badData(reader.source, `a colour table of ${rowCount} rows`)
  return Array.from({ length: rowCount }, (_, row) => table.get(row))
}

const triangleMagic = 0xfffffe
const quadMagics = [0xffffff, 0xfffffd]

/** Decodes a binary triangle surface; coordinates are the file's own, in mm. Errors: BAD_DATA, UNSUPPORTED (quadrangles). */
export function decodeFreesurferSurface(bytes: Uint8Array, options: DecodeOptions = {}): Mesh {
  const reader = createReader(bytes, options)
  const magic = reader.uint24('the magic number')
  if (quadMagics.includes(magic)) {
    throw new SiibraError('UNSUPPORTED', `${reader.source}: a surface of quadrangles`, { url: reader.source })
  }
  if (magic !== triangleMagic) throw badData(reader.source, `no surface: its magic number is 0x${magic.toString(16)}`)
  reader.line('the line that says who made it')
  reader.line('the empty line before the sizes')
  const vertexCount = reader.int32('the number of vertices')
  const faceCount = reader.int32('the number of triangles')
  if (vertexCount < 0 || faceCount < 0) throw badData(reader.source, `${vertexCount} vertices, ${faceCount} triangles`)
  const vertices = reader.array('float32', 3 * vertexCount, `${vertexCount} vertices`) as Float32Array
  const indices = reader.array('int32', 3 * faceCount, `${faceCount} triangles`)
  return { vertices, faces: toFaces(indices, vertexCount, reader.source) }
}

type Reader = ReturnType<typeof createReader>

/** Reads big-endian numbers one after the other; what is asked for past the end is BAD_DATA with the arithmetic. */
function createReader(
  bytes: Uint8Array,
  { source = 'the FreeSurfer file', maxBytes = defaultMaxBytes }: DecodeOptions,
) {
  const plain = gunzipIfNeeded(bytes, { source, maxBytes })
  const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength)
  let at = 0
  const require = (count: number, what: string) => {
    if (count >= 0 && at + count <= plain.length) return
    throw badData(source, `${what} would take ${count} bytes from byte ${at}, but there are ${plain.length} in all`)
  }
  const take = (count: number, what: string) => {
    require(count, what)
    at += count
    return at - count
  }
  return {
    source,
    require,
    isAtEnd: () => at === plain.length,
    int32: (what: string) => view.getInt32(take(4, what)),
    uint24: (what: string) => {
      const start = take(3, what)
      return view.getUint16(start) * 256 + view.getUint8(start + 2)
    },
    array: (type: 'int32' | 'float32', count: number, what: string) => {
      const start = take(4 * count, what)
      return readTyped(plain.subarray(start), type, count, { littleEndian: false, source }).data
    },
    /** A length, then so many bytes, of which the last ones may be zero. */
    text: (what: string) => {
      const length = view.getInt32(take(4, what))
      const start = take(length, what)
      return new TextDecoder().decode(plain.subarray(start, start + length)).replace(/\0.*$/s, '')
    },
    line: (what: string) => {
      const end = plain.indexOf(0x0a, at)
      if (end < 0) throw badData(source, `${what} does not end`)
      at = end + 1
    },
  }
}
