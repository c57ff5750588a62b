/** Identifiers of the demo's concepts. They are this project's own and occur in no other atlas. */
export const ATLAS_ID = 'siibra-api/demo/atlas/harbour'
export const RODENT_ATLAS_ID = 'siibra-api/demo/atlas/burrow'

export const TEMPLATE_SPACE_ID = 'siibra-api/demo/space/harbour-mean'
export const MICROSCOPIC_SPACE_ID = 'siibra-api/demo/space/harbour-microscopic'
export const SURFACE_SPACE_ID = 'siibra-api/demo/space/harbour-surface'
export const RODENT_SPACE_ID = 'siibra-api/demo/space/burrow'

export const HARBOUR_V1_ID = 'siibra-api/demo/parcellation/harbour-1'
export const HARBOUR_V2_ID = 'siibra-api/demo/parcellation/harbour-2'
export const SHELLS_ID = 'siibra-api/demo/parcellation/shells'
export const BURROW_ID = 'siibra-api/demo/parcellation/burrow'

/** The knowledge graph's ids of species, by which specifications name them (a fact of EBRAINS, not of an atlas). */
export const HUMAN = 'Homo sapiens'
export const HUMAN_SPECIES_ID = '97c070c6-8e1f-4ee8-9d28-18c7945921dd'
export const RAT = 'Rattus norvegicus'
export const RAT_SPECIES_ID = 'ab532423-1fd7-4255-8c6f-f99dc6df814f'

/** A made-up UUID that says what it is: `demoUuid(7)` is `deadbeef-0000-4000-8000-000000000007`. */
export function demoUuid(number: number): string {
  return `deadbeef-0000-4000-8000-${number.toString(16).padStart(12, '0')}`
}
