/** What a query is that makes features when somebody asks for them, out of services and data sets that know no configuration. */

import type { AtlasCore } from '../atlas/atlas-core.ts'
import type { Region } from '../core/types.ts'
import type { LiveFeature } from '../features/feature.ts'

export interface LiveQueryOptions {
  /** For gene expressions: symbols of genes. */
  genes?: readonly string[] | undefined
  signal?: AbortSignal | undefined
}

/** Makes the features of one type for a region; none where the region cannot have any. */
export type LiveQuery = (core: AtlasCore, region: Region, options: LiveQueryOptions) => Promise<LiveFeature[]>
