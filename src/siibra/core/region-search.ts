import { SiibraError } from '../errors.ts'
import { clearName, splitRegionWords, splitWhitespace } from './names.ts'
import { findRegionByModelId, findRegionByName, type RegionEntry, regionEntries, toEntry } from './region-index.ts'
import { parseRegionPattern, type TextsTest } from './region-pattern.ts'
import { type Match, shorten } from './registry.ts'
import { createSimilarity } from './similarity.ts'
import type { Parcellation, Region } from './types.ts'

export interface FindOptions {
  /** Leave out children of regions that match themselves. */
  filterChildren?: boolean
  /** With `filterChildren`: a parent all of whose children match stands for them, even if it does not match. */
  findTopmost?: boolean
}

/**
 * The regions of the subtree under `root` (itself included) that match: a name, key or id in any case, words that all
 * occur in the name, or `/regular expression/flags` on names and keys. No two have the same id; most similar names first,
 * for a regular expression the least deep first. Throws INVALID_PARAMETER for a broken expression.
 */
export function findRegions(root: Region, spec: string, options: FindOptions = {}): Region[] {
  const { filterChildren = false, findTopmost = true } = options
  const pattern = parseRegionPattern(spec)
  const entries = entriesUnder(root)
  const matching = pattern ? entriesWithPattern(entries, pattern) : entries.filter(specTest(spec))
  let found = matching.map(({ region }) => region)
  if (found.length > 1 && filterChildren) {
    found = withoutMatchedChildren(found)
    if (findTopmost) found = withCompleteParents(found, pattern ? undefined : spec)
  }
  const ordered = uniqueById(found).sort((a, b) => a.depth - b.depth)
  return pattern ? ordered : bySimilarity(ordered, spec)
}

/** Whether a word specification (no regular expression) matches; what look-ups of parcellations use. */
export function specMatches(region: Region, spec: string): boolean {
  return specTest(spec)(toEntry(region))
}

/**
 * The one region that is meant: by exact name, by the `@id` of answers, else the best match of `findRegions`, where a
 * parent stands for its children. Throws NOT_FOUND, or AMBIGUOUS with `details.candidates`.
 */
export function lookUpRegion(parcellation: Parcellation, spec: string): Match<Region> {
  const named = findRegionByName(parcellation, spec) ?? findRegionByModelId(parcellation, spec)
  if (named) return { object: named, exact: true }
  let candidates = spec.startsWith('Group') ? findGroup(parcellation, spec) : findOne(parcellation, spec)
  if (candidates.length > 1) candidates = onlyFullMatch(candidates, spec)
  const [object] = candidates
  if (!object) {
    const message = `No region of '${parcellation.name}' matches '${shorten(spec)}'`
    throw new SiibraError('NOT_FOUND', message, { kind: 'region', spec: shorten(spec), parcellation: parcellation.id })
  }
  if (candidates.length > 1) {
    const names = candidates.map(({ name }) => name)
    const message = `'${shorten(spec)}' matches several regions of '${parcellation.name}': ${names.join(', ')}`
    throw new SiibraError('AMBIGUOUS', message, { kind: 'region', spec: shorten(spec), candidates: names })
  }
  return { object, exact: spec === object.key || spec === object.id }
}

/** The region alone; see `lookUpRegion`. */
export function getRegion(parcellation: Parcellation, spec: string): Region {
  return lookUpRegion(parcellation, spec).object
}

const findOne = (parcellation: Parcellation, spec: string) => findRegions(parcellation, spec, { filterChildren: true })

/** `Group: a, b` names several regions, as siibra wrote them into data sets once; commas within brackets do not part. */
function findGroup(parcellation: Parcellation, spec: string): Region[] {
  const names = new Set(spec.replace(/Group: */g, '').split(/, *(?![^(]*\))/))
  return uniqueById([...names].map((name) => getRegion(parcellation, name)))
}

function entriesUnder(root: Region): readonly RegionEntry[] {
  if (root.kind === 'parcellation') return regionEntries(root as Parcellation)
  const entries = regionEntries(root.parcellation)
  const from = entries.findIndex(({ region }) => region === root)
  let to = from + 1
  while (to < entries.length && entries[to]!.region.depth > root.depth) to++
  return entries.slice(from, to)
}

type EntryTest = (entry: RegionEntry) => boolean

function specTest(spec: string): EntryTest {
  const query = spec.toLowerCase().trim()
  const words = [...new Set(splitRegionWords(clearName(spec)).map((word) => word.toLowerCase()))]
  const shortname = shortnameTest(spec)
  return ({ lowerKey, lowerId, lowerName, words: own, lowerShortname }) =>
    query === lowerKey ||
    query === lowerId ||
    query === lowerName ||
    words.every((word) => own.has(word) || own.has(`v${word}`)) ||
    (lowerShortname !== undefined && shortname(lowerShortname))
}

/** Parcellations match by parts of their short names, too. */
export function shortnameTest(spec: string): (lowerShortname: string) => boolean {
  const parts = spec.toLowerCase().split(/\s+/)
  return (lowerShortname) => parts.every((part) => lowerShortname.includes(part))
}

function entriesWithPattern(entries: readonly RegionEntry[], pattern: TextsTest): RegionEntry[] {
  const results = pattern(entries.flatMap(({ region }) => [region.name, region.key]))
  return entries.filter((_, i) => results[2 * i] || results[2 * i + 1])
}

function uniqueById(regions: Region[]): Region[] {
  const seen = new Set<string>()
  return regions.filter(({ id }) => !seen.has(id) && seen.add(id))
}

/** Regions are the same where their ids are: a parcellation may hold several of one name. */
function withoutMatchedChildren(found: Region[]): Region[] {
  const ids = new Set(found.map(({ id }) => id))
  return found.filter(
    (region) =>
      region.children.some((child) => ids.has(child.id)) || region.parent === null || !ids.has(region.parent.id),
  )
}

function withCompleteParents(found: Region[], spec: string | undefined): Region[] {
  const ids = new Set(found.map(({ id }) => id))
  const parents = new Map<string, Region>()
  for (const { parent } of found) {
    if (parent?.children.every((child) => ids.has(child.id))) parents.set(parent.id, parent)
  }
  if (parents.size === 0) return found
  const all = [...found, ...parents.values()]
  for (const id of parents.keys()) ids.add(id)
  return all.filter((region) => region.parent === null || !ids.has(region.parent.id) || isNamed(region, spec))
}

function isNamed(region: Region, spec: string | undefined): boolean {
  if (spec === undefined) return false
  return [region.name, region.key, region.id, ...Object.values(region.ebrains).flat()].includes(spec)
}

/** Stable; every region is measured once. */
function bySimilarity(regions: Region[], spec: string): Region[] {
  if (regions.length < 2) return regions
  const similarity = createSimilarity(spec)
  return regions
    .map((region) => ({ region, score: similarity(region.name) }))
    .sort((a, b) => b.score - a.score)
    .map(({ region }) => region)
}

/** Of several candidates, the one all of whose words were asked for, if it is the only one. */
function onlyFullMatch(candidates: Region[], spec: string): Region[] {
  const queried = new Set(splitWhitespace(spec).map((word) => word.replaceAll(',', '').toLowerCase()))
  const full = candidates.filter(({ name }) => splitWhitespace(name.toLowerCase()).every((word) => queried.has(word)))
  return full.length === 1 ? full : candidates
}
