/**
 * The nouns of the atlas core. Data are plain; what can be done with them are functions beside them
 * (core/region.ts, core/find.ts, maps/map.ts ...). All objects are made once, when a configuration is loaded,
 * and never changed afterwards.
 */

import type { VolumeFormat } from './volume-formats.ts'

/** A species as siibra names it, e.g. `Homo sapiens`. */
export type SpeciesName = string

/** Where the metadata of a data set come from; `datasets.ts` turns a reference into a document. */
export type DatasetReference =
  | { kind: 'EbrainsDataset'; id: string }
  | { kind: 'EbrainsV3DatasetVersion'; id: string }
  | { kind: 'EbrainsV3Dataset'; id: string }
  | {
      kind: 'GenericDataset'
      name: string
      contributors: string[]
      url: string
      description: string
      license?: string | undefined
    }

export interface Publication {
  citation?: string
  url?: string
  [key: string]: unknown
}

/** What atlases, spaces, parcellations, regions and maps have in common. */
export interface AtlasConcept {
  id: string
  name: string
  /** siibra's key of the name, e.g. `JULICH_BRAIN_CYTOARCHITECTONIC_ATLAS_V3_1`. */
  key: string
  shortname: string
  description: string
  modality: string | null
  publications: Publication[]
  datasets: DatasetReference[]
  /** Values of the specification's `ebrains` property: schema -> id or ids. */
  ebrains: Record<string, string | string[]>
}

export interface Atlas extends AtlasConcept {
  kind: 'atlas'
  species: SpeciesName
  spaceIds: string[]
  parcellationIds: string[]
}

export interface Space extends AtlasConcept {
  kind: 'space'
  species: SpeciesName
  volumes: Volume[]
}

export interface ParcellationVersion {
  name: string
  collection: string | null
  previousId: string | null
  nextId: string | null
  deprecated: boolean
}

/** A node of the region tree; the root is the parcellation itself. */
export interface Region extends AtlasConcept {
  kind: 'region' | 'parcellation'
  species: SpeciesName
  parent: Region | null
  children: Region[]
  parcellation: Parcellation
  /** 0 for the parcellation. */
  depth: number
  /** `#rrggbb`, lower case. */
  rgb: string | null
}

export interface Parcellation extends Region {
  kind: 'parcellation'
  version: ParcellationVersion | null
  /** Names of regions stay as the configuration writes them (`"names": "verbatim"`); else `clearName` shortens them. */
  hasVerbatimNames: boolean
  /** A region that is not drawn has all its drawn descendants, even where others are not drawn (`"extent": "drawn"`). */
  hasDrawnExtent: boolean
  /** The parcellation itself and all its regions, pre-order: the order of listings. */
  regions: Region[]
}

export type { VolumeFormat } from './volume-formats.ts'

/** One URL, or one URL per fragment (e.g. `left hemisphere`). */
export type ProviderUrl = string | Record<string, string>

/** Voxels or a surface, as named by the configuration; several providers hold the same data. */
export interface Volume {
  name: string | null
  variant: string | null
  spaceId: string | null
  /** In the order of the configuration; unknown formats are left out. */
  providers: Partial<Record<VolumeFormat, ProviderUrl>>
  datasets: DatasetReference[]
  /** The 3D part of a 4D volume, where a map's index has a `z`. */
  z: number | null
}

export type MapType = 'LABELLED' | 'STATISTICAL'

/** Where a region is drawn: which volume of the map, which label in it (null in statistical maps), which fragment. */
export interface MapIndex {
  volume: number
  label: number | null
  fragment: string | null
}

export interface ParcellationMap extends AtlasConcept {
  kind: 'map'
  species: SpeciesName
  space: Space
  parcellation: Parcellation
  mapType: MapType
  isSparse: boolean
  /** Region name (as the regions of the parcellation have it) -> indices, in the order of the file. */
  indices: Map<string, MapIndex[]>
  /** As siibra remaps them: one per (volume, z) that the indices use, in the order of first use. */
  volumes: Volume[]
}
