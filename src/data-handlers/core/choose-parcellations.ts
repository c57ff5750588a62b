import {
  type AtlasCore,
  didYouMean,
  findRegions,
  findSpecies,
  type Parcellation,
  type Region,
  SiibraError,
  suggestRegions,
} from '../../siibra/index.ts'
import { lookUpRequestedRegion } from '../look-up-region.ts'

export interface ParcellationChoice {
  parcellation?: Parcellation | undefined
  atlas_id?: string | undefined
  species?: string | undefined
}

/** One parcellation, or all of them, as far as they belong to an atlas and are of a species. NOT_FOUND for unknown ones of these. */
export function chooseParcellations(core: AtlasCore, choice: ParcellationChoice): Parcellation[] {
  const { parcellation, atlas_id, species } = choice
  const all = parcellation ? [parcellation] : [...core.parcellations.all]
  const ids = atlas_id === undefined ? undefined : core.atlases.lookUp(atlas_id).object.parcellationIds
  const name = species === undefined ? undefined : speciesNamed(core, species)
  return all.filter((one) => (!ids || ids.includes(one.id)) && (!name || one.species === name))
}

function speciesNamed(core: AtlasCore, spec: string): string {
  const known = [...new Set(core.parcellations.all.map(({ species }) => species))]
  const name = findSpecies(spec) ?? known.find((one) => one.toLowerCase() === spec.trim().toLowerCase())
  if (name !== undefined) return name
  throw new SiibraError('NOT_FOUND', `There is no species '${spec}'. Known: ${known.join(', ')}`, {
    parameter: 'species',
    allowed: known,
  })
}

/**
 * The regions that `within` means: the one of a single parcellation (as everywhere), of several what matches in each. NOT_FOUND where there is
 * none.
 */
export function rootsNamed(parcellations: readonly Parcellation[], within: string): Region[] {
  try {
    const [only] = parcellations
    if (only && parcellations.length === 1) return [lookUpRequestedRegion(only, within).object]
  } catch (thrown) {
    if (!(thrown instanceof SiibraError)) throw thrown
    throw new SiibraError(thrown.code, thrown.message, { ...thrown.details, parameter: 'within' })
  }
  const found = parcellations.flatMap((parcellation) => findRegions(parcellation, within, { filterChildren: true }))
  if (found.length > 0) return found
  const similar = parcellations.flatMap((one) => suggestRegions(one, within).map(({ name }) => name)).slice(0, 5)
  const hint = similar.length > 0 ? `.${didYouMean(similar)}` : ''
  throw new SiibraError('NOT_FOUND', `No parcellation has a region like '${within.slice(0, 200)}'${hint}`, {
    parameter: 'within',
    similar,
  })
}
