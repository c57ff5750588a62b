import type { AtlasCore, Match, ParcellationMap, Space } from '../siibra/index.ts'

/** The space of a map that was found by a specification of its space, and the other spaces that this fits. */
export function matchMapSpace(core: AtlasCore, { space }: ParcellationMap, spec: string): Match<Space> {
  const exact = [space.id, space.key, space.name].includes(spec)
  const others = exact ? [] : core.spaces.find(spec).filter((other) => other !== space)
  return { object: space, exact, others }
}
