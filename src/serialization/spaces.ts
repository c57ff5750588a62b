import { type Coordinates, OPENMINDS_VOCAB } from '../models/common.ts'
import type { CommonCoordinateSpaceModel } from '../models/core.ts'
import type { Space, VolumesFacts } from '../siibra/index.ts'
import { serializeDataset } from './datasets.ts'
import { type AnswerOptions, serializeVolume } from './volumes.ts'

export function serializeSpace(
  space: Space,
  facts: VolumesFacts,
  { remap }: AnswerOptions = {},
): CommonCoordinateSpaceModel {
  return {
    '@context': OPENMINDS_VOCAB,
    '@id': space.id,
    '@type': 'siibra-0.4/space',
    anatomicalAxesOrientation: { '@id': 'https://openminds.ebrains.eu/vocab/anatomicalAxesOrientation/XYZ' },
    axesOrigin: [serializeCoordinate(0), serializeCoordinate(0), serializeCoordinate(0)],
    defaultImage: facts.volumes.map((volume) => serializeVolume(volume, { spaceId: space.id, remap })),
    digitalIdentifier: null,
    fullName: space.name,
    homepage: null,
    howToCite: null,
    nativeUnit: { '@id': 'https://openminds.ebrains.eu/controlledTerms/Terminology/unitOfMeasurement/um' },
    ontologyIdentifier: null,
    releaseDate: '2015-01-01',
    shortName: space.shortname,
    versionIdentifier: space.name,
    datasets: facts.datasets.map(serializeDataset),
  }
}

/** One coordinate in mm. */
export function serializeCoordinate(valueMm: number): Coordinates {
  return { '@context': OPENMINDS_VOCAB, typeOfUncertainty: null, uncertainty: null, unit: null, value: valueMm }
}
