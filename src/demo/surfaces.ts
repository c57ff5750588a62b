import type { Mesh } from '../siibra/index.ts'
import { nearestMantleArea, RADII_MM, SIDES, type Side } from './anatomy.ts'
import { encodeGiftiLabels, encodeGiftiMesh } from './encoders/gifti.ts'
import { type DemoPart, onDemoHost } from './part.ts'
import { unitSphere } from './sphere.ts'

/** Per variant: how far the surface is blown up, and how far each half is moved aside (mm). */
const VARIANTS = {
  'white-matter': { scale: 0.75, asideMm: 0 },
  pial: { scale: 1, asideMm: 0 },
  inflated: { scale: 1.2, asideMm: 12 },
}

const SUBDIVISIONS = 3

/** The surface space: a pebble per hemisphere in three variants of equal topology, and one labelling. */
export const surfaces: DemoPart = {
  files: {},
  objects: onDemoHost(
    Object.fromEntries(
      SIDES.flatMap((side) => [
        ...Object.entries(VARIANTS).map(([variant, { scale, asideMm }]) => [
          `surfaces/${side[0]}h.${variant}.gii`,
          () => encodeGiftiMesh(hemisphere(side, scale, asideMm)),
        ]),
        [`surfaces/${side[0]}h.harbour2.label.gii`, () => encodeGiftiLabels(labelVertices(side))],
      ]),
    ),
  ),
}

/** Half of the ellipsoid's width, rounded off towards the middle. Same vertices in the same order for all variants. */
export function hemisphere(side: Side, scale: number, asideMm: number, subdivisions = SUBDIVISIONS): Mesh {
  const sign = side === 'left' ? -1 : 1
  const half = RADII_MM[0] / 2
  const radii = [half - 1, RADII_MM[1], RADII_MM[2]]
  const { vertices, faces } = unitSphere(subdivisions)
  return {
    vertices: Float32Array.from(vertices, (value, index) => {
      const axis = index % 3
      return value * radii[axis]! * scale + (axis === 0 ? sign * (half * scale + asideMm) : 0)
    }),
    faces: Uint32Array.from(faces),
  }
}

/** Label of the area in whose direction a vertex lies; 0 on the wall that faces the other hemisphere. */
function labelVertices(side: Side): Int32Array {
  const { vertices } = hemisphere(side, 1, 0)
  const labels = new Int32Array(vertices.length / 3)
  for (let vertex = 0; vertex < labels.length; vertex++) {
    const [x = 0, y = 0, z = 0] = vertices.subarray(3 * vertex, 3 * vertex + 3)
    labels[vertex] = Math.abs(x) < 6 ? 0 : nearestMantleArea(x, y, z) + 1
  }
  return labels
}
