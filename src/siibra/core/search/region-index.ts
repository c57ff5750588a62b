import { createHash } from 'node:crypto'
import { oncePer } from '../../retrieval/cache/once-per.ts'
import { clearName, foldCase, splitRegionWords } from '../names.ts'
import type { Parcellation, Region } from '../types.ts'

/** What the search compares a region by, made once per parcellation. */
export interface RegionEntry {
  region: Region
  /** Key, id and name as `foldCase` leaves them. */
  foldedKey: string
  foldedId: string
  foldedName: string
  words: ReadonlySet<string>
  /** Of parcellations only: they match by parts of their short names, too. */
  foldedShortname: string | undefined
}

/** The parcellation and its regions, pre-order, as searches see them; made on the first search. */
export function regionEntries(parcellation: Parcellation): readonly RegionEntry[] {
  return oncePer(parcellation, makeEntries)
}

const makeEntries = ({ regions }: Parcellation): readonly RegionEntry[] => regions.map(toEntry)

/** The first region of exactly that name, pre-order; the parcellation's own name leads to itself. */
export function findRegionByName(parcellation: Parcellation, name: string): Region | undefined {
  return oncePer(parcellation, indexByName).get(name)
}

/** Of several regions of a name the first one stays. */
const indexByName = ({ regions }: Parcellation): ReadonlyMap<string, Region> =>
  new Map(regions.toReversed().map((region) => [region.name, region]))

export function toEntry(region: Region): RegionEntry {
  return {
    region,
    foldedKey: foldCase(region.key),
    foldedId: foldCase(region.id).trim(),
    foldedName: foldCase(region.name).trim(),
    words: wordsOf(region),
    foldedShortname: region.kind === 'parcellation' ? foldCase(region.shortname) : undefined,
  }
}

/** Of a name that stays as it is written, also the words of its short form: both ways of asking find it. */
function wordsOf({ name, parcellation }: Region): ReadonlySet<string> {
  const folded = foldCase(name)
  const words = new Set(splitRegionWords(clearName(folded)))
  if (parcellation.hasVerbatimNames) for (const word of splitRegionWords(folded)) words.add(word)
  return words
}

const INSTANCES = 'https://openminds.ebrains.eu/instances/parcellationEntityVersion/'
/** The one parcellation whose regions have ids of their own (SWMA, 2018). */
const NAMED_IDS_PARCELLATION_KEY = 'SUPERFICIAL_FIBRE_BUNDLES'

/**
 * The `@id` by which answers name a region. As in the original it is an MD5 of region id, parent and children joined,
 * since one parcellation may hold several regions of the same name.
 */
export function regionModelId(region: Region): string {
  return oncePer(region, makeModelId)
}

const makeModelId = (region: Region): string => INSTANCES + localModelId(region)

function localModelId(region: Region): string {
  if (region.parcellation.key === NAMED_IDS_PARCELLATION_KEY) return `SWMA_2018_${region.name}`
  const children = region.children.map(({ name }) => name)
  const joined = `(${children.join(', ')}${children.length === 1 ? ',' : ''})`
  return createHash('md5')
    .update(region.id + (region.parent?.name ?? 'None') + joined)
    .digest('hex')
}

/** The region of that `@id`, if it is one of this parcellation. */
export function findRegionByModelId(parcellation: Parcellation, id: string): Region | undefined {
  if (!id.startsWith(INSTANCES)) return undefined
  return oncePer(parcellation, indexByModelId).get(id)
}

/** Of several regions of an id the first one stays. */
const indexByModelId = ({ regions }: Parcellation): ReadonlyMap<string, Region> =>
  new Map(regions.toReversed().map((region) => [regionModelId(region), region]))
