import type { Registry } from '../core/registry.ts'
import type { ParcellationMap, Space } from '../core/types.ts'
import type { Retrieval } from '../retrieval/retrieval.ts'
import type { VolumeReader } from '../volumes/volume-reader.ts'

/** What maps need of the atlas core: what is described, and how volumes are read. */
export interface AtlasVolumes {
  spaces: Registry<Space>
  maps: Registry<ParcellationMap>
  volumes: VolumeReader
  retrieval: Retrieval
}
