import type { Parcellation } from '../../core/types.ts'

/**
 * Which voxels belong to a region of a tree:
 * - `parts`: of a region that a map draws its own label and those of its drawn descendants (the rule of AllenSDK and BrainGlobe); a region
 *   that no map draws is put together from its children, all of which must be mapped (siibra's rule).
 * - `own`: of a region that a map draws its own label alone, as siibra has it; otherwise as `parts`.
 * - `drawn`: as `parts`, but a region that no map draws has its drawn descendants, even where some of its children are not mapped.
 */
export type Extent = 'parts' | 'own' | 'drawn'

/** What is meant where nobody says: siibra's rule, unless the configuration says `"extent": "drawn"`, as those of imported atlases do. */
export function defaultExtent({ hasDrawnExtent }: Parcellation): Extent {
  return hasDrawnExtent ? 'drawn' : 'parts'
}
