/** Where the voxels of atlases lie that have no origin in mm: BrainGlobe's, and Allen's. */
import type { Affine } from '../../../siibra/index.ts'
import { badSource } from '../../errors.ts'

/** The axis of RAS along which an axis of voxels runs, and where to. */
type RasAxis = readonly [axis: 0 | 1 | 2, direction: 1 | -1]

export type RasAxes = readonly [RasAxis, RasAxis, RasAxis]

export type Triple = readonly [number, number, number]

/** Of each letter: an axis that begins at `a` (anterior) runs to smaller y. */
const LETTERS: Readonly<Record<string, RasAxis>> = {
  l: [0, 1],
  r: [0, -1],
  p: [1, 1],
  a: [1, -1],
  i: [2, 1],
  s: [2, -1],
}

/** The axes that BrainGlobe's "asr" names by their origin: the first voxel is anterior, superior, right. */
export function parseOrientation(orientation: string, file: string): RasAxes {
  const [first, second, third, ...further] = [...orientation.toLowerCase()].map((letter) => LETTERS[letter])
  if (first && second && third && further.length === 0) {
    if (new Set([first[0], second[0], third[0]]).size === 3) return [first, second, third]
  }
  throw badSource(
    file,
    `the orientation '${orientation}' is none`,
    'It is three letters, one each of a/p, s/i and r/l, such as asr.',
  )
}

/**
 * The affine of a volume with these axes. Its corner is 0, so the centre of the first voxel lies half a voxel inside.
 *
 * @param resolutionMm  along the three axes of the voxels
 */
export function cornerAffine(axes: RasAxes, resolutionMm: Triple): Affine {
  const affine = new Float64Array(16)
  affine[15] = 1
  for (const column of [0, 1, 2] as const) {
    const [row, direction] = axes[column]
    affine[4 * row + column] = direction * resolutionMm[column]
    affine[4 * row + 3] = (direction * resolutionMm[column]) / 2
  }
  return affine
}

/** um from the corner, along these axes, to mm. */
export function umToMm(axes: RasAxes): Affine {
  const affine = new Float64Array(16)
  affine[15] = 1
  for (const [column, [row, direction]] of axes.entries()) affine[4 * row + column] = direction / 1000
  return affine
}

/** Whether a level of a pyramid has voxels of these sizes, up to a millionth. What it does not say is not compared. */
export function hasSizes(scale: readonly number[], [x, y, z]: Triple): boolean {
  const [ofX = x, ofY = y, ofZ = z, ...further] = scale
  const isNear = (size: number, wanted: number) => Math.abs(size - wanted) < 1e-6 * size
  return further.length === 0 && isNear(ofX, x) && isNear(ofY, y) && isNear(ofZ, z)
}
