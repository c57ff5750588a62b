/** Objects of a configuration that belong together and have something to show, for examples in documentation. */

import type { AtlasCore } from '../atlas/atlas-core.ts'
import { sortDescending } from '../core/order.ts'
import { isLeaf } from '../core/tree.ts'
import type { Parcellation, ParcellationMap, Region } from '../core/types.ts'
import { providesImage } from '../core/volume.ts'
import { featureIndex } from '../features/catalogue.ts'
import type { PreconfiguredFeature } from '../features/feature.ts'
import type { FeatureIndex } from '../features/feature-index.ts'
import { isProfile } from '../features/load/load-table.ts'

/** Values of parameters by their names. Members are missing where the configuration has nothing of the kind. */
export interface Examples {
  atlas_id?: string
  space_id?: string
  parcellation_id?: string
  map_id?: string
  /** A region that the map draws, by its name. */
  region_id?: string
  /** Of the connectivity below. */
  subject?: string
  /** One of the types that the region has features of. */
  type?: string
  /** Around an image, in mm of its space. */
  bbox?: string
  /** Ids of features by the category whose route lists them: of the parcellation, the region, or any space (images). */
  features: Partial<Record<'RegionalConnectivity' | 'CorticalProfile' | 'Tabular' | 'Image', string>>
  /** The types of these. */
  types: Examples['features']
  /** Another parcellation that is drawn in the space. */
  other_parcellation_id?: string
  /** A space of surfaces in which the parcellation is drawn. */
  surface_space_id?: string
  /** The space of the image and the box. */
  image_space_id?: string
}

/**
 * The parcellation is one that has features: best of the human atlas, with connectivity and receptors, with a map in
 * voxels, not deprecated; of several such the newest. Reads the configuration's features, nothing remote.
 */
export async function chooseExamples(core: AtlasCore): Promise<Examples> {
  const index = await featureIndex(core)
  const atlas = core.atlases.all.find(({ species }) => species === 'Homo sapiens') ?? core.atlases.all[0]
  const ofAtlas = core.parcellations.all.filter(({ id }) => atlas?.parcellationIds.includes(id))
  const parcellation = chooseParcellation(core, index, ofAtlas.length > 0 ? ofAtlas : core.parcellations.all)
  const map = parcellation && widestMap(core, parcellation)
  const region = parcellation && chooseRegion(index, parcellation, map)
  const connectivity = parcellation && index.ofRegion(parcellation).find((one) => one.kind === 'connectivity')
  const tables = region ? index.ofRegion(region) : []
  const profile = tables.find(isProfile)
  const table = tables.find(isFingerprint) ?? tables.find(isTable)
  const ofSpecies = index.images.filter(({ anchor }) => anchor.species === atlas?.species)
  const images = ofSpecies.length > 0 ? ofSpecies : index.images
  const image = images.find(({ boundingBox }) => boundingBox !== null) ?? images[0]
  const box = image?.boundingBox
  const other = core.maps.all.find(
    (one) => one.mapType === 'LABELLED' && one.space === map?.space && one.parcellation !== parcellation,
  )
  const surface = core.maps.all.find(
    (one) => one.mapType === 'LABELLED' && one.parcellation === parcellation && !one.volumes.some(providesImage),
  )
  return {
    ...(atlas && { atlas_id: atlas.id }),
    ...(parcellation && { parcellation_id: parcellation.id }),
    ...(map && { map_id: map.id, space_id: map.space.id }),
    ...(region && { region_id: region.name }),
    ...(connectivity && { subject: [...connectivity.files.keys()][0] ?? '' }),
    ...(table && { type: table.type }),
    ...(box && { bbox: JSON.stringify([box.minMm, box.maxMm].map((corner) => corner.map(toHundredths))) }),
    ...(image && { image_space_id: image.space.id }),
    ...(surface && { surface_space_id: surface.space.id }),
    ...(other && { other_parcellation_id: other.parcellation.id }),
    types: {
      ...(connectivity && { RegionalConnectivity: connectivity.type }),
      ...(profile && { CorticalProfile: profile.type }),
      ...(table && { Tabular: table.type }),
      ...(image && { Image: image.type }),
    },
    features: {
      ...(connectivity && { RegionalConnectivity: connectivity.id }),
      ...(profile && { CorticalProfile: profile.id }),
      ...(table && { Tabular: table.id }),
      ...(image && { Image: image.id }),
    },
  }
}

const toHundredths = (mm: number): number => Math.round(mm * 100) / 100

const isFingerprint = ({ kind }: PreconfiguredFeature): boolean => kind === 'receptor-fingerprint'
const isTable = (feature: PreconfiguredFeature): boolean =>
  isFingerprint(feature) ||
  feature.kind === 'layerwise-cell-density' ||
  feature.kind === 'regional-values' ||
  isProfile(feature)

function chooseParcellation(
  core: AtlasCore,
  index: FeatureIndex,
  parcellations: readonly Parcellation[],
): Parcellation | undefined {
  const scored = parcellations.map((parcellation) => {
    const features = index.ofRegion(parcellation)
    const score =
      (features.some(({ kind }) => kind === 'connectivity') ? 8 : 0) +
      (features.some(isFingerprint) ? 8 : 0) +
      (widestMap(core, parcellation) ? 4 : 0) +
      (features.length > 0 ? 2 : 0) +
      (parcellation.version?.deprecated ? 0 : 1)
    return { parcellation, score, features: features.length }
  })
  const best = Math.max(...scored.map(({ score }) => score))
  const [first] = sortDescending(
    scored.filter(({ score }) => score === best),
    (a, b) => {
      const [va, vb] = [a.parcellation.version, b.parcellation.version]
      return va && vb ? va.name < vb.name : a.features < b.features
    },
  )
  return first?.parcellation
}

/** The labelled map in voxels that draws the most regions. */
function widestMap({ maps }: AtlasCore, parcellation: Parcellation): ParcellationMap | undefined {
  return maps.all
    .filter((map) => map.parcellation === parcellation && map.mapType === 'LABELLED' && map.volumes.some(providesImage))
    .sort((a, b) => b.indices.size - a.indices.size)[0]
}

/** Of the regions at the ends of the tree that the map draws, the one that has the most types of features. */
function chooseRegion(
  index: FeatureIndex,
  { regions }: Parcellation,
  map: ParcellationMap | undefined,
): Region | undefined {
  const drawn = regions.filter((region) => isLeaf(region) && (!map || map.indices.has(region.name)))
  const typesOf = (region: Region) => new Set(index.ofRegion(region).map(({ type }) => type)).size
  let best: { region: Region; types: number } | undefined
  for (const region of drawn) {
    const types = typesOf(region)
    if (!best || types > best.types) best = { region, types }
  }
  return best?.region
}
