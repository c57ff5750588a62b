/**
 * The invented anatomy: an ellipsoid with a dozen areas, named like the parts of a ship. Where an area lies is a formula, so
 * that every volume, surface and table of the demo agrees with all the others.
 */
export type Point = readonly [xMm: number, yMm: number, zMm: number]
export type Side = 'left' | 'right'

export interface Area {
  name: string
  lobe: string
  /** The area covers the part of the mantle nearest to this direction (x is mirrored for the left side). */
  direction: Point
  rgb: string
  /** The earlier version of the atlas drew the areas B1 and B2 as one. */
  nameInFirstVersion: string
}

export const AREAS: readonly Area[] = [
  area('Area B1 (Bow)', 'bow lobe', [0.35, 0.9, -0.1], '#e4572e', 'Area B (Bow)'),
  area('Area B2 (Bow)', 'bow lobe', [0.75, 0.6, 0.1], '#f3a712', 'Area B (Bow)'),
  area('Area S1 (Stern)', 'stern lobe', [0.3, -0.9, 0.1], '#29335c'),
  area('Area S2 (Stern)', 'stern lobe', [0.75, -0.6, -0.2], '#669bbc'),
  area('Area C1 (Crown)', 'crown lobe', [0.4, 0.05, 0.9], '#a8c686'),
  area('Area K1 (Keel)', 'keel lobe', [0.45, 0.05, -0.9], '#8d6a9f'),
  area('Hold (Core)', 'core', [0, 0, 0], '#c97c5d'),
]

/** An area by its number. Throws where there is none: the demo asks for its own areas only. */
export function requireArea(index: number): Area {
  const found = AREAS[index]
  if (!found) throw new RangeError(`the demo has no area ${index}`)
  return found
}

export const SIDES: readonly Side[] = ['left', 'right']

/** The body of the brain in the demo's template: half axes in mm; its centre is the origin. */
export const RADII_MM: Point = [60, 72, 54]

/** Below this normalised radius lies the core, above it the mantle. */
export const CORE_RADIUS = 0.4

/** Normalised radius: 0 in the centre, 1 at the surface. */
export function radiusAt(x: number, y: number, z: number): number {
  return Math.hypot(x / RADII_MM[0], y / RADII_MM[1], z / RADII_MM[2])
}

export function sideAt(x: number): Side {
  return x < 0 ? 'left' : 'right'
}

/** Index into AREAS of the area at a point (mm), or -1 outside the brain. */
export function areaAt(x: number, y: number, z: number): number {
  const radius = radiusAt(x, y, z)
  if (radius > 1) return -1
  return radius < CORE_RADIUS ? AREAS.length - 1 : nearestMantleArea(x, y, z)
}

/** The mantle area in whose direction a point lies; used for surfaces, where depth does not count. */
export function nearestMantleArea(x: number, y: number, z: number): number {
  let best = 0
  let bestProjection = Number.NEGATIVE_INFINITY
  for (let index = 0; index < AREAS.length - 1; index++) {
    const [dx, dy, dz] = requireArea(index).direction
    const projection =
      ((Math.abs(x) / RADII_MM[0]) * dx + (y / RADII_MM[1]) * dy + (z / RADII_MM[2]) * dz) / Math.hypot(dx, dy, dz)
    if (projection > bestProjection) {
      best = index
      bestProjection = projection
    }
  }
  return best
}

/** Where features and statistical maps place an area: in mid-mantle, or in the middle of its half of the core. */
export function centreOf(index: number, side: Side): Point {
  const [dx, dy, dz] = requireArea(index).direction
  const length = Math.hypot(dx, dy, dz)
  const sign = side === 'left' ? -1 : 1
  if (length === 0) return [sign * 0.5 * CORE_RADIUS * RADII_MM[0], 0, 0]
  const scale = 0.72 / length
  return [round(sign * dx * scale * RADII_MM[0]), round(dy * scale * RADII_MM[1]), round(dz * scale * RADII_MM[2])]
}

export const distanceMm = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])

/** The region's full name, as siibra-configurations spells hemispheres. */
export function regionName(areaName: string, side: Side): string {
  return `${areaName} - ${side} hemisphere`
}

/** All regions on one side or the other: name, index of the area, side. */
export const LEAF_REGIONS = AREAS.flatMap(({ name }, index) =>
  SIDES.map((side) => ({ name: regionName(name, side), index, side })),
)

function area(name: string, lobe: string, direction: Point, rgb: string, nameInFirstVersion = name): Area {
  return { name, lobe, direction, rgb, nameInFirstVersion }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
