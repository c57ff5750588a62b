import { type Coordinates, OPENMINDS_VOCAB } from '../models/common.ts'
import type { CommonCoordinateSpaceModel } from '../models/core.ts'
import type { AtlasCore, Space } from '../siibra/index.ts'
import { serializeDatasets } from './datasets.ts'
import { type AnswerOptions, serializeVolume } from './volumes.ts'

export async function serializeSpace(
  core: AtlasCore,
  space: Space,
  options: AnswerOptions = {},
): Promise<CommonCoordinateSpaceModel> {
  const [datasets, defaultImage] = await Promise.all([
    serializeDatasets(core, space.datasets, options.gaps),
    Promise.all(space.volumes.map((volume) => serializeVolume(core, volume, { ...options, spaceId: space.id }))),
  ])
  return {
    '@context': OPENMINDS_VOCAB,
    '@id': space.id,
    '@type': 'siibra-0.4/space',
    anatomicalAxesOrientation: { '@id': 'https://openminds.ebrains.eu/vocab/anatomicalAxesOrientation/XYZ' },
    axesOrigin: [serializeCoordinate(0), serializeCoordinate(0), serializeCoordinate(0)],
    defaultImage,
    digitalIdentifier: null,
    fullName: space.name,
    homepage: null,
    howToCite: null,
    nativeUnit: { '@id': 'https://openminds.ebrains.eu/controlledTerms/Terminology/unitOfMeasurement/um' },
    ontologyIdentifier: null,
    releaseDate: '2015-01-01',
    shortName: space.shortname,
    versionIdentifier: space.name,
    datasets,
  }
}

/** One coordinate in mm. */
export function serializeCoordinate(valueMm: number): Coordinates {
  return { '@context': OPENMINDS_VOCAB, typeOfUncertainty: null, uncertainty: null, unit: null, value: valueMm }
}
