/** A volume and its table, and what pairing them needs. */
import type { Affine } from '../../../siibra/index.ts'
import { voxelSizesOf } from '../../../siibra/index.ts'
import type { Journal } from '../../journal.ts'
import type { NonEmpty } from '../../non-empty.ts'
import type { Source, SourceFile } from '../../source/files.ts'
import type { FoundTables } from '../../source/tables.ts'
import type { ReadVolume, RegionTable } from '../../types.ts'

export interface GenericOptions {
  source: Source
  found: FoundTables
  name: string | undefined
  slug: (name: string) => string
  affine: Affine | undefined
  hierarchy: RegionTable | undefined
  journal: Journal
}

/** A volume and its table. */
export interface Pair {
  file: SourceFile
  volume: ReadVolume
  table: RegionTable
  tableFile: SourceFile | undefined
  /** BIDS probseg: the order of the rows counts. */
  byRow: boolean
  /** Parts of one parcellation (a 4D file and its summary) have the same. */
  group: string
  name: string
  /** Further files that it consists of. */
  others?: readonly SourceFile[]
}

export interface Volumes {
  read(file: SourceFile): Promise<ReadVolume>
}

/** The finest of several; of equally fine ones the first. */
export function finest<T extends { volume: ReadVolume }>(candidates: NonEmpty<T>): T
export function finest<T extends { volume: ReadVolume }>(candidates: readonly T[]): T | undefined
export function finest<T extends { volume: ReadVolume }>(candidates: readonly T[]): T | undefined {
  const size = ({ volume }: T) => voxelSizesOf(volume.image.voxelToWorldMm).reduce((product, one) => product * one, 1)
  return candidates.reduce<T | undefined>(
    (best, one) => (best && size(best) <= size(one) * 1.001 ? best : one),
    undefined,
  )
}
