import { SiibraError } from '../../errors.ts'
import { clearName, foldCase, splitRegionWords, splitWhitespace } from '../names.ts'
import { type Match, shorten } from '../registry.ts'
import type { Parcellation, Region } from '../types.ts'
import {
  findRegionByModelId,
  findRegionByName,
  type RegionEntry,
  regionEntries,
  regionModelId,
  toEntry,
} from './region-index.ts'
import { parseRegionPattern, type TextsTest } from './region-pattern.ts'
import { sortBySimilarity } from './similarity.ts'

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
  const entries = entriesUnder(root)
  const pattern = parsePattern(spec, entries)
  const matching = pattern ? entriesWithPattern(entries, pattern) : entries.filter(specTest(spec))
  let found = matching.map(({ region }) => region)
  if (found.length > 1 && filterChildren) {
    found = withoutMatchedChildren(found)
    if (findTopmost) found = withCompleteParents(found, pattern ? undefined : spec)
  }
  const ordered = leastDeepFirst(found, spec)
  return pattern ? ordered : sortBySimilarity(ordered, spec)
}

/**
 * The same under several roots, one after the other. A regular expression is compiled once, and looks once at each of the names that
 * versions of a parcellation have in common: 8 ms for all regions of the official configuration instead of 15.
 */
export function findRegionsUnder(roots: readonly Region[], spec: string): Region[] {
  const parts = roots.map((root) => ({ root, entries: entriesUnder(root) }))
  const asPattern = new Set(parts.filter(({ entries }) => !isNameOf(entries, spec)))
  const pattern = asPattern.size === 0 ? undefined : parseRegionPattern(spec.normalize('NFC'))
  if (pattern === undefined) return roots.flatMap((root) => findRegions(root, spec))
  const texts = [...new Set([...asPattern].flatMap(({ entries }) => entries.flatMap(textsOf)))]
  const results = pattern(texts)
  const matching = new Set(texts.filter((_, at) => results[at]))
  return parts.flatMap((part) => {
    if (!asPattern.has(part)) return findRegions(part.root, spec)
    const found = part.entries.filter((entry) => textsOf(entry).some((text) => matching.has(text)))
    return leastDeepFirst(
      found.map(({ region }) => region),
      spec,
    )
  })
}

/** Whether a word specification (no regular expression) matches; what look-ups of parcellations use. */
export function specMatches(region: Region, spec: string): boolean {
  return specTest(spec)(toEntry(region))
}

/** As `specMatches`, by the letters and digits of ASCII alone: siibra passes over all others. */
export function specMatchesAsAscii(region: Region, spec: string): boolean {
  return specMatches(region, spec.replace(/[^ -~]/g, ' '))
}

/**
 * The one region that is meant: by exact name, by the `@id` of answers, else the best match of `findRegions`, where a
 * parent stands for its children. Throws NOT_FOUND, or AMBIGUOUS with `details.candidates`.
 */
export function lookUpRegion(parcellation: Parcellation, spec: string): Match<Region> {
  const named = findRegionByName(parcellation, spec) ?? findRegionByModelId(parcellation, spec)
  if (named) return { object: named, exact: true, others: [] }
  if (GROUP.test(spec)) return oneOf(parcellation, spec, findGroup(parcellation, spec))
  return oneOf(parcellation, spec, findRegions(parcellation, spec, { filterChildren: true }))
}

/** Throws NOT_FOUND where there is no candidate, AMBIGUOUS where there are several and none has all of the words. */
function oneOf(parcellation: Parcellation, spec: string, candidates: Region[]): Match<Region> {
  const remaining = onlyFullMatch(candidates, spec)
  const [object] = remaining
  if (!object) {
    const message = `No region of '${parcellation.name}' matches '${shorten(spec)}'`
    throw new SiibraError('NOT_FOUND', message, { kind: 'region', spec: shorten(spec), parcellation: parcellation.id })
  }
  if (remaining.length > 1) {
    const names = remaining.map(({ name }) => name)
    const message = `'${shorten(spec)}' matches several regions of '${parcellation.name}': ${names.join(', ')}`
    throw new SiibraError('AMBIGUOUS', message, { kind: 'region', spec: shorten(spec), candidates: names })
  }
  const others = candidates.filter((candidate) => candidate !== object)
  return { object, exact: spec === object.key || spec === object.id, others }
}

/** The region alone; see `lookUpRegion`. */
export function getRegion(parcellation: Parcellation, spec: string): Region {
  return lookUpRegion(parcellation, spec).object
}

const GROUP = /^Group:/
/** A group costs one search per name. */
const MAX_GROUP_NAMES = 50

/**
 * `Group: a, b` names several regions, as siibra wrote them into data sets once; commas within brackets do not part. Its
 * names are those of regions, never groups themselves. Throws NOT_FOUND or AMBIGUOUS for any of them.
 */
function findGroup(parcellation: Parcellation, spec: string): Region[] {
  const names = [...new Set(spec.replace(/Group: */g, '').split(/, *(?![^(]*\))/))].filter((name) => name.trim() !== '')
  if (names.length > MAX_GROUP_NAMES) {
    const message = `'${shorten(spec)}' names ${names.length} regions; a group may name ${MAX_GROUP_NAMES}`
    throw new SiibraError('INVALID_PARAMETER', message, { kind: 'region', allowed: MAX_GROUP_NAMES })
  }
  return uniqueById(names.map((name) => findMember(parcellation, name)))
}

function findMember(parcellation: Parcellation, name: string): Region {
  const named = findRegionByName(parcellation, name) ?? findRegionByModelId(parcellation, name)
  return named ?? oneOf(parcellation, name, findRegions(parcellation, name, { filterChildren: true })).object
}

function entriesUnder(root: Region): readonly RegionEntry[] {
  if (root.kind === 'parcellation') return regionEntries(root as Parcellation)
  const entries = regionEntries(root.parcellation)
  const from = entries.findIndex(({ region }) => region === root)
  const size = entries.slice(from + 1).findIndex(({ region }) => region.depth <= root.depth)
  return size < 0 ? entries.slice(from) : entries.slice(from, from + 1 + size)
}

/** The pattern of a specification, unless it is the name of a region that only looks like one. */
function parsePattern(spec: string, entries: readonly RegionEntry[]): TextsTest | undefined {
  return isNameOf(entries, spec) ? undefined : parseRegionPattern(spec.normalize('NFC'))
}

const isNameOf = (entries: readonly RegionEntry[], spec: string): boolean =>
  entries.some(({ region }) => region.name === spec)

const leastDeepFirst = (found: Region[], spec: string): Region[] =>
  uniqueById(found, spec).sort((a, b) => a.depth - b.depth)

/** What a regular expression looks at. */
const textsOf = ({ region }: RegionEntry): [string, string] => [region.name.normalize('NFC'), region.key]

type EntryTest = (entry: RegionEntry) => boolean

function specTest(spec: string): EntryTest {
  const query = foldCase(spec).trim()
  const words = [...new Set(specWords(spec))]
  const shortname = shortnameTest(spec)
  return ({ foldedKey, foldedId, foldedName, words: own, foldedShortname }) =>
    query === foldedKey ||
    query === foldedId ||
    query === foldedName ||
    words.every((word) => own.has(word) || own.has(`v${word}`)) ||
    (foldedShortname !== undefined && shortname(foldedShortname))
}

/** The words of a specification, all of which a region's name must have. */
export const specWords = (spec: string): string[] => splitRegionWords(foldCase(clearName(spec.normalize('NFC'))))

/** Parcellations match by parts of their short names, too. */
export function shortnameTest(spec: string): (foldedShortname: string) => boolean {
  const parts = foldCase(spec).split(/\s+/)
  return (foldedShortname) => parts.every((part) => foldedShortname.includes(part))
}

function entriesWithPattern(entries: readonly RegionEntry[], pattern: TextsTest): RegionEntry[] {
  const results = pattern(entries.flatMap(textsOf))
  return entries.filter((_, i) => results[2 * i] || results[2 * i + 1])
}

/** Of regions that share an id (their names differ only in signs) the one whose name is asked for, else the first. */
function uniqueById(regions: Region[], spec?: string): Region[] {
  const byId = new Map<string, Region>()
  for (const region of regions) {
    const first = byId.get(region.id)
    if (first === undefined || (region.name === spec && !isSpelling(first, region))) byId.set(region.id, region)
  }
  return [...byId.values()]
}

/** Names that differ in case alone, of regions that answers tell apart (a part of its namesake): the whole is found. */
const isSpelling = (first: Region, region: Region): boolean =>
  foldCase(first.name) === foldCase(region.name) && regionModelId(first) !== regionModelId(region)

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

/** Of several candidates, the one all of whose words were asked for, if it is the only one. */
function onlyFullMatch(candidates: Region[], spec: string): Region[] {
  const queried = new Set(splitWhitespace(spec).map((word) => foldCase(word.replaceAll(',', ''))))
  const full = candidates.filter(({ name }) => splitWhitespace(foldCase(name)).every((word) => queried.has(word)))
  return full.length === 1 ? full : candidates
}
