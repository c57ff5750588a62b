import { foldCase } from '../../core/names.ts'
import { regionEntries } from '../../core/search/region-index.ts'
import { findRegions, shortnameTest, specWords } from '../../core/search/region-search.ts'
import type { Parcellation, Region } from '../../core/types.ts'

/** Finds regions by name in all parcellations at once. */
export interface RegionLookup {
  /**
   * All regions that match a name, parcellation by parcellation in the order of the configuration, best matches first;
   * children of regions that match themselves are left out. The rules are those of `findRegions`.
   */
  find(spec: string): readonly Region[]
  /** The regions of one parcellation: those of exactly this name, else all that match. */
  findIn(parcellationId: string, spec: string): readonly Region[]
}

/**
 * Features name thousands of regions, so the parcellations that can match at all are found by words first: a word that
 * occurs neither in a parcellation's regions nor in its short name rules it out.
 */
export function createRegionLookup(parcellations: readonly Parcellation[]): RegionLookup {
  const found = new Map<string, readonly Region[]>()
  let vocabularies: Vocabulary[] | undefined
  const find = (spec: string): readonly Region[] => {
    let regions = found.get(spec)
    if (!regions) {
      vocabularies ??= parcellations.map(collectVocabulary)
      regions = findInAll(vocabularies, spec)
      found.set(spec, regions)
    }
    return regions
  }
  const exact = new Map<string, ReadonlyMap<string, Region[]>>()
  return {
    find,
    findIn(parcellationId, spec) {
      let names = exact.get(parcellationId)
      if (!names) {
        const regions = parcellations.find(({ id }) => id === parcellationId)?.regions ?? []
        names = groupByName(regions)
        exact.set(parcellationId, names)
      }
      return names.get(spec) ?? find(spec).filter(({ parcellation }) => parcellation.id === parcellationId)
    },
  }
}

function groupByName(regions: readonly Region[]): Map<string, Region[]> {
  const groups = new Map<string, Region[]>()
  for (const region of regions) groups.set(region.name, [...(groups.get(region.name) ?? []), region])
  return groups
}

interface Vocabulary {
  parcellation: Parcellation
  words: ReadonlySet<string>
  /** Names, keys and ids, which match as a whole, whatever their words. */
  wholes: ReadonlySet<string>
}

function collectVocabulary(parcellation: Parcellation): Vocabulary {
  const words = new Set<string>()
  const wholes = new Set<string>()
  for (const entry of regionEntries(parcellation)) {
    for (const word of entry.words) words.add(word)
    wholes.add(entry.foldedName).add(entry.foldedKey).add(entry.foldedId)
  }
  return { parcellation, words, wholes }
}

function findInAll(vocabularies: readonly Vocabulary[], spec: string): Region[] {
  const whole = foldCase(spec).trim()
  const words = specWords(spec)
  const isInShortname = shortnameTest(spec)
  const canMatch = (vocabulary: Vocabulary) =>
    vocabulary.wholes.has(whole) ||
    isInShortname(foldCase(vocabulary.parcellation.shortname)) ||
    words.every((word) => vocabulary.words.has(word) || vocabulary.words.has(`v${word}`))
  return vocabularies.filter(canMatch).flatMap(({ parcellation }) => {
    const regions = findRegions(parcellation, spec)
    const ids = new Set(regions.map(({ id }) => id))
    return regions.filter(({ parent }) => parent === null || !ids.has(parent.id))
  })
}
