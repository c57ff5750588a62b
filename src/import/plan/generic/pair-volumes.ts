/** Volumes and tables that lie in one folder: which belongs to which, by the names of BIDS, by equal names, else by what stands in them. */
import { voxelSizesOf } from '../../../siibra/index.ts'
import type { Journal } from '../../journal.ts'
import { groupBy, isNonEmpty, type NonEmpty } from '../../non-empty.ts'
import { inheritedTable, parseBidsName } from '../../source/bids.ts'
import { isVolume, type SourceFile, stemOf } from '../../source/files.ts'
import type { FoundTable } from '../../source/tables.ts'
import type { ReadVolume } from '../../types.ts'
import { slugOf } from '../../write/slug.ts'
import { joinProbabilities, separateProbabilities, tableOfMembers } from '../separate-probabilities.ts'
import { matchTable } from './match-table.ts'
import { finest, type GenericOptions, type Pair, type Volumes } from './pair.ts'
import { placed } from './volumes.ts'

export async function pairVolumes(options: GenericOptions, reader: Volumes): Promise<Pair[]> {
  const { source, found, journal } = options
  const candidates = source.main && isVolume(source.main) ? [source.main] : source.files.filter(isVolume)
  const isOnly = candidates.length === 1
  const pairs: Pair[] = await pairSeparate(candidates, found.tables, reader)
  const separate = new Set(pairs.flatMap(({ file, others = [] }) => [file, ...others]))
  const tried: { file: SourceFile; why: string; error?: unknown }[] = []
  for (const file of candidates) {
    if (separate.has(file) || (isBidsOther(file.file) && !isOnly)) continue
    let volume: ReadVolume
    try {
      volume = await reader.read(file)
    } catch (thrown) {
      tried.push({ file, why: (thrown as Error).message, error: thrown })
      continue
    }
    const match = matchTable(file, volume, found.tables, options, isOnly)
    if (match === undefined) {
      tried.push({ file, why: 'no table names what is in it' })
      continue
    }
    const { table, tableFile, byRow } = match
    const bids = parseBidsName(file.file)
    const entities = ['atlas', 'seg', 'desc', 'scale'].flatMap((key) => bids?.entities.get(key) ?? [])
    const name = table.atlas?.name ?? (entities.join(' ') || stemOf(file.file))
    pairs.push({ file, volume, table, tableFile, byRow, group: file.file, name })
  }
  if (!isNonEmpty(pairs)) {
    const failed = tried.find(({ error }) => error !== undefined)
    if (failed) throw failed.error
    return []
  }
  const chosen = withNamesApart(await onePerAtlas(pairs, journal))
  const result: Pair[] = []
  for (const pair of chosen) result.push({ ...pair, volume: await placed(pair.volume, pair.table, journal) })
  return result
}

/** BIDS `label-X_probseg` files, one for each region, as the volumes of one. */
async function pairSeparate(files: readonly SourceFile[], tables: readonly FoundTable[], reader: Volumes) {
  const pairs: Pair[] = []
  for (const { name, members } of separateProbabilities(files)) {
    const volume = await joinProbabilities(members, (file) => reader.read(file))
    const [{ file: first }, ...rest] = members
    const inherited = inheritedTable(
      first.file,
      tables.map((one) => ({ ...one, file: one.source.file })),
    )
    const table = tableOfMembers(members, inherited?.table)
    const others = rest.map(({ file }) => file)
    pairs.push({
      file: first,
      others,
      volume,
      table,
      tableFile: inherited?.source,
      byRow: false,
      group: first.file,
      name,
    })
  }
  return pairs
}

/** Several atlases in one folder may be called the same: the names of their files tell them apart. */
function withNamesApart(pairs: readonly Pair[]): Pair[] {
  const slugs = pairs.map(({ name }) => slugOf(name))
  return pairs.map((pair, i) => {
    const isTwice = slugs.some((slug, other) => other !== i && slug === slugs[i])
    return isTwice ? { ...pair, name: `${pair.name} ${stemOf(pair.file.file)}` } : pair
  })
}

/** By its BIDS name neither labels nor probabilities. */
function isBidsOther(file: string): boolean {
  const name = parseBidsName(file)
  return (
    name !== undefined &&
    name.entities.size > 0 &&
    /^(?:T1w|T2w|T2star|PD|FLAIR|mask|boldref|T1map|T2map|bold|res|template)$/i.test(name.suffix)
  )
}

/** The same for the resolutions of one atlas. */
function atlasKey({ file, tableFile, volume }: Pair): string {
  const bids = parseBidsName(file.file)
  const entities = [...(bids?.entities ?? [])].filter(([key]) => key !== 'res').map((entry) => entry.join('-'))
  return bids && entities.length > 0
    ? `${entities.join('_')}_${bids.suffix}`
    : `${tableFile?.file ?? file.file} ${volume.image.shape.length}`
}

/** Of the same atlas at several resolutions the finest; of several volumes with one table and the same size, a guess. */
async function onePerAtlas(pairs: NonEmpty<Pair>, journal: Journal): Promise<Pair[]> {
  const chosen: Pair[] = []
  for (const group of groupBy(pairs, atlasKey)) {
    const best = finest(group)
    const size = (pair: Pair) =>
      voxelSizesOf(pair.volume.image.voxelToWorldMm).reduce((product, one) => product * one, 1)
    const equal = group.filter((pair) => Math.abs(size(pair) - size(best)) < 1e-6 * size(best))
    if (equal.length > 1) {
      await journal.guess(
        '<source>',
        `${equal.map(({ file }) => file.file).join(' and ')} fit ${best.table.file} alike. Which one is it?`,
        best.file.file,
      )
    }
    for (const { file } of group.filter((pair) => pair !== best)) {
      journal.leftOut.push({ file: file.file, why: `${best.file.file} of the same atlas was taken` })
    }
    chosen.push(best)
  }
  return chosen
}
