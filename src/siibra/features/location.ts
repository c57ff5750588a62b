/** Where a feature lies in a reference space, beside or instead of a region. */

import { createHash } from 'node:crypto'
import type { Specification, SpecificationReader } from '../configuration/specification.ts'
import { isObject } from '../configuration/specification.ts'
import type { Space } from '../core/types.ts'
import { perAxis } from '../volumes/affine.ts'
import { formatPythonFixed2, formatPythonFloat } from './data/python-format.ts'

/** A position in mm of a space, RAS. */
export type PointMm = readonly [x: number, y: number, z: number]

export interface PointLocation {
  kind: 'point'
  space: Space
  pointMm: PointMm
}

export interface PointCloudLocation {
  kind: 'pointcloud'
  space: Space
  pointsMm: readonly PointMm[]
}

/** Axis-aligned, both corners belong to it. */
export interface BoxLocation {
  kind: 'box'
  space: Space
  minMm: PointMm
  maxMm: PointMm
}

export type FeatureLocation = PointLocation | PointCloudLocation | BoxLocation

const formatPoint = (point: PointMm): string => point.map(formatPythonFloat).join(',')

/** As siibra writes locations into names of features, from which ids are made. */
export function formatLocation(location: FeatureLocation): string {
  const { space } = location
  switch (location.kind) {
    case 'point':
      return `Point in ${space.name} [${formatPoint(location.pointMm)}]`
    case 'pointcloud':
      return `Set of points ${space.name}: ${location.pointsMm.map((point) => `(${formatPoint(point)})`).join(', ')}`
    case 'box': {
      const [min, max] = [location.minMm, location.maxMm].map((corner) => corner.map(formatPythonFixed2).join(','))
      return `Bounding box from (${min}) mm to (${max})mm in ${space.name} space`
    }
  }
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

/** siibra's ids of points; point clouds have none. */
export const pointId = (spaceId: string, point: PointMm): string => md5(`${spaceId}${formatPoint(point)}`)

export function boxCentre({ minMm, maxMm }: BoxLocation): PointMm {
  return perAxis((i) => minMm[i] + (maxMm[i] - minMm[i]) / 2)
}

export const boxSizes = ({ minMm, maxMm }: BoxLocation): PointMm => perAxis((i) => maxMm[i] - minMm[i])

/** Whether two boxes of one space have a common volume. */
export function boxesOverlap(
  a: Pick<BoxLocation, 'minMm' | 'maxMm'>,
  b: Pick<BoxLocation, 'minMm' | 'maxMm'>,
): boolean {
  return ([0, 1, 2] as const).every((i) => Math.max(a.minMm[i], b.minMm[i]) < Math.min(a.maxMm[i], b.maxMm[i]))
}

export interface Spaces {
  byId(id: string): Space | undefined
}

/** Reads the `location` (a point or points) or `boundingbox` of a specification; null where it has none. */
export function parseLocation(
  reader: SpecificationReader,
  spec: Specification,
  property: 'location' | 'boundingbox',
  spaces: Spaces,
): FeatureLocation | null {
  const location = spec[property]
  if (location === undefined || location === null) return null
  if (!isObject(location)) return reader.fail(property, 'is not an object')
  const spaceId = isObject(location.space) ? location.space['@id'] : undefined
  const space = typeof spaceId === 'string' ? spaces.byId(spaceId) : undefined
  if (!space)
    return reader.fail(`${property}.space`, `is ${JSON.stringify(spaceId)}, which the configuration does not have`)
  const type = String(location['@type'])
  if (type === 'siibra/location/point/v0.1') {
    const [pointMm] = parsePoints(reader, [location.coordinate], `${property}.coordinate`)
    if (pointMm) return { kind: 'point', space, pointMm }
  }
  const pointsMm = parsePoints(reader, location.coordinates, `${property}.coordinates`)
  if (type === 'siibra/location/pointcloud/v0.1') return { kind: 'pointcloud', space, pointsMm }
  const [first, second, ...more] = pointsMm
  if (type === 'siibra/location/boundingbox/v0.1' && first && second && more.length === 0) {
    const corner = (pick: (...values: number[]) => number) => perAxis((i) => pick(first[i], second[i]))
    return { kind: 'box', space, minMm: corner(Math.min), maxMm: corner(Math.max) }
  }
  return reader.fail(`${property}.@type`, `${JSON.stringify(type)} is not known`)
}

function parsePoints(reader: SpecificationReader, value: unknown, property: string): PointMm[] {
  const isPoint = (point: unknown) =>
    Array.isArray(point) && point.length >= 3 && point.slice(0, 3).every((one) => Number.isFinite(one))
  if (!Array.isArray(value) || !value.every(isPoint))
    return reader.fail(property, 'is not a list of three numbers each')
  return value.map(([x, y, z]: PointMm) => [x, y, z] as const)
}
