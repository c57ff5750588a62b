/** What this page reads of the service's answers. */
interface Reference {
  '@id': string
}

export interface Atlas extends Reference {
  name: string
  species: string
  spaces: Reference[]
  parcellations: Reference[]
}

export interface Space extends Reference {
  fullName: string
  shortName: string
  defaultImage: { providesImage: boolean; providesMesh: boolean }[]
}

export interface Parcellation extends Reference {
  name: string
  modality: string | null
  datasets: { name: string | null; description: string | null; urls: { url: string }[] }[]
  version: { name: string; deprecated: boolean | null } | null
}

export type MapType = 'LABELLED' | 'STATISTICAL'

export interface MapIndex {
  volume: number
  label: number | null
  fragment: string | null
}

export interface AtlasMap extends Reference {
  name: string
  maptype: MapType
  parcellation: Reference
  space: Reference
  indices: Record<string, MapIndex[]>
  volumes: { providesImage: boolean; providesMesh: boolean }[]
}

export interface Region extends Reference {
  name: string
  hasParent: Reference[] | null
  hasAnnotation: { displayColor: string | null } | null
}

export interface Feature {
  id: string
  '@type': string
  name: string
  category: string | null
  modality: string | null
  description: string
}

/** What is known of a region at once. */
export interface Overview {
  region: Region
  centre: number[] | null
  children: Region[]
  related: { total: number; items: RelatedRegion[] }
  /** By type; `total` is null where the service that holds them does not answer. */
  features: { type: string; display_name: string; total: number | null; items: Feature[] }[]
}

export interface DataFrame {
  /** Names; of connectivity, regions. */
  columns: string[]
  index: unknown[]
  data: unknown[][]
}

export interface RelatedRegion {
  qualification: { name: string }
  assigned_structure: Region
  assigned_structure_parcellation: Reference & { name: string }
}
