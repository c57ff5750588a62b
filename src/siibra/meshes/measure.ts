import type { Mesh } from '../volumes/image.ts'

/** The volume that a closed mesh encloses, in its units cubed: positive where triangles are counter-clockwise as seen from outside. */
export function enclosedVolume({ vertices, faces }: Mesh): number {
  let total = 0
  for (let n = 0; n < faces.length; n += 3) {
    const [a, b, c] = [3 * faces[n]!, 3 * faces[n + 1]!, 3 * faces[n + 2]!]
    const [ax, ay, az] = [vertices[a]!, vertices[a + 1]!, vertices[a + 2]!]
    const [bx, by, bz] = [vertices[b]!, vertices[b + 1]!, vertices[b + 2]!]
    const [cx, cy, cz] = [vertices[c]!, vertices[c + 1]!, vertices[c + 2]!]
    total += ax * (by * cz - bz * cy) - ay * (bx * cz - bz * cx) + az * (bx * cy - by * cx)
  }
  return total / 6
}

/** Whether each side of a triangle is that of exactly one other, which goes along it the other way round (trimesh's `is_watertight`). */
export function isClosed({ vertices, faces }: Mesh): boolean {
  const count = vertices.length / 3
  const sides = new Set<number>()
  for (let n = 0; n < faces.length; n += 3) {
    for (let side = 0; side < 3; side++) {
      const key = faces[n + side]! * count + faces[n + ((side + 1) % 3)]!
      if (sides.has(key)) return false
      sides.add(key)
    }
  }
  for (const key of sides) {
    const [from, to] = [Math.floor(key / count), key % count]
    if (!sides.has(to * count + from)) return false
  }
  return true
}
