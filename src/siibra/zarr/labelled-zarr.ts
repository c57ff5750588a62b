import { SiibraError } from '../errors.ts'
import type { Grid } from '../maps/grids/grid.ts'
import { firstRunAfter, type LabelImage, type LabelRuns } from '../maps/labels/label-runs.ts'
import { applyAffine, perAxis, type Triple } from '../volumes/affine.ts'
import { gzipBytes } from '../volumes/inflate.ts'

/** A labelled image as an OME-Zarr (0.4, Zarr version 2), of which any file can be had by its key without the others being made. */
export interface LabelledZarr {
  /** The bytes of a file such as `.zattrs`, `0/.zarray` or `0/1/2/0` (level, then chunk along z, y, x); undefined where there is none. */
  file(key: string): Uint8Array | undefined
}

export interface ZarrLabel {
  label: number
  name: string
  /** Red, green, blue, 0 to 255. */
  rgb: readonly [number, number, number]
}

export interface ZarrOptions {
  name: string
  labels: readonly ZarrLabel[]
}

const CHUNK = 64
/** A level whose longest side has no more voxels is the last one. */
const SMALLEST_SIDE = 128

/** Which way the axes of an image go in a space: x, y and z of the Zarr each along one axis of the image, turned where that goes down. */
interface Axes {
  /** Axis of the image that is x, y, z of the Zarr. */
  source: [number, number, number]
  flipped: [boolean, boolean, boolean]
  /** Of level 0, mm; from voxel centre to voxel centre. */
  scaleMm: [number, number, number]
  /** Centre of the first voxel. */
  originMm: [number, number, number]
}

/**
 * The labels of a map for viewers that open volumes by their address. x, y and z of the array are those of the space, upwards, since OME-Zarr
 * can scale and move but not turn. UNSUPPORTED for an image whose axes are oblique.
 */
export function createLabelledZarr(image: LabelImage, { name, labels }: ZarrOptions): LabelledZarr {
  const axes = alignedAxes(image)
  const shape = perAxis((n) => image.shape[axes.source[n]!]!)
  const levels = levelShapes(shape)
  const dtype = typeFor([...image.runs.sizeVox.keys()])
  const json = (value: unknown) => Buffer.from(JSON.stringify(value))
  return {
    file(key) {
      if (key === '.zgroup') return json({ zarr_format: 2 })
      if (key === '.zattrs') return json({ ...multiscales(name, axes, levels), ...labelTable(labels) })
      const [level = '', ...rest] = key.split('/')
      const levelShape = /^(0|[1-9]\d?)$/.test(level) ? levels[Number(level)] : undefined
      if (!levelShape) return undefined
      const last = rest.join('/')
      if (last === '.zarray') return json(arrayOf(levelShape, dtype))
      if (last === '.zattrs') return json({})
      const chunk = parseChunkKey(last, levelShape)
      return chunk && gzipBytes(readChunk(image, axes, { level: Number(level), levelShape, chunk, dtype }))
    },
  }
}

function alignedAxes({ shape, voxelToWorldMm }: Grid): Axes {
  const source: number[] = []
  const flipped: boolean[] = []
  const scaleMm: number[] = []
  for (let row = 0; row < 3; row++) {
    const entries = [0, 1, 2].map((column) => voxelToWorldMm[4 * row + column]!)
    const longest = entries.reduce((best, value, axis) => (Math.abs(value) > Math.abs(entries[best]!) ? axis : best), 0)
    const rest = entries.filter((_, axis) => axis !== longest)
    if (rest.some((value) => Math.abs(value) > 1e-4 * Math.abs(entries[longest]!)) || source.includes(longest)) {
      throw new SiibraError(
        'UNSUPPORTED',
        'A map whose voxels lie obliquely to the axes of its space cannot be given as OME-Zarr',
      )
    }
    source.push(longest)
    flipped.push(entries[longest]! < 0)
    scaleMm.push(Math.abs(entries[longest]!))
  }
  const first: [number, number, number] = [0, 0, 0]
  source.forEach((axis, row) => {
    first[axis] = flipped[row] ? shape[axis]! - 1 : 0
  })
  return {
    source: source as Axes['source'],
    flipped: flipped as Axes['flipped'],
    scaleMm: scaleMm as Axes['scaleMm'],
    originMm: applyAffine(voxelToWorldMm, first),
  }
}

/** Sizes along x, y, z: each level has every second voxel of the one before. */
function levelShapes(shape: Triple): [number, number, number][] {
  const levels: [number, number, number][] = [[shape[0], shape[1], shape[2]]]
  while (Math.max(...levels.at(-1)!) > SMALLEST_SIDE)
    levels.push(levels.at(-1)!.map((size) => Math.ceil(size / 2)) as [number, number, number])
  return levels
}

const TYPES = { '|u1': Uint8Array, '<u2': Uint16Array, '<u4': Uint32Array } as const
type ZarrType = keyof typeof TYPES

function typeFor(labels: readonly number[]): ZarrType {
  const most = labels.reduce((all, label) => Math.max(all, label), 0)
  const least = labels.reduce((all, label) => Math.min(all, label), 0)
  if (least < 0 || most >= 2 ** 32)
    throw new SiibraError(
      'UNSUPPORTED',
      `Labels from ${least} to ${most} cannot be given as OME-Zarr: 0 to 4294967295 can`,
    )
  return most < 256 ? '|u1' : most < 65536 ? '<u2' : '<u4'
}

/** In the order z, y, x, as all of Zarr's lists. */
const zyx = <T>([x, y, z]: readonly [T, T, T]): [T, T, T] => [z, y, x]

function multiscales(name: string, { scaleMm, originMm }: Axes, levels: readonly Triple[]) {
  const datasets = levels.map((_, level) => ({
    path: String(level),
    coordinateTransformations: [
      { type: 'scale', scale: zyx(scaleMm).map((size) => size * 2 ** level) },
      { type: 'translation', translation: zyx(originMm) },
    ],
  }))
  const axes = ['z', 'y', 'x'].map((axis) => ({ name: axis, type: 'space', unit: 'millimeter' }))
  return { multiscales: [{ version: '0.4', name, axes, datasets, type: 'nearest' }] }
}

function labelTable(labels: readonly ZarrLabel[]) {
  return {
    'image-label': {
      version: '0.4',
      colors: labels.map(({ label, rgb }) => ({ 'label-value': label, rgba: [...rgb, 255] })),
      properties: labels.map(({ label, name }) => ({ 'label-value': label, name })),
    },
  }
}

function arrayOf(shape: Triple, dtype: ZarrType) {
  return {
    zarr_format: 2,
    shape: zyx(shape),
    chunks: [CHUNK, CHUNK, CHUNK],
    dtype,
    compressor: { id: 'gzip', level: 6 },
    fill_value: 0,
    filters: null,
    order: 'C',
    dimension_separator: '/',
  }
}

/** The number of a chunk along x, y, z; undefined where it lies outside of the array. */
function parseChunkKey(key: string, shape: Triple): Triple | undefined {
  const parts = /^(\d{1,6})\/(\d{1,6})\/(\d{1,6})$/.exec(key)
  if (!parts) return undefined
  const [z, y, x] = parts.slice(1).map(Number) as [number, number, number]
  return [x, y, z].every((number, axis) => number * CHUNK < shape[axis]!) ? [x, y, z] : undefined
}

interface ChunkRequest {
  level: number
  levelShape: Triple
  chunk: Triple
  dtype: ZarrType
}

/** The voxels of a chunk, x fastest; 0 beyond the array. */
function readChunk(
  { runs, shape }: LabelImage,
  axes: Axes,
  { level, levelShape, chunk, dtype }: ChunkRequest,
): Uint8Array {
  const voxels = new TYPES[dtype](CHUNK ** 3)
  const strides = [1, shape[0]!, shape[0]! * shape[1]!]
  const step = 2 ** level
  /** For each voxel of the chunk along an axis, as far as the array goes, what it adds to the index in the image. */
  const offsetsAlong = (row: 0 | 1 | 2) => {
    const first = chunk[row] * CHUNK
    const axis = axes.source[row]
    const [start, sign] = axes.flipped[row] ? [shape[axis]! - 1, -1] : [0, 1]
    const length = Math.min(CHUNK, levelShape[row] - first)
    return Int32Array.from({ length }, (_, n) => strides[axis]! * (start + sign * step * (first + n)))
  }
  const [alongX, alongY, alongZ] = [offsetsAlong(0), offsetsAlong(1), offsetsAlong(2)]
  const labelAt = createLabelReader(runs)
  alongZ.forEach((inZ, z) => {
    alongY.forEach((inY, y) => {
      const row = (z * CHUNK + y) * CHUNK
      alongX.forEach((inX, x) => {
        voxels[row + x] = labelAt(inX + inY + inZ)
      })
    })
  })
  return new Uint8Array(voxels.buffer)
}

/** Gives labels of voxels, each mostly beside the one before: where the last one held is kept. */
function createLabelReader(runs: LabelRuns): (at: number) => number {
  const { startVox, lengthVox, label } = runs
  let from = 0
  let end = 0
  let value = 0
  return (at) => {
    if (at >= from && at < end) return value
    const run = firstRunAfter(runs, at)
    const start = startVox[run] ?? Number.POSITIVE_INFINITY
    if (start <= at) {
      from = start
      end = start + lengthVox[run]!
      value = label[run]!
    } else {
      from = (startVox[run - 1] ?? 0) + (lengthVox[run - 1] ?? 0)
      end = start
      value = 0
    }
    return value
  }
}
