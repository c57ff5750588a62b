import type { Atlas } from '../core/types.ts'
import { buildConcept, buildSpecies } from './concepts.ts'
import type { Specification, SpecificationReader } from './specification.ts'

export function buildAtlas(reader: SpecificationReader, spec: Specification): Atlas {
  const identity = { id: reader.text(spec, '@id'), name: reader.text(spec, 'name') }
  return {
    ...buildConcept(reader, { ...spec, prerelease: false }, identity),
    kind: 'atlas',
    species: buildSpecies(reader, spec),
    spaceIds: reader.list(spec, 'spaces').map(String),
    parcellationIds: reader.list(spec, 'parcellations').map(String),
  }
}
