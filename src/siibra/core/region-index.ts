import { createHash } from 'node:crypto'
import { clearName, foldCase, splitRegionWords } from './names.ts'
import type { Parcellation, Region } from './types.ts'

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

const ENTRIES = new WeakMap<Parcellation, readonly RegionEntry[]>()
const BY_NAME = new WeakMap<Parcellation, ReadonlyMap<string, Region>>()
const BY_MODEL_ID = new WeakMap<Parcellation, Map<string, Region>>()
const MODEL_IDS = new WeakMap<Region, string>()

/** The parcellation and its regions, pre-order, as searches see them; made on the first search. */
export function regionEntries(parcellation: Parcellation): readonly RegionEntry[] {
  let entries = ENTRIES.get(parcellation)
  if (!entries) {
    entries = parcellation.regions.map(toEntry)
    ENTRIES.set(parcellation, entries)
  }
  return entries
}

/** The first region of exactly that name, pre-order; the parcellation's own name leads to itself. */
export function findRegionByName(parcellation: Parcellation, name: string): Region | undefined {
  let regions = BY_NAME.get(parcellation)
  if (!regions) {
    regions = new Map(parcellation.regions.toReversed().map((region) => [region.name, region]))
    BY_NAME.set(parcellation, regions)
  }
  return regions.get(name)
}

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
  const known = MODEL_IDS.get(region)
  if (known) return known
  const id = INSTANCES + localModelId(region)
  MODEL_IDS.set(region, id)
  return id
}

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
  let regions = BY_MODEL_ID.get(parcellation)
  if (!regions) {
    regions = new Map()
    for (const region of parcellation.regions) {
      const modelId = regionModelId(region)
      if (!regions.has(modelId)) regions.set(modelId, region)
    }
    BY_MODEL_ID.set(parcellation, regions)
  }
  return regions.get(id)
}
