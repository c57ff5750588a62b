import type { SiibraAtlasModel } from '../models/core.ts'
import type { Atlas, AtlasCore } from '../siibra/index.ts'

/** Spaces and parcellations stand in the order of the configuration's files, not in that of the atlas; unknown ones are left out. */
export function serializeAtlas(core: AtlasCore, atlas: Atlas): SiibraAtlasModel {
  const those = (all: readonly { id: string }[], ids: readonly string[]) =>
    all.filter(({ id }) => ids.includes(id)).map(({ id }) => ({ '@id': id }))
  return {
    '@id': atlas.id,
    '@type': 'siibra-0.4/atlas',
    name: atlas.name,
    spaces: those(core.spaces.all, atlas.spaceIds),
    parcellations: those(core.parcellations.all, atlas.parcellationIds),
    species: atlas.species,
  }
}
