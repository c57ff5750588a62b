/**
 * Ways through the tree of regions, whose root is the parcellation itself. Nothing here calls itself, so that the depth of a foreign
 * atlas is bounded by memory, not by the stack.
 */
import type { Region } from './types.ts'

/** What a region is a part of: its parent first, the parcellation last. */
export function ancestors(region: Region): Region[] {
  const above: Region[] = []
  for (let upper = region.parent; upper !== null; upper = upper.parent) above.push(upper)
  return above
}

/** All parts of a region at any depth, without itself, in the order of listings (each before its own parts). */
export function descendants(region: Region): Region[] {
  const below: Region[] = []
  const waiting = [...region.children].reverse()
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    below.push(next)
    for (let n = next.children.length - 1; n >= 0; n--) waiting.push(next.children[n] as Region)
  }
  return below
}

/** The region and all of its parts, in the order of listings (each before its own parts). */
export const subtree = (region: Region): Region[] => [region, ...descendants(region)]

/** The region and all of its parts, each behind its own parts: for what a whole has from its parts. */
export function subtreeUpwards(region: Region): Region[] {
  // whole first, last child first: the wanted order, backwards
  const found: Region[] = []
  const waiting = [region]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    found.push(next)
    for (const child of next.children) waiting.push(child)
  }
  return found.reverse()
}

/** The regions at the ends of the tree below a region; itself where it has no parts. */
export function leaves(region: Region): Region[] {
  return subtree(region).filter(isLeaf)
}

/** Whether a region has no parts. */
export const isLeaf = ({ children }: Region): boolean => children.length === 0

/** From the parcellation down to the region itself. */
export function path(region: Region): Region[] {
  return [...ancestors(region).reverse(), region]
}

/** How many regions lie above: 0 for the parcellation. */
export function depth(region: Region): number {
  return ancestors(region).length
}

/** The other parts of what the region is a part of, in the order of listings; a parcellation has none. */
export function siblings(region: Region): Region[] {
  return region.parent?.children.filter((child) => child !== region) ?? []
}

/** The region of that depth (0: the parcellation) which a region is, or is a part of; itself where it does not lie deeper. */
export function ancestorAtDepth(region: Region, wantedDepth: number): Region {
  return path(region)[wantedDepth] ?? region
}

/** Whether a region is the other one, or a part of it at any depth. */
export function isWithin(region: Region, whole: Region): boolean {
  for (let upper: Region | null = region; upper !== null; upper = upper.parent) if (upper === whole) return true
  return false
}
