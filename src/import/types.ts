/** What an import passes along: tables of regions, volumes, and the atlas that becomes of them. */
import type { Image, Side } from '../siibra/index.ts'
import type { NonEmpty } from './non-empty.ts'

export type { Side }

/** One line of a table, or one node of a tree. */
export interface TableRow {
  /** The value that stands for the region in the volume; null where the region only groups others. */
  label: number | null
  name: string
  /** In its file, from 1; null where the file has no lines. */
  line: number | null
  acronym?: string | undefined
  /** `#rrggbb`. */
  rgb?: string | undefined
  side?: Side | undefined
  description?: string | undefined
  /** By what `parent` of other rows means this one. */
  key?: string | undefined
  parent?: string | undefined
}

/** One way to read a table: which of its columns holds the values of the volume. */
export interface TableReading {
  /** What the column is called, for the report. */
  column: string
  rows: TableRow[]
  /** The row of label 0: background in a volume of labels, the first volume of a 4D file that is counted from 0. */
  zero?: TableRow | undefined
}

/** A table of regions, as its file has it. */
export interface RegionTable {
  file: string
  /** What the format is called in reports. */
  format: TableFormat
  /** In the order of preference; the volume decides. */
  readings: NonEmpty<TableReading>
  /** The rows have keys and parents. */
  isTree: boolean
  /** Holds the names of more atlases than this one (FreeSurferColorLUT.txt): what is not in the volume is not missing. */
  isShared: boolean
  /** Numbers stand for the positions of volumes in a 4D file. `firstIndex` null: not known. */
  positions?: { firstIndex: 0 | 1 | null } | undefined
  /** What the file says of the atlas. */
  atlas?: { name?: string | undefined; description?: string | undefined; species?: string | undefined }
  /** Images that the file names, best first, without their extension perhaps. */
  images?: { file: string; isSummary: boolean }[] | undefined
  notes: string[]
}

export type TableFormat =
  | 'allen-json'
  | 'brainglobe-structures'
  | 'brainglobe-terminology'
  | 'bids-tsv'
  | 'csv'
  | 'dsi-studio'
  | 'freesurfer-lut'
  | 'fsl-xml'
  | 'fsleyes-lut'
  | 'gifti-labels'
  | 'annot'
  | 'itk-snap'
  | 'json'
  | 'mricrogl'
  | 'mricron'
  | 'neuroparc'
  | 'nilearn-lut'
  | 'aal-txt'
  | 'slicer-ctbl'
  | 'spm-xml'

/** A volume as it was read, before it is understood. */
export interface ReadVolume {
  /** As given or found, for messages. */
  file: string
  format: 'nifti' | 'nrrd' | 'mgh' | 'tiff' | 'ome-zarr'
  image: Image
  /** Its header says where it lies in mm. */
  hasPlace: boolean
  /** What was seen on the way. */
  notes: string[]
  /** A table within the file (MRIcroGL). */
  table?: RegionTable | undefined
  /** The bytes of a NIfTI file that can be served as they are. */
  original?: { bytes: Uint8Array; isGzip: boolean } | undefined
}

/** A region of the atlas that is written. */
export interface PlannedRegion {
  name: string
  acronym?: string | undefined
  rgb?: string | undefined
  side?: Side | undefined
  description?: string | undefined
  children: PlannedRegion[]
}

/** Files that go into the new folder: name relative to it, and the bytes. */
export interface PlannedFile {
  path: string
  bytes: () => Uint8Array | Promise<Uint8Array>
}

export interface PlannedVolume {
  /** What serves it: format -> path relative to the new folder, or paths by fragment. */
  providers: Record<string, string | Record<string, string>>
  files: PlannedFile[]
  variant?: string
}

export interface PlannedMap {
  kind: 'labelled' | 'statistical'
  /** Distinguishes the maps of a parcellation, where there are several of a kind. */
  suffix?: string
  volumes: PlannedVolume[]
  /** Region name -> where it is. */
  indices: [name: string, index: { volume: number; label?: number; fragment?: string }[]][]
  isSparse?: boolean
}

export interface PlannedParcellation {
  name: string
  regions: PlannedRegion[]
  maps: PlannedMap[]
}

export interface PlannedFeature {
  /** Name of its file, without `.json`. */
  name: string
  spec: Record<string, unknown>
  files: PlannedFile[]
}

/** Everything that is going to be written. */
export interface PlannedAtlas {
  name: string
  species: string
  description?: string | undefined
  space: { name: string; volumes: PlannedVolume[] }
  parcellations: NonEmpty<PlannedParcellation>
  features: PlannedFeature[]
}

export interface VolumeFile {
  /** For messages. */
  file: string
  read(): Promise<Uint8Array>
  /** A file beside it, for headers that name their data. */
  readBeside(name: string): Promise<Uint8Array | undefined>
}
