import { oncePer } from '../retrieval/cache/once-per.ts'
import { subtreeUpwards } from './tree.ts'
import type { Parcellation, ParcellationMap, Region, Space } from './types.ts'

/** What a region needs to know of the core to tell where it is mapped. */
export interface MapsAndSpaces {
  spaces: { all: readonly Space[] }
  maps: { all: readonly ParcellationMap[] }
}

const NOWHERE: SpaceIds = new Set()

type SpaceIds = ReadonlySet<string>

/** What was found out about the maps of a configuration: the spaces of regions, and of names in a parcellation. */
function createMappedSpaces(_: MapsAndSpaces['maps']) {
  return { ofRegion: new Map<Region, SpaceIds>(), ofNames: new Map<Parcellation, Map<string, Set<string>>>() }
}

/** The spaces in which the region, or all of its children, are drawn by some map; in the order of the spaces. */
export function supportedSpaces(core: MapsAndSpaces, region: Region): Space[] {
  const ids = supportedSpaceIds(core, region)
  return core.spaces.all.filter(({ id }) => ids.has(id))
}

/** Whether the region, or all of its children, are drawn by some map of the space. */
export function isMappedIn(core: MapsAndSpaces, region: Region, space: Space): boolean {
  return supportedSpaceIds(core, region).has(space.id)
}

function supportedSpaceIds(core: MapsAndSpaces, region: Region): SpaceIds {
  const known = oncePer(core.maps, createMappedSpaces).ofRegion
  const before = known.get(region)
  if (before) return before
  const names = mappedNames(core, region.parcellation)
  let ids: SpaceIds = NOWHERE
  for (const part of subtreeUpwards(region)) {
    ids = known.get(part) ?? joinParts(names.get(part.name), part.children, known)
    known.set(part, ids)
  }
  return ids // the last one is the region's own
}

/** Where a region is drawn itself, or all of its parts are, which are known already. */
function joinParts(
  own: SpaceIds | undefined,
  parts: readonly Region[],
  known: ReadonlyMap<Region, SpaceIds>,
): SpaceIds {
  const [first = NOWHERE, ...others] = parts.map((part) => known.get(part) ?? NOWHERE)
  return new Set([...(own ?? []), ...[...first].filter((id) => others.every((other) => other.has(id)))])
}

/** Region name -> ids of the spaces in which maps of the parcellation draw it. */
function mappedNames(core: MapsAndSpaces, parcellation: Parcellation): Map<string, Set<string>> {
  const known = oncePer(core.maps, createMappedSpaces).ofNames
  const before = known.get(parcellation)
  if (before) return before
  const names = new Map<string, Set<string>>()
  for (const map of core.maps.all) {
    if (map.parcellation !== parcellation) continue
    for (const name of map.indices.keys()) {
      const spaceIds = names.get(name)
      if (spaceIds) spaceIds.add(map.space.id)
      else names.set(name, new Set([map.space.id]))
    }
  }
  known.set(parcellation, names)
  return names
}
