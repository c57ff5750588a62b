import type { Space } from '../core/types.ts'
import { SiibraError } from '../errors.ts'
import type { Image } from '../volumes/image.ts'
import { fromAnyProvider } from '../volumes/next-provider.ts'
import type { AtlasVolumes } from './atlas-volumes.ts'

/** The reference template of a space: its first volume, from the first of its providers that can be read. NOT_AVAILABLE for a space of surfaces. */
export async function fetchTemplate(core: AtlasVolumes, space: Space, signal?: AbortSignal): Promise<Image> {
  const [volume] = space.volumes
  if (!volume) throw new SiibraError('NOT_AVAILABLE', `The space '${space.name}' has no template`, { space: space.id })
  return fromAnyProvider(volume, (provided) => core.volumes.fetchImage(provided, { signal }))
}
