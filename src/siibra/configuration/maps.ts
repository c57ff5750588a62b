import { clearName } from '../core/names.ts'
import type { Registry } from '../core/registry.ts'
import type { MapIndex, MapType, Parcellation, ParcellationMap, Space, Volume } from '../core/types.ts'
import { buildConcept } from './concepts.ts'
import { isObject, type Specification, type SpecificationReader } from './specification.ts'
import { buildVolume } from './volumes.ts'

export interface MapSurroundings {
  spaces: Registry<Space>
  parcellations: Registry<Parcellation>
}

/**
 * A map; where the specification has no `@id` or name, they are made from the name of its file. Both ways to say that a
 * map is sparse are understood (`sparsemap.is_sparsemap`, since 2024 `represented_as_sparsemap`).
 */
export function buildMap(
  reader: SpecificationReader,
  spec: Specification,
  { spaces, parcellations }: MapSurroundings,
): ParcellationMap {
  const stem = reader.file.slice(reader.file.lastIndexOf('/') + 1).replace(/\.json$/, '')
  const identity = {
    id: reader.optionalText(spec, '@id') ?? `${String(spec['@type']).replaceAll('/', '-')}_${stem}`,
    name: reader.optionalText(spec, 'name') ?? stem.replaceAll('-', ' ').replaceAll('_', ' '),
  }
  const space = resolve(reader, spec, 'space', spaces)
  const parcellation = resolve(reader, spec, 'parcellation', parcellations)
  const parts = buildIndices(reader, spec, buildVolumes(reader, spec, space.id))
  return {
    ...buildConcept(reader, spec, identity),
    kind: 'map',
    species: space.species,
    space,
    parcellation,
    isSparse: spec.represented_as_sparsemap === true || reader.object(spec, 'sparsemap').is_sparsemap === true,
    ...parts,
  }
}

function resolve<T>(reader: SpecificationReader, spec: Specification, property: string, registry: Registry<T>): T {
  const reference = reader.object(spec, property)
  const id = reference['@id'] ?? reference.name
  if (typeof id !== 'string') return reader.fail(property, 'has neither @id nor name')
  try {
    return registry.get(id)
  } catch {
    return reader.fail(property, `is '${id}', which the configuration does not have`)
  }
}

function buildVolumes(reader: SpecificationReader, spec: Specification, spaceId: string): Volume[] {
  return reader.list(spec, 'volumes').map((volume, i) => buildVolume(reader, volume, `volumes[${i}]`, { spaceId }))
}

/** Volumes are numbered anew in the order in which the indices use them; every z of a 4D volume becomes one of its own. */
function buildIndices(
  reader: SpecificationReader,
  spec: Specification,
  configured: Volume[],
): { indices: Map<string, MapIndex[]>; volumes: Volume[]; mapType: MapType } {
  const indices = new Map<string, MapIndex[]>()
  const volumes: Volume[] = []
  const numbers = new Map<string, number>()
  let labelled = 0
  let unlabelled = 0
  for (const [regionName, list] of Object.entries(reader.object(spec, 'indices'))) {
    const property = `indices.${regionName}`
    if (!Array.isArray(list)) reader.fail(property, 'is not a list')
    const regionIndices = (list as unknown[]).map((value) => {
      const index = isObject(value) ? value : reader.fail(property, 'holds something that is not an object')
      const configuredNumber = integer(reader, index, property, 'volume') ?? 0
      const z = integer(reader, index, property, 'z')
      const label = integer(reader, index, property, 'label')
      const volume = configured[configuredNumber] ?? reader.fail(property, `has no volume ${configuredNumber}`)
      const place = `${configuredNumber}/${z}`
      let number = numbers.get(place)
      if (number === undefined) {
        number = volumes.length
        numbers.set(place, number)
        volumes.push(z === null ? volume : { ...volume, name: '', variant: null, datasets: [], z })
      }
      if (label === null) unlabelled++
      else labelled++
      return { volume: number, label, fragment: reader.optionalText(index, 'fragment') }
    })
    indices.set(clearName(regionName), regionIndices)
  }
  if (labelled > 0 && unlabelled > 0) reader.fail('indices', 'has a label for some regions only')
  return { indices, volumes, mapType: unlabelled > 0 ? 'STATISTICAL' : 'LABELLED' }
}

function integer(reader: SpecificationReader, spec: Specification, property: string, name: string): number | null {
  const value = spec[name]
  if (value === undefined || value === null) return null
  return Number.isInteger(value) ? (value as number) : reader.fail(`${property}.${name}`, 'is not a whole number')
}
