/** The atlas core as a library: `import { loadConfiguration } from 'siibra-api/siibra'`. */
export type * from './core/types.ts'
export { SiibraError } from './errors.ts'

import type { Atlas, Parcellation, ParcellationMap, Space } from './core/types.ts'

/** Everything that a configuration describes, loaded. */
export interface AtlasCore {
  atlases: Registry<Atlas>
  spaces: Registry<Space>
  parcellations: Registry<Parcellation>
  maps: Registry<ParcellationMap>
}

/** Objects of one kind, in the order of their configuration files, with siibra's look-up. */
export interface Registry<T> {
  all: readonly T[]
  byId(id: string): T | undefined
  /** siibra's fuzzy look-up: id, key, name, words of the name; the best match. Throws NOT_FOUND. */
  get(spec: string): T
}
