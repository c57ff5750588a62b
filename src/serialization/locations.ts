import { OPENMINDS_VOCAB } from '../models/common.ts'
import type { BoundingBoxModel, CoordinatePointModel, LocationModel } from '../models/features.ts'
import { type BoxLocation, boxCentre, boxSizes, type FeatureLocation, type PointMm, pointId } from '../siibra/index.ts'
import { serializeCoordinate } from './spaces.ts'

export function serializePoint(spaceId: string, pointMm: PointMm): CoordinatePointModel {
  return {
    '@context': OPENMINDS_VOCAB,
    '@id': pointId(spaceId, pointMm),
    '@type': 'siibra-0.4/point',
    coordinateSpace: { '@id': spaceId },
    coordinates: pointMm.map(serializeCoordinate),
  }
}

export function serializeBox(box: BoxLocation): BoundingBoxModel {
  const { space, minMm, maxMm } = box
  const shape = boxSizes(box)
  return {
    '@type': 'siibra-0.4/location/bbox',
    space: { '@id': space.id },
    center: serializePoint(space.id, boxCentre(box)),
    minpoint: serializePoint(space.id, minMm),
    maxpoint: serializePoint(space.id, maxMm),
    shape: [...shape],
    isPlanar: shape.some((size) => size === 0),
  }
}

/** The location of an anchor: a point, or just the space of several. */
export function serializeLocation(location: FeatureLocation | null): CoordinatePointModel | LocationModel | null {
  if (location === null) return null
  if (location.kind === 'point') return serializePoint(location.space.id, location.pointMm)
  return { '@type': 'siibra-0.4/location', space: { '@id': location.space.id } }
}
