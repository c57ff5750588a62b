/** The regions of a parcellation as rows of a table, in the order of its tree. */
import { type Hemisphere, hemisphereOf } from '../core/hemisphere.ts'
import { regionModelId } from '../core/search/region-index.ts'
import { isLeaf, path, subtree } from '../core/tree.ts'
import type { ParcellationMap, Region } from '../core/types.ts'

export interface RegionRow {
  name: string
  short_name: string
  /** `@id` of answers; null as the parent of a region that lies right below the parcellation. */
  id: string
  parent_id: string | null
  /** Names from the topmost region down to this one. */
  path: readonly string[]
  /** 1 for regions right below the parcellation. */
  depth: number
  /** Place in the tree of the parcellation, from 0, each region before its parts. */
  order: number
  is_leaf: boolean
  /** `#rrggbb`; null where there is none. */
  color: string | null
  side: Hemisphere | null
  /** Where a map draws it; all null where it does not, or where no map is given. A statistical map has no labels. */
  label: number | null
  volume: number | null
  fragment: string | null
}

export interface RegionRowOptions {
  /** Whose labels, volumes and fragments are told. */
  map?: ParcellationMap | undefined
  /** Only regions of that depth. */
  depth?: number | undefined
  /** Only regions without parts, or only those with parts. */
  leaf?: boolean | undefined
}

/** @param root the parcellation, or a region: then it and its parts. The parcellation itself is no row. */
export function regionRows(root: Region, options: RegionRowOptions = {}): RegionRow[] {
  const { map, depth, leaf } = options
  const orders = new Map(root.parcellation.regions.map((region, i) => [region, i - 1]))
  return subtree(root)
    .filter((region) => region.kind !== 'parcellation')
    .filter((region) => depth === undefined || region.depth === depth)
    .filter((region) => leaf === undefined || isLeaf(region) === leaf)
    .map((region) => toRow(region, orders.get(region) ?? -1, map))
}

function toRow(region: Region, order: number, map: ParcellationMap | undefined): RegionRow {
  const { name, shortname, parent, depth, rgb } = region
  const { label = null, volume = null, fragment = null } = map?.indices.get(name)?.[0] ?? {}
  return {
    name,
    short_name: shortname,
    id: regionModelId(region),
    parent_id: parent === null || parent.kind === 'parcellation' ? null : regionModelId(parent),
    path: path(region)
      .slice(1)
      .map((upper) => upper.name),
    depth,
    order,
    is_leaf: isLeaf(region),
    color: rgb,
    side: hemisphereOf(region, { fragment }),
    label,
    volume,
    fragment,
  }
}
