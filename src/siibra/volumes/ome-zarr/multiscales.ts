/** The metadata of OME-Zarr images (0.4: `.zattrs`, 0.5: `zarr.json`; https://ngff.openmicroscopy.org): which levels there are, and where they lie. */
import { SiibraError } from '../../errors.ts'
import type { ReadOptions, Store } from '../../retrieval/stores/store.ts'
import { badData } from '../inflate.ts'
import { parseJsonObject } from '../precomputed/info.ts'
import type { ZarrAddress } from './address.ts'
import { type Direction, directionOfName, NAMED_DIRECTIONS } from './directions.ts'
import { MM_BY_UNIT } from './units.ts'

export type SpatialAxes = readonly [SpatialAxis, SpatialAxis, SpatialAxis]

export interface Multiscale {
  zarrVersion: 2 | 3
  /** Number of axes of the arrays. */
  rank: number
  /** The three axes of space, in the order of the array. */
  spatial: SpatialAxes
  levels: MultiscaleLevel[]
}

interface SpatialAxis {
  /** Its place among the axes of the array. */
  at: number
  mmPerUnit: number
  direction: Direction
}

interface MultiscaleLevel {
  /** Of the array, relative to the image. */
  path: string
  /** Of every axis of the array, in its unit: position = translation + scale * index, of the voxel's centre. */
  scale: number[]
  translation: number[]
}

type Json = Record<string, unknown>

/** Reads the metadata of the image at an address. NOT_FOUND where there are none; BAD_DATA and UNSUPPORTED say what is wrong with them. */
export async function readMultiscale(store: Store, address: ZarrAddress, options: ReadOptions): Promise<Multiscale> {
  const { url } = address
  const third = `${url}/zarr.json`
  const second = `${url}/.zattrs`
  const bytes = await store.get(third, options)
  if (bytes) {
    const attributes = objectOf(parseJsonObject(bytes, third).attributes)
    return parseMultiscale(objectOf(attributes.ome), 3, address, third)
  }
  const older = await store.get(second, options)
  if (older) return parseMultiscale(parseJsonObject(older, second), 2, address, second)
  throw new SiibraError('NOT_FOUND', `There is no OME-Zarr image at ${url} (neither zarr.json nor .zattrs)`, {
    url: third,
  })
}

const objectOf = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {})

function parseMultiscale(attributes: Json, zarrVersion: 2 | 3, address: ZarrAddress, source: string): Multiscale {
  const images = attributes.multiscales
  if (!Array.isArray(images) || images.length === 0) throw badData(source, 'no OME-Zarr image: it has no multiscales')
  const image = objectOf(images[0])
  const axes = image.axes
  if (!Array.isArray(axes) || axes.length < 3 || axes.length > 5) {
    throw unsupported(source, `multiscales[0].axes is ${JSON.stringify(axes)}; read are 3 to 5 axes with names`)
  }
  const spatial = parseSpatialAxes(axes.map(objectOf), address, source)
  const datasets = image.datasets
  if (!Array.isArray(datasets) || datasets.length === 0) throw badData(source, 'multiscales[0].datasets has no levels')
  const common = parseTransformations(image.coordinateTransformations ?? [], axes.length, 'multiscales[0]', source)
  const levels = datasets.map((dataset, n): MultiscaleLevel => {
    const { path, coordinateTransformations } = objectOf(dataset)
    const at = `multiscales[0].datasets[${n}]`
    if (typeof path !== 'string' || path.split('/').includes('..')) {
      throw badData(source, `${at}.path is ${JSON.stringify(path)}`)
    }
    const own = parseTransformations(coordinateTransformations, axes.length, at, source)
    return {
      path: path.replace(/^\/+|\/+$/g, ''),
      scale: own.scale.map((value, axis) => value * common.scale[axis]!),
      translation: own.translation.map((value, axis) => value * common.scale[axis]! + common.translation[axis]!),
    }
  })
  const voxelOf = ({ scale }: MultiscaleLevel) => spatial.reduce((size, { at }) => size * scale[at]!, 1)
  return { zarrVersion, rank: axes.length, spatial, levels: levels.sort((a, b) => voxelOf(a) - voxelOf(b)) }
}

function parseSpatialAxes(axes: readonly Json[], address: ZarrAddress, source: string): SpatialAxes {
  const places = axes.flatMap(({ type, name }, at) =>
    type === 'space' || (type === undefined && directionOfName(String(name))) ? [at] : [],
  )
  if (places.length !== 3)
    throw unsupported(source, `it has ${places.length} axes of space; read are images with three`)
  const axisAt = (at: number, n: number): SpatialAxis => {
    const { name, unit, orientation } = axes[at]!
    const value = objectOf(orientation).value
    const named = value === undefined ? undefined : NAMED_DIRECTIONS.get(String(value))
    if (value !== undefined && !named) throw unsupported(source, `the orientation ${JSON.stringify(value)} is not read`)
    const direction = named ?? address.directions?.[n] ?? directionOfName(String(name))
    if (!direction) throw unsupported(source, `the axis ${JSON.stringify(name)} is none of x, y and z`)
    const mmPerUnit = unit === undefined || unit === null ? address.mmWithoutUnit : MM_BY_UNIT.get(String(unit))
    if (mmPerUnit === undefined) {
      const why = unit ? `the unit ${JSON.stringify(unit)} is not read` : `its axis ${JSON.stringify(name)} has no unit`
      throw unsupported(source, `${why}: '#unit=' behind the address names that of axes without one`)
    }
    return { at, mmPerUnit, direction }
  }
  const spatial = places.map(axisAt) as [SpatialAxis, SpatialAxis, SpatialAxis]
  if (new Set(spatial.map(({ direction }) => direction.axis)).size !== 3) {
    throw unsupported(source, 'two of its axes lead the same way')
  }
  return spatial
}

function parseTransformations(value: unknown, rank: number, at: string, source: string) {
  let scale: number[] = Array(rank).fill(1)
  let translation: number[] = Array(rank).fill(0)
  if (!Array.isArray(value)) throw badData(source, `${at}.coordinateTransformations is no list`)
  for (const one of value.map(objectOf)) {
    const numbers = (name: string, isValid: (value: number) => boolean) => {
      const list = one[name]
      if (
        !Array.isArray(list) ||
        list.length !== rank ||
        !list.every((each) => Number.isFinite(each) && isValid(each))
      ) {
        throw unsupported(source, `${at}: the ${name} ${JSON.stringify(list ?? one)} is not read; ${rank} numbers are`)
      }
      return list as number[]
    }
    if (one.type === 'scale') {
      const factors = numbers('scale', (each) => each > 0)
      scale = scale.map((each, axis) => each * factors[axis]!)
      translation = translation.map((each, axis) => each * factors[axis]!)
    } else if (one.type === 'translation') {
      const added = numbers('translation', () => true)
      translation = translation.map((each, axis) => each + added[axis]!)
    } else if (one.type !== 'identity') {
      throw unsupported(source, `${at}: transformations of type ${JSON.stringify(one.type)} are not read`)
    }
  }
  return { scale, translation }
}

const unsupported = (source: string, what: string) =>
  new SiibraError('UNSUPPORTED', `${source}: ${what}`, { url: source })
