import type { AtlasCore } from '../atlas/atlas-core.ts'
import type { Space } from '../core/types.ts'

/** Spaces in which data of live queries lie: ids in siibra-configurations, and the words by which siibra-python finds them. */
const REFERENCE_SPACES = {
  mni152: 'minds/core/referencespace/v1.0.0/dafcffc5-4826-4bf1-8ff6-46b8a31ff8e2',
  bigbrain: 'minds/core/referencespace/v1.0.0/a1655b99-82f1-420f-a3c2-fe80fd4c8588',
  waxholm: 'minds/core/referencespace/v1.0.0/d5717c4a-0fa1-46e6-918c-b8003069ade8',
} as const

/** Such a space of a configuration: by its id, else by its name; configurations of other hands have ids of their own. */
export function findReferenceSpace(core: AtlasCore, name: keyof typeof REFERENCE_SPACES): Space | undefined {
  return core.spaces.byId(REFERENCE_SPACES[name]) ?? core.spaces.find(name)[0]
}
