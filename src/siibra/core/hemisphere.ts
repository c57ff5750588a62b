import { path } from './tree.ts'
import type { Region, Space } from './types.ts'

export type Hemisphere = 'left' | 'right'

/**
 * Spaces whose plane x = 0 parts the hemispheres, by id: MNI 152 (2009c nonlinear asymmetric), Colin 27, BigBrain and
 * fsaverage, which are in MNI coordinates or moved to them; Waxholm, whose origin lies in the anterior commissure.
 */
const MIDDLE_AT_ZERO: ReadonlySet<string> = new Set([
  'minds/core/referencespace/v1.0.0/dafcffc5-4826-4bf1-8ff6-46b8a31ff8e2',
  'minds/core/referencespace/v1.0.0/7f39f7be-445b-47c0-9791-e971c0b6d992',
  'minds/core/referencespace/v1.0.0/a1655b99-82f1-420f-a3c2-fe80fd4c8588',
  'minds/core/referencespace/v1.0.0/tmp-fsaverage',
  'minds/core/referencespace/v1.0.0/d5717c4a-0fa1-46e6-918c-b8003069ade8',
])

const SIDES = /(?<![\p{L}\p{N}])(?:(left|lh|l)|(right|rh|r))(?![\p{L}\p{N}])/giu

/** The side that a text names as a word of its own; null where it names none, or both. `l` and `r` count at its ends only. */
function sideIn(text: string): Hemisphere | null {
  const sides = new Set<Hemisphere>()
  for (const match of text.matchAll(SIDES)) {
    const isLetter = match[0].length === 1
    const isAtEnd = match.index === 0 || match.index + match[0].length === text.length
    if (!isLetter || isAtEnd) sides.add(match[1] === undefined ? 'right' : 'left')
  }
  const [side = null, ...others] = sides
  return others.length === 0 ? side : null
}

/**
 * The side of a region: as its name says, or that of what it is a part of, or the fragment of the map in which it is
 * drawn (`left hemisphere`); else, and where there is no region, the sign of x where x = 0 is the middle plane of the space; else null.
 * @param place where the region is looked at, in mm of a space, and the fragment there.
 */
export function hemisphereOf(
  region: Region | undefined,
  place: { fragment?: string | null; space?: Space; xMm?: number } = {},
): Hemisphere | null {
  const named = (region ? path(region).slice(1) : [])
    .reverse()
    .map(({ name }) => sideIn(name))
    .find((side) => side !== null)
  if (named) return named
  const drawn = place.fragment ? sideIn(place.fragment) : null
  if (drawn) return drawn
  const { space, xMm = 0 } = place
  if (!space || !MIDDLE_AT_ZERO.has(space.id) || !(Math.abs(xMm) > 0)) return null
  return xMm < 0 ? 'left' : 'right'
}
