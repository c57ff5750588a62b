/** Allen's NRRD of the mouse brain: its header is known to be wrong. */
import { voxelSizesOf } from '../../siibra/index.ts'
import type { Journal } from '../journal.ts'
import type { ReadVolume, RegionTable } from '../types.ts'

/**
 * Allen's files say that they lie in left-posterior-superior, in um without saying so; their axes are anterior to posterior, superior to
 * inferior, left to right (BICCN/cell-locator#48, AllenSDK#312). There is no origin: the corner of the volume is 0.
 *
 * @returns the volume in its place, or undefined where it is none of these
 */
export async function placeAllenVolume(
  volume: ReadVolume,
  table: RegionTable,
  journal: Journal,
): Promise<ReadVolume | undefined> {
  const sizes = allenSizes(volume)
  if (!sizes) return undefined
  if (table.format !== 'allen-json') {
    await journal.guess(
      '--affine',
      `The header of ${volume.file} gives voxels of ${sizes.join(' x ')} mm. Is it one of Allen's, in um, with the axes posterior, inferior, right?`,
      'yes',
    )
  }
  journal.notes.push(
    `The header of ${volume.file} says left-posterior-superior, wrongly, as Allen's do: its axes are posterior, inferior, right, in um. ` +
      'The corner of the volume is 0: um (a, s, r) are (r, -a, -s) / 1000 mm',
  )
  return inAllensPlace(volume, sizes)
}

/** The template of such a volume lies as it does. */
export function placeAllenTemplate(volume: ReadVolume): ReadVolume {
  const sizes = allenSizes(volume)
  return sizes ? inAllensPlace(volume, sizes) : volume
}

type Sizes = readonly [number, number, number]

/** Of a NRRD whose header gives um as if they were mm: the sizes of its voxels. Nothing of a brain has voxels of 5 mm. */
function allenSizes({ format, image: { voxelToWorldMm: m } }: ReadVolume): Sizes | undefined {
  if (format !== 'nrrd') return undefined
  const isDiagonal = [1, 2, 4, 6, 8, 9].every((at) => m[at] === 0)
  // a diagonal's sizes are its own numbers
  const sizes = voxelSizesOf(m)
  return isDiagonal && sizes.every((size) => size >= 5) ? sizes : undefined
}

function inAllensPlace(volume: ReadVolume, [aUm, sUm, rUm]: Sizes): ReadVolume {
  const [a, s, r] = [aUm / 1000, sUm / 1000, rUm / 1000]
  const voxelToWorldMm = Float64Array.of(0, 0, r, r / 2, -a, 0, 0, -a / 2, 0, -s, 0, -s / 2, 0, 0, 0, 1)
  return { ...volume, hasPlace: true, original: undefined, image: { ...volume.image, voxelToWorldMm } }
}
