/** The files of a configuration, in the schema of the newest official one. */
import { createKey } from '../../siibra/index.ts'
import { mapNonEmpty, type NonEmpty } from '../non-empty.ts'
import type { PlannedAtlas, PlannedFile, PlannedParcellation, PlannedRegion, PlannedVolume } from '../types.ts'
import { slugOf } from './slug.ts'
import { speciesSpec } from './species.ts'

const json = (path: string, value: object): PlannedFile => ({
  path,
  bytes: () => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`),
})

/** Volumes included; nothing has been read or written yet. */
export function configurationFiles(atlas: PlannedAtlas): PlannedFile[] {
  const slug = slugOf(atlas.name)
  const species = speciesSpec(atlas.species)
  const spaceId = `own/space/${slugOf(atlas.space.name)}`
  const parcellations = namedParcellations(atlas)
  const volumes = [
    ...atlas.space.volumes,
    ...atlas.parcellations.flatMap(({ maps }) => maps.flatMap((map) => map.volumes)),
  ]
  return [
    json(`atlases/${slug}.json`, {
      '@id': `own/atlas/${slug}`,
      '@type': 'juelich/iav/atlas/v1.0.0',
      name: atlas.name,
      ...species,
      spaces: [spaceId],
      parcellations: parcellations.map(({ id }) => id),
    }),
    json(`spaces/${slugOf(atlas.space.name)}.json`, {
      '@id': spaceId,
      '@type': 'siibra/space/v0.0.1',
      name: atlas.space.name,
      shortName: atlas.space.name,
      modality: 'volume',
      ...species,
      volumes: atlas.space.volumes.map(volumeSpec),
    }),
    ...parcellations.flatMap((one) => [
      json(`parcellations/${one.slug}.json`, parcellationSpec(one.planned, one.id, atlas)),
      ...one.planned.maps.map((map) => {
        const stem = [one.slug, map.suffix, map.kind].filter((part) => part !== undefined).join('-')
        return json(`maps/${stem}.json`, {
          '@id': `own/map/${stem}`,
          '@type': 'siibra/map/v0.0.1',
          name: stem.replaceAll('-', ' '),
          ...species,
          space: { '@id': spaceId },
          parcellation: { '@id': one.id },
          ...(map.isSparse && { represented_as_sparsemap: true }),
          volumes: map.volumes.map(volumeSpec),
          indices: Object.fromEntries(map.indices),
        })
      }),
    ]),
    ...atlas.features.map(({ name, spec }) => json(`features/${name}.json`, spec)),
    ...unique([...volumes.flatMap(({ files }) => files), ...atlas.features.flatMap(({ files }) => files)]),
  ]
}

interface NamedParcellation {
  planned: PlannedParcellation
  /** Its files are called so. */
  slug: string
  id: string
}

/** Parcellations with the ids that they are going to have: features name them. The first is called like the atlas. */
export function namedParcellations({
  name,
  parcellations,
}: Pick<PlannedAtlas, 'name' | 'parcellations'>): NonEmpty<NamedParcellation> {
  const [first] = parcellations
  return mapNonEmpty(parcellations, (planned) => {
    const slug = planned === first ? slugOf(name) : `${slugOf(name)}-${slugOf(planned.name)}`
    return { planned, slug, id: `own/parcellation/${slug}` }
  })
}

function volumeSpec({ providers, variant }: PlannedVolume) {
  return { '@type': 'siibra/volume/v0.0.1', ...(variant && { variant }), providers }
}

function parcellationSpec({ name, regions }: PlannedParcellation, id: string, { species, description }: PlannedAtlas) {
  const names = new Set<string>()
  const keys = new Map<string, number>()
  const collect = (region: PlannedRegion) => {
    names.add(region.name)
    region.children.forEach(collect)
  }
  regions.forEach(collect)
  // names that differ by signs alone would have one id
  const idOf = (regionName: string) => {
    const key = createKey(regionName)
    const count = (keys.get(key) ?? 0) + 1
    keys.set(key, count)
    return count > 1 || key === '' ? `${id}_${key}_${count}` : undefined
  }
  const regionSpec = ({ name: regionName, acronym, rgb, side, description: text, children }: PlannedRegion): object => {
    const regionId = idOf(regionName)
    return {
      ...(regionId && { '@id': regionId }),
      name: regionName,
      ...(acronym && { shortname: acronym }),
      ...(rgb && { rgb }),
      ...(side && { hemisphere: side }),
      ...(text && { description: text }),
      ...(children.length > 0 && { children: children.map(regionSpec) }),
    }
  }
  // a look-up by the name of a parcellation gives the parcellation itself
  const parcellationName = names.has(name) ? `${name} parcellation` : name
  return {
    '@id': id,
    '@type': 'siibra/parcellation/v0.0.1',
    name: parcellationName,
    shortName: parcellationName,
    modality: 'anatomy',
    ...speciesSpec(species),
    names: 'verbatim',
    extent: 'drawn',
    ...(description && { description }),
    regions: regions.map(regionSpec),
  }
}

function unique(files: readonly PlannedFile[]): PlannedFile[] {
  return [...new Map(files.map((file) => [file.path, file])).values()]
}
