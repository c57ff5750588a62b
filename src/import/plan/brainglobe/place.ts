/** Where the voxels of atlases lie that have no origin in mm: BrainGlobe's, and Allen's. */
import type { Affine } from '../../../siibra/index.ts'
import { badSource } from '../../errors.ts'

/** Axis of RAS and direction of each letter: an axis that begins at `a` (anterior) runs to smaller y. */
const LETTERS: Readonly<Record<string, readonly [axis: 0 | 1 | 2, direction: 1 | -1]>> = {
  l: [0, 1],
  r: [0, -1],
  p: [1, 1],
  a: [1, -1],
  i: [2, 1],
  s: [2, -1],
}

/**
 * The affine of a volume whose `orientation` names its origin (BrainGlobe's "asr": the first voxel is anterior, superior, right). The corner
 * of the volume is 0, so the centre of the first voxel lies half a voxel inside.
 *
 * @param resolutionMm  along the three axes of the voxels
 */
export function cornerAffine(orientation: string, resolutionMm: readonly number[], file: string): Affine {
  const letters = [...orientation.toLowerCase()]
  const axes = letters.map((letter) => LETTERS[letter])
  if (letters.length !== 3 || axes.some((axis) => !axis) || new Set(axes.map((axis) => axis![0])).size !== 3) {
    throw badSource(
      file,
      `the orientation '${orientation}' is none`,
      'It is three letters, one each of a/p, s/i and r/l, such as asr.',
    )
  }
  if (resolutionMm.length !== 3 || !resolutionMm.every((size) => Number.isFinite(size) && size > 0)) {
    throw badSource(file, `the resolution ${JSON.stringify(resolutionMm)} is not three sizes above 0`)
  }
  const affine = new Float64Array(16)
  affine[15] = 1
  axes.forEach((axis, column) => {
    const [row, direction] = axis!
    affine[4 * row + column] = direction * resolutionMm[column]!
    affine[4 * row + 3] = (direction * resolutionMm[column]!) / 2
  })
  return affine
}

/** um from the corner, along the axes of the volume, to mm. */
export function umToMm(affine: Affine, resolutionMm: readonly number[]): Affine {
  const result = new Float64Array(16)
  result[15] = 1
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++)
      result[4 * row + column] = affine[4 * row + column]! / resolutionMm[column]! / 1000
  }
  return result
}
