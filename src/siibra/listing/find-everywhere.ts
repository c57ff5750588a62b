/** Regions of several parcellations in one search. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { AtlasCore } from '../atlas/atlas-core.ts'
import { regionEntries } from '../core/search/region-index.ts'
import { findRegionsUnder } from '../core/search/region-search.ts'
import { sortBySimilarity } from '../core/search/similarity.ts'
import { descendants, isLeaf, subtree } from '../core/tree.ts'
import type { Parcellation, Region } from '../core/types.ts'
import { oncePer } from '../retrieval/cache/once-per.ts'

export interface RegionFilter {
  /** Words, or a regular expression; all regions where it is left out. */
  find?: string | undefined
  /** Only regions without parts, or only those with parts. */
  leaf?: boolean | undefined
  /** Only those that a labelled map of their parcellation draws with that label. */
  label?: number | undefined
}

/**
 * The regions under some roots (parcellations, or regions with their parts) that match, without parcellations themselves. The order is that of
 * the tree; of a search with words the most similar names come first, whatever their parcellation, of one by a regular expression the least
 * deep of each root.
 */
export function filterRegions(
  core: Pick<AtlasCore, 'maps'>,
  roots: readonly Region[],
  { find, leaf, label }: RegionFilter,
): readonly Region[] {
  const [root] = roots
  if (root?.kind === 'parcellation' && roots.length === 1 && !find && leaf === undefined && label === undefined)
    return oncePer(root, descendants)
  const found = new Set(find ? findRegionsUnder(roots, find) : roots.flatMap(subtree))
  const labelled = label === undefined ? undefined : namesByLabel(core, label)
  const kept = [...found].filter(
    (region) =>
      region.kind !== 'parcellation' &&
      (leaf === undefined || isLeaf(region) === leaf) &&
      (labelled === undefined || labelled.get(region.parcellation)?.has(region.name) === true),
  )
  const isOrdered = roots.length < 2 || !find || find.startsWith('/')
  return isOrdered ? kept : sortBySimilarity(kept, find)
}

/** Which names the maps of each parcellation draw with a label. */
function namesByLabel({ maps }: Pick<AtlasCore, 'maps'>, label: number): Map<Parcellation, Set<string>> {
  const names = new Map<Parcellation, Set<string>>()
  for (const { parcellation, indices, mapType } of maps.all) {
    if (mapType !== 'LABELLED') continue
    for (const [name, places] of indices) {
      if (!places.some((place) => place.label === label)) continue
      const ofParcellation = names.get(parcellation) ?? new Set<string>()
      names.set(parcellation, ofParcellation.add(name))
    }
  }
  return names
}

const BREAK_MS = 20

/**
 * What the first search of all parcellations would make (50 ms for the official configuration), a parcellation at a time, and never while
 * a request is answered.
 */
export async function prepareRegionSearch(
  { parcellations }: Pick<AtlasCore, 'parcellations'>,
  isBusy: () => boolean = () => false,
): Promise<void> {
  for (const parcellation of parcellations.all) {
    do await sleep(BREAK_MS)
    while (isBusy())
    regionEntries(parcellation)
  }
}
