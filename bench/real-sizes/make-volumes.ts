/**
 * Volumes of the sizes that users have, and a configuration for them. What is drawn is a formula, so that the value at any point is known
 * without reading a file: cells of a warped grid within an ellipsoid (labels), and balls (probabilities).
 */
import { createWriteStream, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { encodeNiftiHeader } from '../../src/siibra/volumes/nifti/encode.ts'

export type Triple = [number, number, number]

const HOST = 'volumes.bench'
const affineOf = (mm: number, [x, y, z]: Triple) => Float64Array.of(mm, 0, 0, x, 0, mm, 0, y, 0, 0, mm, z, 0, 0, 0, 1)

interface Form {
  shape: Triple
  mm: number
  originMm: Triple
}

/** MNI 1 and 0.5 mm, mouse 25 um, DiFuMo's 2 mm. */
export const FORMS = {
  mni1: { shape: [193, 229, 193], mm: 1, originMm: [-96, -132, -78] },
  mni05: { shape: [386, 458, 386], mm: 0.5, originMm: [-96, -132, -78] },
  ccf25: { shape: [528, 320, 456], mm: 0.025, originMm: [0, 0, 0] },
  mni2: { shape: [104, 123, 104], mm: 2, originMm: [-104, -140, -76] },
} as const satisfies Record<string, Form>
export type FormName = keyof typeof FORMS

/** The label at a position, as a part of the extent of the volume from its centre; 0 outside of the ellipsoid. */
function cellAt(u: number, v: number, w: number, cells: number): number {
  if (u * u + v * v + w * w > 0.8) return 0
  const warp = 0.06 * Math.sin(7 * v) + 0.05 * Math.sin(9 * w)
  const i = Math.floor(((u + warp + 1.2) / 2.4) * cells)
  const j = Math.floor(((v + 0.06 * Math.sin(8 * u) + 1.2) / 2.4) * cells)
  const k = Math.floor(((w + 0.05 * Math.sin(6 * v) + 1.2) / 2.4) * cells)
  return 1 + i + cells * (j + cells * k)
}

/** Cells along an axis: 512 labels, as parcellations have some hundreds. */
export const CELLS = 8
export const LABELS = CELLS ** 3

export function labelAt({ shape }: Form, [i, j, k]: Triple): number {
  const part = (at: number, axis: 0 | 1 | 2) => (2 * at) / (shape[axis] - 1) - 1
  return cellAt(part(i, 0), part(j, 1), part(k, 2), CELLS)
}

/** A ball of falling values for each component: its centre, voxels of radius, and the value of its centre. */
export function ballOf({ shape }: Form, number: number): { centre: Triple; radius: number; peak: number } {
  const turn = number * 2.399963
  const height = ((number * 0.618034) % 1) * 1.2 - 0.6
  const reach = Math.sqrt(1 - height * height) * 0.55
  const centre = [Math.cos(turn) * reach, Math.sin(turn) * reach, height].map((part, axis) =>
    Math.round(((part + 1) / 2) * (shape[axis]! - 1)),
  ) as Triple
  return { centre, radius: Math.round(shape[0]! / 14) + (number % 3), peak: 0.5 + (number % 50) / 100 }
}

export function valueAt(form: Form, number: number, [i, j, k]: Triple): number {
  const { centre, radius, peak } = ballOf(form, number)
  const square = (i - centre[0]) ** 2 + (j - centre[1]) ** 2 + (k - centre[2]) ** 2
  return square < radius * radius ? Math.fround(peak * (1 - square / (radius * radius))) : 0
}

function* labelPlanes(form: Form, create: (length: number) => Uint16Array | Uint32Array): Generator<Uint8Array> {
  const [nx, ny, nz] = form.shape
  for (let k = 0; k < nz; k++) {
    const plane = create(nx * ny)
    for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++) plane[j * nx + i] = labelAt(form, [i, j, k])
    yield new Uint8Array(plane.buffer)
  }
}

function* ball(form: Form, number: number): Generator<Uint8Array> {
  const [nx, ny, nz] = form.shape
  const { centre, radius } = ballOf(form, number)
  const volume = new Float32Array(nx * ny * nz)
  const range = (axis: 0 | 1 | 2) =>
    [Math.max(0, centre[axis] - radius), Math.min(form.shape[axis] - 1, centre[axis] + radius)] as const
  const [[i0, i1], [j0, j1], [k0, k1]] = [range(0), range(1), range(2)]
  for (let k = k0; k <= k1; k++)
    for (let j = j0; j <= j1; j++)
      for (let i = i0; i <= i1; i++) volume[(k * ny + j) * nx + i] = valueAt(form, number, [i, j, k])
  yield new Uint8Array(volume.buffer)
}

function* templatePlanes(form: Form): Generator<Uint8Array> {
  const [nx, ny, nz] = form.shape
  for (let k = 0; k < nz; k++) {
    const plane = new Uint8Array(nx * ny)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        const label = labelAt(form, [i, j, k])
        if (label > 0) plane[j * nx + i] = 90 + (label % 5) * 25 + ((i * 31 + j * 17 + k * 7) % 9)
      }
    yield plane
  }
}

async function write(
  path: string,
  form: Form,
  dtype: 'uint8' | 'uint16' | 'uint32' | 'float32',
  pieces: Iterable<Uint8Array>,
  volumes = 1,
) {
  if (existsSync(path)) return
  mkdirSync(dirname(path), { recursive: true })
  const shape = volumes === 1 ? [...form.shape] : [...form.shape, volumes]
  const one = { uint8: Uint8Array, uint16: Uint16Array, uint32: Uint32Array, float32: Float32Array }[dtype]
  const voxelToWorldMm = affineOf(form.mm, form.originMm)
  const header = encodeNiftiHeader({ data: new one(1), dtype, shape: [1, 1, 1], voxelToWorldMm })
  const view = new DataView(header.buffer, header.byteOffset)
  for (const [at, size] of [shape.length, ...shape].entries()) view.setInt16(40 + 2 * at, size, true)
  function* all() {
    yield header
    yield* pieces
  }
  const unfinished = `${path}.part`
  await pipeline(Readable.from(all()), createGzip({ level: 4 }), createWriteStream(unfinished))
  renameSync(unfinished, path)
}

function* balls(form: Form, count: number): Generator<Uint8Array> {
  for (let number = 0; number < count; number++) yield* ball(form, number)
}

export const FILES_OF_C = 300

/** Makes what is not there yet. `letters`: a, b, c, d, g, h as in docs/performance.md. */
export async function makeVolumes(folder: string, letters: string, say: (text: string) => void) {
  const mirror = join(folder, 'mirror', HOST)
  await write(join(mirror, 'template.nii.gz'), FORMS.mni1, 'uint8', templatePlanes(FORMS.mni1))
  const labelled = { a: ['mni1', 'uint16'], b: ['mni05', 'uint16'], d: ['ccf25', 'uint32'] } as const
  for (const letter of letters) {
    say(`volumes: ${letter}`)
    if (letter === 'a' || letter === 'b' || letter === 'd') {
      const [name, dtype] = labelled[letter]
      const create = (length: number) => (dtype === 'uint32' ? new Uint32Array(length) : new Uint16Array(length))
      await write(join(mirror, letter, 'labels.nii.gz'), FORMS[name], dtype, labelPlanes(FORMS[name], create))
    }
    for (let n = 0; letter === 'c' && n < FILES_OF_C; n++)
      await write(join(mirror, 'c', `${n}.nii.gz`), FORMS.mni1, 'float32', ball(FORMS.mni1, n))
    const components = { g: 256, h: 512 }[letter]
    if (components)
      await write(join(mirror, letter, 'maps.nii.gz'), FORMS.mni2, 'float32', balls(FORMS.mni2, components), components)
  }
  writeConfiguration(join(folder, 'configuration'))
  return {
    SIIBRA_USE_CONFIGURATION: join(folder, 'configuration'),
    SIIBRA_API_MIRROR: join(folder, 'mirror'),
    SIIBRA_API_OFFLINE: '1',
  }
}

function writeConfiguration(folder: string): void {
  const put = (path: string, content: object) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), JSON.stringify(content))
  }
  const url = (path: string) => `https://${HOST}/${path}`
  const volume = (nii: string) => ({ '@type': 'siibra/volume/v0.0.1', providers: { nii } })
  const names = (count: number) => Array.from({ length: count }, (_, n) => `Region ${n + 1}`)
  for (const space of Object.keys(FORMS))
    put(`spaces/${space}.json`, {
      '@id': `bench/space/${space}`,
      '@type': 'siibra/space/v0.0.1',
      name: `Bench ${space}`,
      shortName: space,
      modality: 'mri',
      species: 'Homo sapiens',
      volumes: [volume(url('template.nii.gz'))],
    })
  const map = (
    letter: string,
    space: FormName,
    regions: number,
    volumes: object[],
    index: (n: number) => object,
    more = {},
  ) => {
    put(`parcellations/${letter}.json`, {
      '@id': `bench/parcellation/${letter}`,
      '@type': 'siibra/parcellation/v0.0.1',
      name: `Bench parcellation ${letter}`,
      shortName: letter,
      modality: 'anatomy',
      species: 'Homo sapiens',
      regions: names(regions).map((name) => ({ name })),
    })
    put(`maps/${letter}.json`, {
      '@type': 'siibra/map/v0.0.1',
      space: { '@id': `bench/space/${space}` },
      parcellation: { '@id': `bench/parcellation/${letter}` },
      volumes,
      indices: Object.fromEntries(names(regions).map((name, n) => [name, [index(n)]])),
      ...more,
    })
  }
  const sparse = { sparsemap: { is_sparsemap: true, cached: false, url: '' } }
  for (const [letter, space] of [
    ['a', 'mni1'],
    ['b', 'mni05'],
    ['d', 'ccf25'],
  ] as const)
    map(letter, space, LABELS, [volume(url(`${letter}/labels.nii.gz`))], (n) => ({ volume: 0, label: n + 1 }))
  const files = Array.from({ length: FILES_OF_C }, (_, n) => volume(url(`c/${n}.nii.gz`)))
  map('c', 'mni1', FILES_OF_C, files, (n) => ({ volume: n }), sparse)
  for (const [letter, count] of [
    ['g', 256],
    ['h', 512],
  ] as const)
    map(letter, 'mni2', count, [volume(url(`${letter}/maps.nii.gz`))], (z) => ({ volume: 0, z }), sparse)
  for (const space of ['mni05', 'ccf25'] as const)
    for (let n = 0; n < IMAGES; n++) put(`features/images/${space}-${n}.json`, imageIn(space, n, url))
  put('atlases/bench.json', {
    '@id': 'bench/atlas/bench',
    '@type': 'juelich/iav/atlas/v1.0.0',
    name: 'Bench',
    species: 'Homo sapiens',
    spaces: Object.keys(FORMS).map((space) => `bench/space/${space}`),
    parcellations: [...'abcdgh'].map((letter) => `bench/parcellation/${letter}`),
  })
}

/** Images in a space of which only the box is known. */
export const IMAGES = 300

/** A box of a tenth of the volume along each axis, somewhere in it. */
function imageIn(space: FormName, n: number, url: (path: string) => string) {
  const { shape, mm, originMm } = FORMS[space]
  const places = [0.754877, 0.56984, 0.438579].map((step) => ((n + 1) * step) % 0.9)
  const corner = (more: number) => places.map((place, axis) => originMm[axis]! + (place + more) * shape[axis]! * mm)
  return {
    '@id': `bench/image/${space}/${n}`,
    '@type': 'siibra/feature/voi/v0.1',
    name: `Bench image ${n}`,
    modality: 'cell body staining',
    space: { '@id': `bench/space/${space}` },
    providers: { nii: url(`images/${space}-${n}.nii.gz`) },
    boundingbox: {
      '@type': 'siibra/location/boundingbox/v0.1',
      space: { '@id': `bench/space/${space}` },
      coordinates: [corner(0), corner(0.1)],
    },
  }
}

/** Where the mirror has a file of the volumes. */
export const fileOf = (folder: string, path: string): string => join(folder, 'mirror', HOST, path)
