/** Volumes as they are read, and where they lie. */
import { determinantOf } from '../../../siibra/index.ts'
import { badSource } from '../../errors.ts'
import type { Journal } from '../../journal.ts'
import type { SourceFile } from '../../source/files.ts'
import type { ReadVolume, RegionTable } from '../../types.ts'
import { readVolume } from '../../volumes/read-volume.ts'
import { placeAllenVolume } from '../allen.ts'
import type { GenericOptions, Volumes } from './pair.ts'

/** Each volume is read once. */
export function createVolumes({ affine, journal }: GenericOptions): Volumes {
  const known = new Map<SourceFile, Promise<ReadVolume>>()
  const read = async (file: SourceFile) => {
    const volume = await readVolume(file)
    if (!affine) return volume
    journal.notes.push(`${file.file}: the affine is that of --affine`)
    return { ...volume, hasPlace: true, original: undefined, image: { ...volume.image, voxelToWorldMm: affine } }
  }
  return {
    read(file) {
      let volume = known.get(file)
      if (!volume) {
        volume = read(file)
        known.set(file, volume)
      }
      return volume
    },
  }
}

/** Throws where nothing says where the volume lies. */
export async function placed(volume: ReadVolume, table: RegionTable, journal: Journal): Promise<ReadVolume> {
  const allen = await placeAllenVolume(volume, table, journal)
  if (allen) return allen
  if (volume.hasPlace) {
    const determinant = determinantOf(volume.image.voxelToWorldMm)
    if (determinant !== 0 && Number.isFinite(determinant)) return volume
    throw badSource(
      volume.file,
      'its affine is singular: it places all voxels in a plane',
      'Give the right one with --affine.',
    )
  }
  const what = {
    nifti: 'neither qform nor sform',
    nrrd: 'no space, or no space directions',
    mgh: 'no valid RAS (goodRASFlag is 0)',
    tiff: 'no affine: TIFF has none',
    'ome-zarr': 'no affine',
  }[volume.format]
  throw badSource(
    volume.file,
    `its header has ${what}: it has no place in any space`,
    'Say where it lies with --affine "a b c d  e f g h  i j k l" (rows of voxel to mm), or --affine other.nii.gz for that of another volume.',
  )
}
