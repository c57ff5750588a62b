import { findSpecies, UNSPECIFIED_SPECIES } from '../../siibra/index.ts'

/** The properties of a specification that say its species; one that siibra does not know keeps its name beside siibra's word for it. */
export function speciesSpec(name: string): { species: string; speciesName?: string } {
  return findSpecies(name) === undefined ? { species: UNSPECIFIED_SPECIES, speciesName: name } : { species: name }
}
