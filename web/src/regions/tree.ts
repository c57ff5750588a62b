import type { Region } from '../api/types.ts'

/** A region and its parts. */
export interface RegionNode {
  region: Region
  children: RegionNode[]
  depth: number
  parent: RegionNode | undefined
  /** `#rrggbb`: its own, else that of all of its parts, else that of the region that it is a part of. */
  colour: string | undefined
}

/** The tree of regions from their listing, in its order. */
export function buildTree(regions: readonly Region[]): { roots: RegionNode[]; byName: Map<string, RegionNode> } {
  const byId = new Map<string, RegionNode>()
  const byName = new Map<string, RegionNode>()
  const roots: RegionNode[] = []
  for (const region of regions) {
    const parent = region.hasParent?.map((one) => byId.get(one['@id'])).find((node) => node !== undefined)
    const colour = region.hasAnnotation?.displayColor ?? undefined
    const node: RegionNode = { region, children: [], depth: parent ? parent.depth + 1 : 0, parent, colour }
    if (parent) parent.children.push(node)
    else roots.push(node)
    byId.set(region['@id'], node)
    byName.set(region.name, node)
  }
  for (const root of roots) spreadColours(root)
  return { roots, byName }
}

function spreadColours(node: RegionNode) {
  for (const child of node.children) {
    child.colour ??= node.colour
    spreadColours(child)
  }
  const [first, ...others] = node.children.map(({ colour }) => colour)
  if (others.every((colour) => colour === first)) node.colour ??= first
}

/** Names of a region and of all of its parts. */
export function namesWithin(node: RegionNode): Set<string> {
  const names = new Set<string>()
  const waiting = [node]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    names.add(next.region.name)
    waiting.push(...next.children)
  }
  return names
}

/** From the outermost region down to the node itself. */
export function pathTo(node: RegionNode): RegionNode[] {
  const path: RegionNode[] = []
  for (let at: RegionNode | undefined = node; at; at = at.parent) path.unshift(at)
  return path
}
