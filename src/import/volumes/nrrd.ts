/**
 * NRRD (http://teem.sourceforge.net/nrrd/format.html): attached or detached, raw, gzip or text. What it places in left-posterior-superior
 * is turned to RAS: x and y change their signs.
 */

import type { VoxelArray, VoxelType } from '../../siibra/index.ts'
import { createVoxels, gunzipBounded, itemBytesOf, readTyped, type StoredType } from '../../siibra/index.ts'
import { badSource } from '../errors.ts'
import type { ReadVolume, VolumeFile } from '../types.ts'

const TYPES: Readonly<Record<string, StoredType>> = {
  'signed char': 'int8',
  int8: 'int8',
  int8_t: 'int8',
  uchar: 'uint8',
  'unsigned char': 'uint8',
  uint8: 'uint8',
  uint8_t: 'uint8',
  short: 'int16',
  'short int': 'int16',
  'signed short': 'int16',
  'signed short int': 'int16',
  int16: 'int16',
  int16_t: 'int16',
  ushort: 'uint16',
  'unsigned short': 'uint16',
  'unsigned short int': 'uint16',
  uint16: 'uint16',
  uint16_t: 'uint16',
  int: 'int32',
  'signed int': 'int32',
  int32: 'int32',
  int32_t: 'int32',
  uint: 'uint32',
  'unsigned int': 'uint32',
  uint32: 'uint32',
  uint32_t: 'uint32',
  longlong: 'int64',
  'long long': 'int64',
  'long long int': 'int64',
  'signed long long': 'int64',
  int64: 'int64',
  int64_t: 'int64',
  ulonglong: 'uint64',
  'unsigned long long': 'uint64',
  'unsigned long long int': 'uint64',
  uint64: 'uint64',
  uint64_t: 'uint64',
  float: 'float32',
  double: 'float64',
}

/** The directions of the first three axes of a space, as signs to RAS. */
const SPACES: Readonly<Record<string, readonly [number, number, number]>> = {
  'right-anterior-superior': [1, 1, 1],
  ras: [1, 1, 1],
  'left-anterior-superior': [-1, 1, 1],
  las: [-1, 1, 1],
  'left-posterior-superior': [-1, -1, 1],
  lps: [-1, -1, 1],
}

const UNITS_TO_MM: Readonly<Record<string, number>> = {
  mm: 1,
  millimeter: 1,
  millimeters: 1,
  um: 1e-3,
  µm: 1e-3,
  microns: 1e-3,
  micron: 1e-3,
  micrometer: 1e-3,
  cm: 10,
  m: 1000,
}

export async function readNrrd(bytes: Uint8Array, source: VolumeFile): Promise<ReadVolume> {
  const { file } = source
  const { fields, endByte } = parseHeader(bytes, file)
  const field = (name: string) => fields.get(name)?.trim()
  const need = (name: string) => field(name) ?? fail(file, `the header has no '${name}'`)
  const notes: string[] = []

  const storedType =
    TYPES[need('type').toLowerCase()] ?? fail(file, `voxels of the type '${field('type')}' are not read`)
  const sizes = need('sizes').split(/\s+/).map(Number)
  const dimension = Number(need('dimension'))
  if (!sizes.every((size) => Number.isInteger(size) && size > 0) || sizes.length !== dimension) {
    fail(file, `sizes '${field('sizes')}' do not fit dimension ${dimension}`)
  }
  const vectors = parseVectors('space directions', field('space directions'), file)
  const spatial = vectors
    ? vectors.flatMap((vector, axis) => (vector ? [axis] : []))
    : [0, 1, 2].map((axis) => axis + (dimension > 3 ? dimension - 3 : 0))
  if (dimension < 3 || dimension > 4)
    fail(file, `it has ${dimension} axes; 3 (or 4, of which one is a list) can be imported`)
  if (spatial.length !== 3)
    fail(file, `space directions '${field('space directions')}' give ${spatial.length} axes of space, not 3`)

  const count = sizes.reduce((product, size) => product * size, 1)
  const body = await findBody({ bytes, endByte, field, source })
  const isText = /^(?:ascii|text|txt)$/i.test(need('encoding'))
  const lines = skipLines(body, Number(field('line skip') ?? field('lineskip') ?? 0))
  const skipped = Number(field('byte skip') ?? field('byteskip') ?? 0)
  const stored = isText
    ? parseText(lines, count, file)
    : readBinary(
        skipBytes(await inflate(lines, need('encoding'), file), skipped, count * itemBytesOf(storedType)),
        storedType,
        count,
        field('endian'),
        file,
      )
  const order = dimension === 4 ? [...spatial, [0, 1, 2, 3].find((axis) => !spatial.includes(axis))!] : spatial
  const { data, shape } = reorder(stored.data, sizes, order)

  const space = field('space')?.toLowerCase()
  const signs = space === undefined ? undefined : SPACES[space.replace(/-time$/, '')]
  if (space !== undefined && !signs)
    fail(
      file,
      `it lies in the space '${space}', which is not known`,
      'left-posterior-superior, right-anterior-superior and left-anterior-superior are.',
    )
  const units = (field('space units') ?? '').match(/"[^"]*"/g)?.map((unit) => unit.slice(1, -1)) ?? []
  const scale = UNITS_TO_MM[units[0]?.toLowerCase() ?? 'mm'] ?? fail(file, `space units '${units[0]}' are not known`)
  const origin = parseVectors('space origin', field('space origin'), file)?.[0] ?? [0, 0, 0]
  const directions = vectors?.filter((vector) => vector !== undefined) as number[][] | undefined
  const hasPlace = signs !== undefined && directions !== undefined
  if (hasPlace && field('space origin') === undefined) notes.push('the header has no space origin: taken as 0')
  const [sx, sy, sz] = signs ?? [1, 1, 1]
  const row = (axis: 0 | 1 | 2, sign: number) => [
    ...(
      directions ?? [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ]
    ).map((vector) => sign * scale * vector[axis]!),
    sign * scale * origin[axis]!,
  ]
  const voxelToWorldMm = Float64Array.from(
    [...row(0, sx), ...row(1, sy), ...row(2, sz), 0, 0, 0, 1],
    (value) => value + 0,
  )
  return { file, format: 'nrrd', image: { data, dtype: stored.dtype, shape, voxelToWorldMm }, hasPlace, notes }
}

function parseHeader(bytes: Uint8Array, file: string): { fields: Map<string, string>; endByte: number } {
  const fields = new Map<string, string>()
  let at = 0
  for (let number = 1; ; number++) {
    let end = bytes.indexOf(10, at)
    if (end < 0) end = bytes.length
    const line = new TextDecoder('latin1').decode(bytes.subarray(at, end)).replace(/\r$/, '')
    at = end + 1
    if (number === 1) continue
    // a detached header may end with its last line
    if (line === '' || end === bytes.length) {
      if (line !== '') addField(line, number)
      return { fields, endByte: Math.min(at, bytes.length) }
    }
    addField(line, number)
  }

  function addField(line: string, number: number): void {
    if (line.startsWith('#') || line.includes(':=')) return
    const colon = line.indexOf(':')
    if (colon < 0)
      throw badSource(file, `'${line.slice(0, 60)}' is no line of a NRRD header`, 'Is the file complete?', number)
    fields.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1))
  }
}

/** `(1,0,0) none (0,1,0)`; undefined for axes that are none of space. What is written otherwise would place voxels wrongly: it is refused. */
function parseVectors(name: string, text: string | undefined, file: string): (number[] | undefined)[] | undefined {
  if (text === undefined) return undefined
  const parts = text.match(/none|\([^()]*\)/gi) ?? []
  const rest = text.replace(/none|\([^()]*\)/gi, '').trim()
  const vectors = parts.map((part) =>
    /^none$/i.test(part) ? undefined : part.slice(1, -1).split(',').map(parseNumber),
  )
  const isRight = vectors.every((vector) => !vector || (vector.length === 3 && vector.every(Number.isFinite)))
  if (rest !== '' || parts.length === 0 || !isRight) {
    fail(file, `'${name}: ${text}' is not of the form (x,y,z)`, 'Correct the header.')
  }
  return vectors
}

const parseNumber = (text: string) => (text.trim() === '' ? Number.NaN : Number(text))

interface BodyOptions {
  bytes: Uint8Array
  endByte: number
  field: (name: string) => string | undefined
  source: VolumeFile
}

/** What follows the header, or the file that it names. */
async function findBody({ bytes, endByte, field, source }: BodyOptions): Promise<Uint8Array> {
  const name = field('data file') ?? field('datafile')
  if (name === undefined) return bytes.subarray(endByte)
  if (/^LIST|%/.test(name)) fail(source.file, 'its voxels lie in a list of files', 'Save it as one file.')
  const beside = await source.readBeside(name)
  return beside ?? fail(source.file, `its voxels lie in ${name}, which is not beside it`, 'Put the file there.')
}

/** Lines of another header, before the voxels of a detached file. */
function skipLines(bytes: Uint8Array, count: number): Uint8Array {
  let at = 0
  for (let line = 0; line < count; line++) at = bytes.indexOf(10, at) + 1 || bytes.length
  return bytes.subarray(at)
}

/** Bytes of another header; -1: the voxels are the end of the file. */
const skipBytes = (bytes: Uint8Array, count: number, needed: number) =>
  bytes.subarray(count < 0 ? Math.max(0, bytes.length - needed) : count)

async function inflate(body: Uint8Array, encoding: string, file: string): Promise<Uint8Array> {
  if (/^raw$/i.test(encoding)) return body
  if (/^(?:gzip|gz)$/i.test(encoding)) return gunzipBounded(body, { source: file, maxBytes: 4 * 1024 ** 3 })
  return fail(file, `the encoding '${encoding}' is not read`, 'Save it as raw or gzip.')
}

function readBinary(body: Uint8Array, type: StoredType, count: number, endian: string | undefined, file: string) {
  const needed = count * itemBytesOf(type)
  if (body.length < needed)
    fail(file, `${count} voxels of ${type} take ${needed} bytes, but there are ${body.length}`, 'Is the file complete?')
  return readTyped(body, type, count, { littleEndian: endian?.toLowerCase() !== 'big', source: file })
}

function parseText(body: Uint8Array, count: number, file: string): { data: VoxelArray; dtype: VoxelType } {
  const data = Float64Array.from(
    new TextDecoder()
      .decode(body)
      .split(/[\s,]+/)
      .filter((one) => one !== ''),
    Number,
  )
  if (data.length < count) fail(file, `there are ${data.length} voxels, ${count} are promised`)
  return { data: data.subarray(0, count), dtype: 'float64' }
}

/** Brings axes into another order; what is in order already stays where it is. */
function reorder(
  data: VoxelArray,
  sizes: readonly number[],
  order: readonly number[],
): { data: VoxelArray; shape: number[] } {
  const shape = order.map((axis) => sizes[axis]!)
  if (order.every((axis, i) => axis === i)) return { data, shape }
  const strides = sizes.map((_, axis) => sizes.slice(0, axis).reduce((product, size) => product * size, 1))
  const [a, b, c, d] = order.map((axis) => strides[axis]!) as [number, number, number, number?]
  const type = data.constructor.name.replace(/Array$/, '').toLowerCase() as VoxelType
  const moved = createVoxels(type, data.length)
  let to = 0
  const [n0, n1, n2, n3 = 1] = shape as [number, number, number, number?]
  for (let t = 0; t < n3; t++)
    for (let k = 0; k < n2; k++)
      for (let j = 0; j < n1; j++)
        for (let i = 0; i < n0; i++) moved[to++] = data[i * a + j * b + k * c + t * (d ?? 0)]!
  return { data: moved, shape }
}

function fail(file: string, what: string, advice?: string): never {
  throw badSource(file, what, advice)
}
