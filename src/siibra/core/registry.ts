import { SiibraError } from '../errors.ts'
import { clearName, splitWhitespace } from './names.ts'
import { sortDescending } from './order.ts'
import { didYouMean, suggestNames } from './search/suggest.ts'
import type { AtlasConcept } from './types.ts'

/** What a look-up found; `exact` where the specification is the object's id, key or name, else it was guessed. */
export interface Match<T> {
  object: T
  exact: boolean
  /** What the specification fits as well. */
  others: readonly T[]
}

/** Objects of one kind, in the order of their configuration files, with siibra's look-up. */
export interface Registry<T> {
  all: readonly T[]
  byId(id: string): T | undefined
  /** The best match of an id, key, name or words of the name. Throws NOT_FOUND. */
  get(spec: string): T
  /** As `get`, and says whether it had to guess. */
  lookUp(spec: string): Match<T>
  /** All that match, in the order of the registry. */
  find(spec: string): T[]
}

export interface RegistryOptions<T> {
  /** What the objects are, for messages: `space`, `parcellation` ... */
  kind: string
  objects: readonly T[]
  /** The objects once more; of those with the same key a look-up finds the last of these. Default: the order of `objects`. */
  preferred?: readonly T[]
  matches?: (object: T, spec: string) => boolean
  /** Tried where nothing matches. */
  matchesLoosely?: (object: T, spec: string) => boolean
  /** Of several matches the greatest is chosen. */
  isLess?: (a: T, b: T) => boolean
}

/** Makes a registry; the rules are those of siibra's InstanceTable (an exact key, else `matches`, else words of the key). */
export function createRegistry<T extends AtlasConcept>(options: RegistryOptions<T>): Registry<T> {
  const { kind, objects, matches = conceptMatches, matchesLoosely, isLess = (a, b) => a.name < b.name } = options
  const byId = new Map(objects.map((object) => [object.id, object]))
  const byKey = new Map((options.preferred ?? objects).map((object) => [object.key, object]))

  const find = (spec: string): T[] => {
    const keyed = byKey.get(spec)
    if (keyed) return [keyed]
    const matching = objects.filter((object) => matches(object, spec))
    if (matching.length > 0) return matching
    const loose = matchesLoosely ? objects.filter((object) => matchesLoosely(object, spec)) : []
    if (loose.length > 0) return loose
    const words = splitWhitespace(spec.toLowerCase())
    return objects.filter(({ key }) => words.every((word) => key.toLowerCase().includes(word)))
  }

  const lookUp = (spec: string): Match<T> => {
    const identified = byId.get(spec)
    if (identified) return { object: identified, exact: true, others: [] }
    const found = spec === '' ? [] : find(spec)
    const [object] = sortDescending(found, isLess)
    if (!object) {
      const known = objects.map(({ key }) => key)
      const similar = suggestNames(objects.map(toCandidate), spec)
      const what = spec === '' ? `The ${kind} id is empty` : `No ${kind} matches '${shorten(spec)}'`
      const message = `${what}.${didYouMean(similar)} Known: ${known.join(', ')}`
      throw new SiibraError('NOT_FOUND', message, { kind, spec: shorten(spec), parameter: `${kind}_id`, similar })
    }
    const others = found.filter((one) => one !== object)
    return { object, exact: spec === object.key || spec === object.name, others }
  }

  return { all: objects, byId: (id) => byId.get(id), get: (spec) => lookUp(spec).object, lookUp, find }
}

const toCandidate = ({ name, key, shortname }: AtlasConcept) => ({
  name,
  texts: [name, key.replaceAll('_', ' '), ...(shortname ? [shortname] : [])],
})

/** siibra's rule for concepts other than regions: key, id, or all words (or all letters in a row) of the name. */
export function conceptMatches({ key, id, name }: AtlasConcept, spec: string): boolean {
  if (spec === key || spec === id) return true
  const squeezedName = clearName(name.toLowerCase()).replaceAll(' ', '')
  return (
    spec.split(/[ -]/).every((word) => squeezedName.includes(word.toLowerCase())) ||
    squeezedName.includes(spec.replaceAll(' ', ''))
  )
}

/** For messages: long specifications are cut. */
export function shorten(spec: string): string {
  return spec.length > 200 ? `${spec.slice(0, 200)}...` : spec
}
