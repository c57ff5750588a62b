/** Which regions of all parcellations an anchor means. */
import type { Qualification } from '../../core/related-regions.ts'
import { subtree } from '../../core/tree.ts'
import type { Region, SpeciesName } from '../../core/types.ts'
import type { Anchor } from '../feature.ts'
import type { RegionLookup } from './region-lookup.ts'

const QUALIFICATIONS: ReadonlySet<string> = new Set<Qualification>([
  'EXACT',
  'OVERLAPS',
  'CONTAINED',
  'CONTAINS',
  'APPROXIMATE',
  'HOMOLOGOUS',
  'OTHER_VERSION',
])

export interface AnchoredRegion {
  region: Region
  /** How the data set relates to the region: EXACT, or as the alias says by which it was found. */
  qualification: Qualification
}

/** Species -> region name -> species of the alias -> alias -> qualification, in lower case. */
export type RegionAliases = Readonly<Record<string, Readonly<Record<string, Record<string, Record<string, string>>>>>>

/** The regions that an anchor's region name means, in all parcellations of its species, and those of its aliases. */
export function anchoredRegions(anchor: Anchor, lookup: RegionLookup, aliases: RegionAliases): AnchoredRegion[] {
  const { regionSpec, species, parcellationId } = anchor
  if (regionSpec === null) return []
  if (parcellationId !== undefined) {
    return lookup.findIn(parcellationId, regionSpec).map((region) => ({ region, qualification: 'EXACT' }))
  }
  const regions = new Map<string, AnchoredRegion>()
  for (const region of lookup.find(regionSpec)) {
    if (region.species === species) regions.set(region.id, { region, qualification: 'EXACT' })
  }
  for (const [aliasSpecies, qualifications] of Object.entries(aliasesOf(species, regionSpec, aliases))) {
    for (const [alias, word] of Object.entries(qualifications)) {
      const qualification = word.toUpperCase()
      if (!QUALIFICATIONS.has(qualification)) continue
      for (const region of lookup.find(alias)) {
        if (region.species !== aliasSpecies) continue
        regions.set(region.id, { region, qualification: qualification as Qualification })
      }
    }
  }
  return [...regions.values()]
}

export function aliasesOf(species: SpeciesName, regionSpec: string, aliases: RegionAliases) {
  return aliases[species]?.[regionSpec] ?? {}
}

/** How an anchored region relates to the one that is asked for: the same, a part of it, or what it is a part of. */
export function relateRegions(anchored: Region, asked: Region): Qualification | null {
  if (anchored.id === asked.id) return 'EXACT'
  if (anchored.parcellation.id !== asked.parcellation.id) return null
  if (includes(asked, anchored)) return 'CONTAINED'
  return includes(anchored, asked) ? 'CONTAINS' : null
}

/** By id, since a parcellation may hold one region twice. */
const includes = (whole: Region, region: Region): boolean => subtree(whole).some(({ id }) => id === region.id)
