/** Which half of the brain a name speaks of. */
export type Side = 'left' | 'right'

/** `left`, `L`, `lh` as a word of its own, at the start or end of the name, or `ctx-lh-`. */
const PATTERNS: readonly [RegExp, Side][] = [
  [/(?:^|[\s_.,-]|(?<=[([]))(?:left|lh)(?:[_.,-]|(?=$|[\s)\]]))/i, 'left'],
  [/(?:^|[\s_.,-]|(?<=[([]))(?:right|rh)(?:[_.,-]|(?=$|[\s)\]]))/i, 'right'],
  [/(?:(?:[\s_.-]|(?<=[([]))L(?=$|[)\]])|^L[\s_.-])/, 'left'],
  [/(?:(?:[\s_.-]|(?<=[([]))R(?=$|[)\]])|^R[\s_.-])/, 'right'],
]

/** The side that a name gives, and the name without it; undefined where it gives none, or both. */
export function sideOfName(name: string): { side: Side; stem: string } | undefined {
  const found = PATTERNS.filter(([pattern]) => pattern.test(name))
  const sides = new Set(found.map(([, side]) => side))
  const [first] = found
  if (!first || sides.size !== 1) return undefined
  const [pattern, side] = first
  const stem = name
    .replace(pattern, ' ')
    .replace(/\s*(?:\(\s*\)|\[\s*\])/g, '')
    .replace(/^[\s_.,-]+|[\s_.,-]+$/g, '')
    .replace(/\s+/g, ' ')
  return stem === '' ? undefined : { side, stem }
}

/**
 * Where a volume has its middle, mm along x: 0, unless the whole of it lies on one side of 0, as where the corner of the volume is 0
 * (BrainGlobe): then the middle of the volume.
 *
 * @param voxelToWorldMm  row-major
 */
export function midlineOf(shape: readonly number[], voxelToWorldMm: ArrayLike<number>): number {
  let least = voxelToWorldMm[3]!
  let most = voxelToWorldMm[3]!
  for (let axis = 0; axis < 3; axis++) {
    const span = voxelToWorldMm[axis]! * (shape[axis]! - 1)
    least += Math.min(0, span)
    most += Math.max(0, span)
  }
  return least < 0 && most > 0 ? 0 : (least + most) / 2
}
