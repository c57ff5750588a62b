/** Probabilities in one file for each region, as BIDS names them: `tpl-X_atlas-Y_label-Z_probseg.nii.gz`. */
import type { Image, VoxelArray } from '../../siibra/index.ts'
import { badSource } from '../errors.ts'
import type { NonEmpty } from '../non-empty.ts'
import { parseBidsName } from '../source/bids.ts'
import { type SourceFile, stemOf } from '../source/files.ts'
import type { ReadVolume, RegionTable, TableRow } from '../types.ts'

export interface SeparateMember {
  file: SourceFile
  /** The value of `label-`. */
  label: string
}

interface Separate {
  name: string
  members: [SeparateMember, ...SeparateMember[]]
}

/** Files that differ in `label-` alone; of several resolutions those named first. */
export function separateProbabilities(files: readonly SourceFile[]): Separate[] {
  const groups = new Map<string, Separate>()
  for (const file of files) {
    const bids = parseBidsName(file.file)
    const label = bids?.entities.get('label')
    if (bids?.suffix !== 'probseg' || label === undefined) continue
    const entities = [...bids.entities].filter(([key]) => key !== 'label' && key !== 'res')
    const key = entities.map((entry) => entry.join('-')).join('_')
    const told = ['atlas', 'seg', 'desc', 'scale'].flatMap((one) => bids.entities.get(one) ?? [])
    const group = groups.get(key)
    if (!group) groups.set(key, { name: told.join(' ') || key || stemOf(file.file), members: [{ file, label }] })
    else if (!group.members.some((member) => member.label === label)) group.members.push({ file, label })
  }
  return [...groups.values()].filter(({ members }) => members.length > 1)
}

/** One 4D volume of them. Throws where one is of another shape or place. */
export async function joinProbabilities(
  members: NonEmpty<SeparateMember>,
  read: (file: SourceFile) => Promise<ReadVolume>,
): Promise<ReadVolume> {
  const readOne = async ({ file }: SeparateMember) => {
    const volume = await read(file)
    const { length } = volume.image.shape
    if (length !== 3) throw badSource(file.file, `it has ${length} axes, not 3`)
    return volume
  }
  const [start, ...others] = members
  const first = await readOne(start)
  const Kind = first.image.data.constructor as new (length: number) => VoxelArray
  const data = new Kind(first.image.data.length * members.length)
  data.set(first.image.data)
  for (const [before, member] of others.entries()) {
    const { image } = await readOne(member)
    if (image.shape.join() !== first.image.shape.join() || isElsewhere(image, first.image)) {
      throw badSource(
        member.file.file,
        `its shape or affine differs from that of ${first.file}`,
        'Bring all to one grid.',
      )
    }
    data.set(image.data, (before + 1) * image.data.length)
  }
  const notes = [`${members.length} files of one region each, from ${first.file} on`]
  const image = { ...first.image, data, shape: [...first.image.shape, members.length] }
  return { ...first, image, original: undefined, table: undefined, notes: [...first.notes, ...notes] }
}

function isElsewhere({ voxelToWorldMm: one }: Image, { voxelToWorldMm: other }: Image): boolean {
  return one.some((value, at) => Math.abs(value - (other[at] ?? Number.NaN)) > 1e-4)
}

/** Names by the value of `label-`; a table may have fuller ones, by name, abbreviation or index. */
export function tableOfMembers(members: NonEmpty<SeparateMember>, told: RegionTable | undefined): RegionTable {
  const squeeze = (text: string | undefined) => text?.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
  const known = told?.readings[0].rows ?? []
  const rows = members.map(({ label }, position): TableRow => {
    const row = known.find((one) =>
      [one.acronym, one.name, one.label === null ? undefined : String(one.label)].some(
        (text) => squeeze(text) === squeeze(label),
      ),
    )
    return { ...(row ?? { name: label, line: null }), label: position + 1 }
  })
  return {
    file: told?.file ?? members[0].file.file,
    format: 'bids-tsv',
    readings: [{ column: 'label', rows }],
    isTree: false,
    isShared: false,
    positions: { firstIndex: 1 },
    notes: [],
  }
}
