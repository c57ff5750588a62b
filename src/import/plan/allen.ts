/** Allen's NRRD of the mouse brain: its header is known to be wrong. */
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
  if (volume.format !== 'nrrd') return undefined
  const m = volume.image.voxelToWorldMm
  const sizes = [0, 1, 2].map((axis) => Math.abs(m[5 * axis]!))
  const isDiagonal = [1, 2, 4, 6, 8, 9].every((at) => m[at] === 0)
  // nothing of a brain has voxels of 5 mm: these are um
  const isMicrometres = sizes.every((size) => size >= 5)
  if (!isDiagonal || !isMicrometres) return undefined
  if (table.format !== 'allen-json') {
    await journal.guess(
      '--affine',
      `The header of ${volume.file} gives voxels of ${sizes.join(' x ')} mm. Is it one of Allen's, in um, with the axes posterior, inferior, right?`,
      'yes',
    )
  }
  const [a, s, r] = sizes.map((um) => um / 1000) as [number, number, number]
  journal.notes.push(
    `The header of ${volume.file} says left-posterior-superior, wrongly, as Allen's do: its axes are posterior, inferior, right, in um. ` +
      'The corner of the volume is 0: um (a, s, r) are (r, -a, -s) / 1000 mm',
  )
  const voxelToWorldMm = Float64Array.of(0, 0, r, r / 2, -a, 0, 0, -a / 2, 0, -s, 0, -s / 2, 0, 0, 0, 1)
  return { ...volume, hasPlace: true, original: undefined, image: { ...volume.image, voxelToWorldMm } }
}
