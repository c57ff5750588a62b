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

/** The regions at the ends of the tree below a region; itself where it has no parts. */
export function leaves(region: Region): Region[] {
  return [region, ...descendants(region)].filter(({ children }) => children.length === 0)
}

/** From the parcellation down to the region itself. */
export function path(region: Region): Region[] {
  return [...ancestors(region).reverse(), region]
}

/** How many regions lie above: 0 for the parcellation. */
export function depth(region: Region): number {
  return ancestors(region).length
}

/** Whether a region is the other one, or a part of it at any depth. */
export function isWithin(region: Region, whole: Region): boolean {
  for (let upper: Region | null = region; upper !== null; upper = upper.parent) if (upper === whole) return true
  return false
}
