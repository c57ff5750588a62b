import { computed, effect, signal } from '@preact/signals'
import { getAll, getJson, id } from '../api/client.ts'
import type { Atlas, AtlasMap, Parcellation, Region, Space } from '../api/types.ts'
import { address } from './address.ts'
import { report } from './problems.ts'

/** What the service has, and what of it is chosen. */
export const atlases = signal<Atlas[]>([])
export const spaces = signal<Space[]>([])
export const parcellations = signal<Parcellation[]>([])
export const maps = signal<AtlasMap[]>([])
export const isLoaded = signal(false)

const find = <T extends { '@id': string }>(all: readonly T[], wanted: string | undefined) =>
  all.find((one) => one['@id'] === wanted)

/** The human atlas comes first, as the most asked for. */
const order = (atlas: Atlas) => (atlas.species === 'Homo sapiens' ? 0 : 1)

export async function loadAtlases(): Promise<void> {
  const [allAtlases, allSpaces, allParcellations, allMaps] = await Promise.all([
    getAll<Atlas>('/atlases'),
    getAll<Space>('/spaces'),
    getAll<Parcellation>('/parcellations'),
    getAll<AtlasMap>('/maps'),
  ])
  atlases.value = [...allAtlases].sort((a, b) => order(a) - order(b) || a.name.localeCompare(b.name))
  spaces.value = allSpaces
  parcellations.value = allParcellations
  maps.value = allMaps
  isLoaded.value = true
}

export const atlas = computed(() => find(atlases.value, address.atlas.value) ?? atlases.value[0])

/** Labelled maps of the atlas, whose spaces and parcellations can be chosen. */
const labelledMaps = computed(() => {
  const chosen = atlas.value
  const isOfAtlas = (map: AtlasMap) => chosen?.parcellations.some((one) => one['@id'] === map.parcellation['@id'])
  return maps.value.filter((map) => map.maptype === 'LABELLED' && isOfAtlas(map))
})

export const atlasParcellations = computed(() =>
  parcellations.value.filter((one) => labelledMaps.value.some((map) => map.parcellation['@id'] === one['@id'])),
)

/** The newest that is not superseded, where the address names none; of several the one with the shortest name (others are its variants). */
export const parcellation = computed(() => {
  const all = atlasParcellations.value
  const current = all.filter(({ version }) => !version?.deprecated)
  const newest = [...current].sort(
    (a, b) => (b.version?.name ?? '').localeCompare(a.version?.name ?? '') || a.name.length - b.name.length,
  )
  return find(all, address.parcellation.value) ?? newest[0] ?? all[0]
})

/** Spaces in which the parcellation has a map; those with voxels first. */
export const parcellationSpaces = computed(() => {
  const drawn = labelledMaps.value.filter((map) => map.parcellation['@id'] === parcellation.value?.['@id'])
  return (atlas.value?.spaces ?? [])
    .flatMap((reference) => find(spaces.value, reference['@id']) ?? [])
    .filter((one) => drawn.some((map) => map.space['@id'] === one['@id']))
    .sort((a, b) => Number(hasVoxels(b)) - Number(hasVoxels(a)))
})

export const hasVoxels = (one: Space) => one.defaultImage.some(({ providesImage }) => providesImage)

export const space = computed(() => find(parcellationSpaces.value, address.space.value) ?? parcellationSpaces.value[0])

const mapOfType = (type: AtlasMap['maptype']) =>
  maps.value.find(
    (map) =>
      map.maptype === type &&
      map.parcellation['@id'] === parcellation.value?.['@id'] &&
      map.space['@id'] === space.value?.['@id'],
  )
/** The chosen map as listings have it. */
export const labelledMap = computed(() => mapOfType('LABELLED'))
const statisticalMapId = computed(() => mapOfType('STATISTICAL')?.['@id'])
export const hasStatisticalMap = computed(() => statisticalMapId.value !== undefined)

/** Regions of the parcellation in the order of its tree. */
export const regions = signal<Region[]>([])
export const regionsOf = signal<string>('')

export const region = computed(() => regions.value.find(({ name }) => name === address.region.value))

const whole = new Map<string, Promise<AtlasMap>>()

/** A map with its indices, which listings lack; asked for once. */
export function wholeMap(mapId: string): Promise<AtlasMap> {
  const known = whole.get(mapId) ?? getJson<AtlasMap>(`/maps/${id(mapId)}`)
  whole.set(mapId, known)
  known.catch(() => whole.delete(mapId))
  return known
}

const statisticalMap = signal<AtlasMap | undefined>(undefined)

/** Whether the chosen region has a map of probabilities (or other statistics) of its own. */
export const hasStatisticsOfRegion = computed(() => {
  const name = address.region.value
  return name !== undefined && name !== '' && statisticalMap.value?.indices[name] !== undefined
})

/** Loads what belongs to the chosen parcellation and map whenever another one is chosen. */
export function followChoice(): void {
  effect(() => {
    const chosen = parcellation.value?.['@id']
    if (!chosen || chosen === regionsOf.peek()) return
    regionsOf.value = chosen
    regions.value = []
    getAll<Region>('/regions', { parcellation_id: chosen })
      .then((all) => {
        if (regionsOf.peek() === chosen) regions.value = all
      })
      .catch(report)
  })
  effect(() => {
    const chosen = statisticalMapId.value
    statisticalMap.value = undefined
    if (!chosen) return
    wholeMap(chosen)
      .then((one) => {
        if (statisticalMapId.peek() === chosen) statisticalMap.value = one
      })
      .catch(report)
  })
}
