/** Probabilities in one file for each region, as BIDS names them: `tpl-X_atlas-Y_label-Z_probseg.nii.gz`. */
import type { VoxelArray } from '../../siibra/index.ts'
import { badSource } from '../errors.ts'
import { parseBidsName } from '../source/bids.ts'
import { type SourceFile, stemOf } from '../source/files.ts'
import type { ReadVolume, RegionTable, TableRow } from '../types.ts'

export interface SeparateMember {
  file: SourceFile
  /** The value of `label-`. */
  label: string
}

/** Files that differ in `label-` alone; of several resolutions those named first. */
export function separateProbabilities(files: readonly SourceFile[]): { name: string; members: SeparateMember[] }[] {
  const groups = new Map<string, { name: string; members: SeparateMember[] }>()
  for (const file of files) {
    const bids = parseBidsName(file.file)
    const label = bids?.entities.get('label')
    if (bids?.suffix !== 'probseg' || label === undefined) continue
    const entities = [...bids.entities].filter(([key]) => key !== 'label' && key !== 'res')
    const key = entities.map((entry) => entry.join('-')).join('_')
    const told = ['atlas', 'seg', 'desc', 'scale'].flatMap((one) => bids.entities.get(one) ?? [])
    const group = groups.get(key) ?? { name: told.join(' ') || key || stemOf(file.file), members: [] }
    if (!group.members.some((member) => member.label === label)) group.members.push({ file, label })
    groups.set(key, group)
  }
  return [...groups.values()].filter(({ members }) => members.length > 1)
}

/** One 4D volume of them. Throws where one is of another shape or place. */
export async function joinProbabilities(
  members: readonly SeparateMember[],
  read: (file: SourceFile) => Promise<ReadVolume>,
): Promise<ReadVolume> {
  let joined: { first: ReadVolume; data: VoxelArray } | undefined
  for (const [position, { file }] of members.entries()) {
    const volume = await read(file)
    const { shape, data, voxelToWorldMm } = volume.image
    if (shape.length !== 3) throw badSource(file.file, `it has ${shape.length} axes, not 3`)
    if (!joined) {
      const Kind = data.constructor as new (length: number) => VoxelArray
      joined = { first: volume, data: new Kind(data.length * members.length) }
    }
    const { image } = joined.first
    const isElsewhere = image.voxelToWorldMm.some((value, at) => Math.abs(value - voxelToWorldMm[at]!) > 1e-4)
    if (shape.join() !== image.shape.join() || isElsewhere) {
      throw badSource(
        file.file,
        `its shape or affine differs from that of ${joined.first.file}`,
        'Bring all to one grid.',
      )
    }
    joined.data.set(data, position * data.length)
  }
  const { first, data } = joined!
  const notes = [`${members.length} files of one region each, from ${first.file} on`]
  const image = { ...first.image, data, shape: [...first.image.shape, members.length] }
  return { ...first, image, original: undefined, table: undefined, notes: [...first.notes, ...notes] }
}

/** Names by the value of `label-`; a table may have fuller ones, by name, abbreviation or index. */
export function tableOfMembers(members: readonly SeparateMember[], told: RegionTable | undefined): RegionTable {
  const squeeze = (text: string | undefined) => text?.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
  const known = told?.readings[0]?.rows ?? []
  const rows = members.map(({ label }, position): TableRow => {
    const row = known.find((one) =>
      [one.acronym, one.name, one.label === null ? undefined : String(one.label)].some(
        (text) => squeeze(text) === squeeze(label),
      ),
    )
    return { ...(row ?? { name: label, line: null }), label: position + 1 }
  })
  return {
    file: told?.file ?? members[0]!.file.file,
    format: 'bids-tsv',
    readings: [{ column: 'label', rows }],
    isTree: false,
    isShared: false,
    positions: { firstIndex: 1 },
    notes: [],
  }
}
