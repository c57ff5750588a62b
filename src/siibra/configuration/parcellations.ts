import { clearName, createKey } from '../core/names.ts'
import { regionModelId } from '../core/search/region-index.ts'
import type { Parcellation, ParcellationVersion, Region } from '../core/types.ts'
import { buildConcept, buildDatasets, buildEbrains, buildPublications, buildSpecies } from './concepts.ts'
import { isObject, type Specification, type SpecificationReader } from './specification.ts'

export function buildParcellation(reader: SpecificationReader, spec: Specification): Parcellation {
  const nameOf = spec.names === 'verbatim' ? (name: string) => name : clearName
  const identity = { id: reader.text(spec, '@id'), name: nameOf(reader.text(spec, 'name')) }
  // it is its own parcellation, which is said below
  const parcellation = {
    ...buildConcept(reader, spec, identity),
    kind: 'parcellation',
    species: buildSpecies(reader, spec),
    parent: null,
    children: [],
    depth: 0,
    rgb: null,
    hasVerbatimNames: spec.names === 'verbatim',
    hasDrawnExtent: spec.extent === 'drawn',
    version: buildVersion(reader, spec),
    regions: [],
  } as unknown as Parcellation
  parcellation.modality ??= spec.modality === undefined ? '' : null
  parcellation.parcellation = parcellation
  parcellation.regions.push(parcellation)
  buildChildren(reader, parcellation, reader.list(spec, 'regions'), 'regions')
  return parcellation
}

/**
 * Regions of a parcellation that share the `@id` of answers although their names differ: in signs only, since ids are made
 * of letters and digits. Looked up by it, the first of them is found.
 */
export function regionsSharingIds(parcellation: Parcellation): { id: string; names: string[] }[] {
  const shared = (regions: readonly Region[], idOf: (region: Region) => string) => {
    const namesOf = new Map<string, Set<string>>()
    for (const region of regions) {
      const id = idOf(region)
      namesOf.set(id, (namesOf.get(id) ?? new Set()).add(region.name))
    }
    return new Map([...namesOf].filter(([, names]) => names.size > 1))
  }
  const byRegionId = shared(parcellation.regions, ({ id }) => id)
  const suspects = parcellation.regions.filter(({ id }) => byRegionId.has(id))
  return [...shared(suspects, regionModelId)].map(([id, names]) => ({ id, names: [...names] }))
}

function buildVersion(reader: SpecificationReader, spec: Specification): ParcellationVersion | null {
  if (spec['@version'] === undefined || spec['@version'] === null) return null
  const version = reader.object(spec, '@version')
  return {
    name: reader.text(version, 'name'),
    collection: reader.optionalText(version, 'collection'),
    previousId: reader.optionalText(version, '@prev'),
    nextId: reader.optionalText(version, '@next'),
    deprecated: version.deprecated === true,
  }
}

/** Real trees are some ten levels deep. */
const MAX_DEPTH = 200

function buildChildren(reader: SpecificationReader, parent: Region, specs: unknown[], property: string): void {
  if (parent.depth === MAX_DEPTH) reader.fail(property.slice(0, 100), `are more than ${MAX_DEPTH} levels deep`)
  specs.forEach((value, i) => {
    const path = `${property}[${i}]`
    const spec = isObject(value) ? value : reader.fail(path, 'is not an object')
    const region = buildRegion(reader, parent, spec, path)
    parent.children.push(region)
    parent.parcellation.regions.push(region)
    if (spec.children !== undefined) buildChildren(reader, region, reader.list(spec, 'children'), `${path}.children`)
  })
}

function buildRegion(reader: SpecificationReader, parent: Region, spec: Specification, path: string): Region {
  if (typeof spec.name !== 'string') reader.fail(`${path}.name`, 'is not a text')
  const { parcellation } = parent
  const given = parcellation.hasVerbatimNames ? (spec.name as string) : clearName(spec.name as string)
  const name = (spec.prerelease === true ? '[PRERELEASE] ' : '') + given
  const key = createKey(name)
  return {
    kind: 'region',
    id: reader.optionalText(spec, '@id') ?? `${parcellation.id}_${key}`,
    name,
    key,
    shortname: reader.optionalText(spec, 'shortname') ?? '',
    description: reader.optionalText(spec, 'description') ?? '',
    modality: '',
    publications: buildPublications(reader, spec),
    datasets: buildDatasets(reader, spec),
    ebrains: buildEbrains(reader, spec),
    species: parent.species,
    parent,
    children: [],
    parcellation,
    depth: parent.depth + 1,
    rgb: buildColour(reader, spec, path),
  }
}

function buildColour(reader: SpecificationReader, spec: Specification, path: string): string | null {
  const rgb = spec.rgb
  if (rgb === undefined || rgb === null) return null
  if (typeof rgb !== 'string' || !/^#[0-9a-fA-F]{6}/.test(rgb)) return reader.fail(`${path}.rgb`, 'is not "#rrggbb"')
  return rgb.slice(0, 7).toLowerCase()
}
