import { SiibraError } from '../errors.ts'
import type { SpeciesName } from './types.ts'

/** What siibra calls a species that it does not know. */
export const UNSPECIFIED_SPECIES = 'Unspecified species'

/** The species that siibra 0.4 knows, with their ids in the knowledge graph (minds and openMINDS; from siibra's commons). */
const SPECIES: readonly { name: SpeciesName; ids: readonly string[] }[] = [
  {
    name: 'Homo sapiens',
    ids: ['0ea4e6ba-2681-4f7d-9fa9-49b915caaac9', '97c070c6-8e1f-4ee8-9d28-18c7945921dd'],
  },
  {
    name: 'Rattus norvegicus',
    ids: ['f3490d7f-8f7f-4b40-b238-963dcac84412', 'ab532423-1fd7-4255-8c6f-f99dc6df814f'],
  },
  {
    name: 'Mus musculus',
    ids: ['cfc1656c-67d1-4d2c-a17e-efd7ce0df88c', 'd9875ebd-260e-4337-a637-b62fed4aa91d'],
  },
  {
    name: 'Macaca fascicularis',
    ids: ['c541401b-69f4-4809-b6eb-82594fc90551', '0b6df2b3-5297-40cf-adde-9443d3d8214a'],
  },
  {
    name: 'Macaca mulatta',
    ids: ['745712aa-fad1-47c4-8ab6-088063f78f64', '3ad33ec1-5152-497d-9352-1cf4497e0edd'],
  },
  {
    name: 'Macaca fuscata',
    ids: ['ed8254b1-519c-4356-b1c9-7ead5aa1e3e1', '2ab3ecf5-76cc-46fa-98ab-309e3fd50f57'],
  },
  {
    name: 'Chlorocebus aethiops sabaeus',
    ids: ['e578d886-c55d-4174-976b-3cf43b142203', 'b8bf99e7-0914-4b65-a386-d785249725f1'],
  },
  { name: 'Callithrix jacchus', ids: ['627bac2f-2b4c-4f2d-ae4e-9373a7f430f2'] },
  { name: UNSPECIFIED_SPECIES, ids: [] },
]

const BY_SPELLING = new Map<string, SpeciesName>(
  SPECIES.flatMap(({ name, ids }) => [[spelling(name), name] as const, ...ids.map((id) => [id, name] as const)]),
)

function spelling(name: string): string {
  return name.trim().replace(/\s+/g, '_').toUpperCase()
}

/** Real specifications are three deep; what is nested deeper than this names no species. */
const MAX_SPEC_DEPTH = 8

/**
 * The species meant by a name (any case), an id or URL of the knowledge graph, or a list or record of such
 * (the first that is understood, as in a specification's `ebrains`); `undefined` where none is understood.
 */
export function findSpecies(spec: unknown, maxDepth = MAX_SPEC_DEPTH): SpeciesName | undefined {
  if (typeof spec === 'string') {
    const lastPart = spec.slice(spec.lastIndexOf('/') + 1)
    return BY_SPELLING.get(lastPart) ?? BY_SPELLING.get(spelling(spec))
  }
  if (spec === null || typeof spec !== 'object' || maxDepth === 0) return undefined
  for (const member of Object.values(spec)) {
    const found = findSpecies(member, maxDepth - 1)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * The species of a specification: `species`, as siibra knows it; where that is unspecified, the name in `speciesName`, if there is one (of
 * atlases that were imported: siibra-python reads their files as well).
 */
export function speciesOf(spec: Readonly<Record<string, unknown>>): SpeciesName | undefined {
  const known = findSpecies(spec.species)
  const { speciesName } = spec
  const isNamed = known === UNSPECIFIED_SPECIES && typeof speciesName === 'string' && speciesName.trim() !== ''
  return isNamed ? speciesName.trim() : known
}

/** As `speciesOf`, but throws BAD_CONFIGURATION where nothing is understood. */
export function decodeSpecies(spec: Readonly<Record<string, unknown>>): SpeciesName {
  const found = speciesOf(spec)
  if (found === undefined)
    throw new SiibraError('BAD_CONFIGURATION', `unknown species: ${JSON.stringify(spec.species)}`)
  return found
}
