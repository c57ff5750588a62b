import type { Space } from '../core/types.ts'
import { buildConcept, buildSpecies } from './concepts.ts'
import type { Specification, SpecificationReader } from './specification.ts'
import { buildVolume } from './volumes.ts'

export function buildSpace(reader: SpecificationReader, spec: Specification): Space {
  const identity = { id: reader.text(spec, '@id'), name: reader.text(spec, 'name') }
  const defaults = { spaceId: identity.id, name: identity.name }
  return {
    ...buildConcept(reader, spec, identity),
    kind: 'space',
    species: buildSpecies(reader, spec),
    volumes: reader.list(spec, 'volumes').map((volume, i) => buildVolume(reader, volume, `volumes[${i}]`, defaults)),
  }
}
