import type { AtlasCore, DatasetReference, Parcellation, ParcellationMap, Space } from '../siibra/index.ts'
import { PACKAGE_VERSION } from '../version.ts'

/** What values were made of. */
export interface Origin {
  parcellation?: Parcellation | undefined
  map?: ParcellationMap | undefined
  space?: Space | undefined
  /** Others whose values they are, such as those of features. */
  datasets?: readonly DatasetReference[] | undefined
}

/**
 * Where the values of an answer come from, for files that are taken away: names and ids, the commit of the configuration,
 * the version of this service, the licences of the data sets as far as their documents can be had.
 */
export async function provenanceOf(core: AtlasCore, origin: Origin): Promise<Record<string, string>> {
  const { map } = origin
  const parcellation = origin.parcellation ?? map?.parcellation
  const space = origin.space ?? map?.space
  const references = [...(origin.datasets ?? []), ...(map?.datasets ?? []), ...(parcellation?.datasets ?? [])]
  const described = await core.datasets.describeAll(references)
  const licences = [...new Set(described.flatMap(({ licenses }) => licenses))]
  return {
    ...named('parcellation', parcellation),
    ...(parcellation?.version ? { parcellation_version: parcellation.version.name } : {}),
    ...named('map', map),
    ...(map ? { map_type: map.mapType } : {}),
    ...named('space', space),
    ...(core.configuration.commit === null ? {} : { configuration: core.configuration.commit }),
    service: `siibra-api ${PACKAGE_VERSION}`,
    ...(licences.length > 0 ? { licence: licences.join('; ') } : {}),
  }
}

function named(kind: string, object: { id: string; name: string } | undefined): Record<string, string> {
  return object === undefined ? {} : { [kind]: object.name, [`${kind}_id`]: object.id }
}
