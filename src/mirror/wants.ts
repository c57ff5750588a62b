/** What an atlas, a parcellation or everything needs, as readings that the recorder keeps. */
import {
  type AtlasCore,
  type Feature,
  featureIndex,
  fetchMesh,
  isPyramidFormat,
  loadFeatureFacts,
  loadVocabulary,
  type ParcellationMap,
  SiibraError,
  type Space,
  type Volume,
  type VolumeFormat,
} from '../siibra/index.ts'

/** One thing to be read. `isLarge`: a plain file, whose size can be asked for. */
export interface Want {
  what: string
  /** Of plain files. */
  url?: string
  read(): Promise<unknown>
}

export interface Selection {
  spaces: Space[]
  maps: ParcellationMap[]
  /** Features of these parcellations; undefined: all. */
  parcellationIds: ReadonlySet<string> | undefined
  label: string
}

/** `everything`, or the id, name or words of an atlas or a parcellation. Throws INVALID_PARAMETER where neither fits. */
export function select(core: AtlasCore, what: string): Selection {
  if (/^(?:everything|all)$/i.test(what)) {
    return { spaces: [...core.spaces.all], maps: [...core.maps.all], parcellationIds: undefined, label: 'everything' }
  }
  const lookUp = <T>(find: () => T): T | undefined => {
    try {
      return find()
    } catch (thrown) {
      if (thrown instanceof SiibraError) return undefined
      throw thrown
    }
  }
  const atlas = lookUp(() => core.atlases.lookUp(what))
  const parcellation = lookUp(() => core.parcellations.lookUp(what))
  if (parcellation && (parcellation.exact || !atlas)) {
    const { object } = parcellation
    const maps = core.maps.all.filter((map) => map.parcellation === object)
    return {
      spaces: [...new Set(maps.map(({ space }) => space))],
      maps,
      parcellationIds: new Set([object.id]),
      label: object.name,
    }
  }
  if (atlas) {
    const { spaceIds, parcellationIds, name } = atlas.object
    return {
      spaces: core.spaces.all.filter(({ id }) => spaceIds.includes(id)),
      maps: core.maps.all.filter((map) => parcellationIds.includes(map.parcellation.id)),
      parcellationIds: new Set(parcellationIds),
      label: name,
    }
  }
  throw new SiibraError(
    'INVALID_PARAMETER',
    `<what>: '${what}' is neither everything, nor an atlas, nor a parcellation. Atlases: ${core.atlases.all.map(({ name }) => name).join(', ')}`,
    { parameter: 'what' },
  )
}

/** Volumes first, then documents and features. */
export async function wantsOf(core: AtlasCore, { spaces, maps, parcellationIds }: Selection): Promise<Want[]> {
  const index = await featureIndex(core)
  const features = index.features.filter(({ anchor }) => {
    if (parcellationIds === undefined) return true
    const regions = index.regionsOf(anchor)
    return (
      regions.some(({ region }) => parcellationIds.has(region.parcellation.id)) ||
      (regions.length === 0 && spaces.some(({ id }) => id === anchor.location?.space.id))
    )
  })
  return [
    ...spaces.flatMap((space) => space.volumes.flatMap((volume) => volumeWants(core, volume, []))),
    ...maps.flatMap((map) => map.volumes.flatMap((volume, number) => volumeWants(core, volume, labelsOf(map, number)))),
    ...(['gene_names', 'receptor_symbols', 'region_aliases'] as const).map((name) => ({
      what: `vocabulary ${name}`,
      read: () => loadVocabulary(core.retrieval, name),
    })),
    ...[
      ...spaces,
      ...maps,
      ...maps.map(({ parcellation }) => parcellation),
      ...maps.flatMap(({ parcellation }) => parcellation.regions),
    ]
      .filter(({ datasets }) => datasets.length > 0)
      .map(({ name, datasets }) => ({ what: `documents of ${name}`, read: () => core.datasets.describeAll(datasets) })),
    ...features.flatMap((feature) => featureWants(core, feature)),
  ]
}

const labelsOf = (map: ParcellationMap, number: number): number[] =>
  [...map.indices.values()].flat().flatMap(({ volume, label }) => (volume === number && label !== null ? [label] : []))

function volumeWants(core: AtlasCore, volume: Volume, labels: readonly number[]): Want[] {
  return Object.entries(volume.providers).flatMap(([format, provider]): Want[] => {
    const urls = typeof provider === 'string' ? [provider] : Object.values(provider)
    const alone = { ...volume, providers: { [format]: provider } } as Volume
    if (isPyramidFormat(format as VolumeFormat))
      return [
        {
          what: `voxels of ${urls.join(', ')}`,
          read: () => core.volumes.fetchImage({ ...alone, z: null }, { keep: false }),
        },
      ]
    if (format === 'neuroglancer/precompmesh/surface')
      return [{ what: `surface ${urls.join(', ')}`, read: () => fetchMesh(core.retrieval, alone) }]
    if (format === 'neuroglancer/precompmesh')
      return labels.map((label) => ({
        what: `mesh ${label} of ${urls.join(', ')}`,
        read: () => fetchMesh(core.retrieval, alone, { label }),
      }))
    return urls.map((url) => fileWant(core, url.replace(/ .*$/s, '')))
  })
}

const fileWant = (core: AtlasCore, url: string): Want => ({ what: url, url, read: () => core.retrieval.bytes(url) })

/** Its files, and what its answer is made of. */
function featureWants(core: AtlasCore, feature: Feature): Want[] {
  const wants: Want[] = []
  if ('repository' in feature) {
    const { repository, files } = feature
    if (repository.kind === 'zip') wants.push(fileWant(core, repository.url))
    else for (const file of files.values()) wants.push(fileWant(core, repository.url + file))
  }
  if (feature.kind === 'image') wants.push(...volumeWants(core, feature.volume, []))
  const needsData = feature.kind !== 'connectivity' && feature.kind !== 'interareal' && feature.kind !== 'timeseries'
  wants.push({
    what: `feature ${feature.id}`,
    read: () => loadFeatureFacts(core, feature, { include: { data: needsData } }),
  })
  return wants
}
