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
  const nameOf = parcellation.hasVerbatimNames ? (name: string) => name : clearName
  const parts = buildIndices(reader, spec, buildVolumes(reader, spec, space.id), nameOf)
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
  nameOf: (regionName: string) => string,
): { indices: Map<string, MapIndex[]>; volumes: Volume[]; mapType: MapType } {
  const indices = new Map<string, MapIndex[]>()
  const volumes: Volume[] = []
  /** By configured number and z. */
  const numbers = new Map<number, Map<number | null, number>>()
  let labelled = 0
  let unlabelled = 0
  const numberVolume = (configuredNumber: number, z: number | null, regionName: string): number => {
    const byZ = numbers.get(configuredNumber) ?? new Map<number | null, number>()
    numbers.set(configuredNumber, byZ)
    const known = byZ.get(z)
    if (known !== undefined) return known
    const volume = configured[configuredNumber]
    if (!volume) return reader.fail(`indices.${regionName}`, `has no volume ${configuredNumber}`)
    byZ.set(z, volumes.length)
    return volumes.push(z === null ? volume : { ...volume, name: '', variant: null, datasets: [], z }) - 1
  }
  const specs = reader.object(spec, 'indices')
  for (const regionName of Object.keys(specs)) {
    const list = specs[regionName]
    if (!Array.isArray(list)) return reader.fail(`indices.${regionName}`, 'is not a list')
    const regionIndices: MapIndex[] = []
    for (const index of list as unknown[]) {
      if (!isObject(index)) return reader.fail(`indices.${regionName}`, 'holds something that is not an object')
      const label = integer(reader, index, regionName, 'label')
      const volume = numberVolume(
        integer(reader, index, regionName, 'volume') ?? 0,
        integer(reader, index, regionName, 'z'),
        regionName,
      )
      if (label === null) unlabelled++
      else labelled++
      regionIndices.push({ volume, label, fragment: reader.optionalText(index, 'fragment') })
    }
    indices.set(nameOf(regionName), regionIndices)
  }
  if (labelled > 0 && unlabelled > 0) reader.fail('indices', 'has a label for some regions only')
  return { indices, volumes, mapType: unlabelled > 0 ? 'STATISTICAL' : 'LABELLED' }
}

function integer(reader: SpecificationReader, index: Specification, regionName: string, name: string): number | null {
  const value = index[name]
  if (value === undefined || value === null) return null
  if (Number.isInteger(value)) return value as number
  return reader.fail(`indices.${regionName}.${name}`, 'is not a whole number')
}
