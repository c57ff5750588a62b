/**
 * Features: data sets anchored in the atlas. Plain data; the kinds differ in what they are made of, and functions beside
 * them (load-table.ts, load-matrix.ts, plots/ ...) know what can be done with each.
 */
import { createHash } from 'node:crypto'
import type { DatasetReference, Region, Space, SpeciesName, Volume } from '../core/types.ts'
import type { CsvOptions } from './data/csv.ts'
import type { Frame } from './data/frame.ts'
import type { BoxLocation, FeatureLocation, PointLocation } from './location.ts'
import { formatLocation } from './location.ts'
import { categoryOf, type FeatureTypeName } from './types.ts'

/** What a feature is about: regions by a name that is looked up in all parcellations of the species, a location, or both. */
export interface Anchor {
  species: SpeciesName
  regionSpec: string | null
  location: FeatureLocation | null
  /** Regions of this parcellation alone, the one of exactly this name before others; without it those of all parcellations. */
  parcellationId?: string
}

interface FeatureBase {
  type: FeatureTypeName
  category: string
  modality: string | null
  id: string
  name: string
  /** null: that of the data sets. */
  description: string | null
  anchor: Anchor
  datasets: readonly DatasetReference[]
  /** Where it is described; null for features made on the fly. */
  file: string | null
}

/** Files of an archive or folder that hold one matrix or table each, by subject (or by measure). */
export interface MatrixFiles {
  /** A zip archive, or a folder's URL that ends in a slash. */
  repository: { kind: 'zip' | 'folder'; url: string }
  /** Name of the subject -> path. */
  files: ReadonlyMap<string, string>
  decoder: CsvOptions
  /** Names of the rows (and columns), as the data set writes them. */
  regionNames: readonly string[]
  cohort: string
}

export interface ConnectivityFeature extends FeatureBase, MatrixFiles {
  kind: 'connectivity'
  paradigm: string | null
}

export interface TimeseriesFeature extends FeatureBase, MatrixFiles {
  kind: 'timeseries'
  paradigm: string
  timestep: string
}

export interface InterarealFeature extends FeatureBase, MatrixFiles {
  kind: 'interareal'
}

export interface FingerprintFeature extends FeatureBase {
  kind: 'receptor-fingerprint'
  url: string
}

export interface ReceptorProfileFeature extends FeatureBase {
  kind: 'receptor-profile'
  receptor: string
  url: string
}

export interface CellDensityProfileFeature extends FeatureBase {
  kind: 'cell-density-profile'
  /** The segmented cells; layer boundaries lie beside. */
  url: string
}

export interface LayerwiseCellDensityFeature extends FeatureBase {
  kind: 'layerwise-cell-density'
  segmentUrls: readonly string[]
  layerUrls: readonly string[]
}

export interface MarmosetProfileFeature extends FeatureBase {
  kind: 'marmoset-profile'
  archiveUrl: string
  /** Its file in the archive. */
  member: string
  regionCode: string
  decoder: CsvOptions
}

/** What a table has of one region. */
export interface RegionalValuesFeature extends FeatureBase {
  kind: 'regional-values'
  /** The table of all regions. */
  url: string
  decoder: CsvOptions
  /** As the first column of the table names it. */
  regionName: string
}

export interface ImageFeature extends FeatureBase {
  kind: 'image'
  volume: Volume
  space: Space
  /** As far as the configuration tells; else the volume is asked. */
  boundingBox: BoxLocation | null
}

export interface BigBrainProfileFeature extends FeatureBase {
  kind: 'bigbrain-profile'
  depths: readonly number[]
  values: Float32Array
  /** Depths of the seven layer boundaries 0-1 ... 6-7. */
  boundaries: readonly number[]
  location: PointLocation
}

/** A feature whose table is there already. */
export interface TableFeature extends FeatureBase {
  kind: 'table'
  table: Frame
}

export interface EbrainsDatasetFeature extends FeatureBase {
  kind: 'ebrains-dataset'
  /** The newest version of the data set that is about the region, by which the listing has it. */
  version: string | null
}

/** How recordings of field potentials are made, as the data set names it. */
export const RECORDING_CONDITIONS = ['pathology', 'pharmacology', 'signal_quality'] as const
export type RecordingConditions = Readonly<Record<(typeof RECORDING_CONDITIONS)[number], string | null>>

/** One recording, or all of a region that were made alike. */
export interface FieldPotentialFeature extends FeatureBase {
  kind: 'field-potential'
  /** How the recordings were made, as the end of a title: ` - pathology: none - ...`; empty where nothing is known. */
  conditions: string
  /** The same, one by one; null where nothing is known. */
  recording: RecordingConditions
  /** Table made beforehand; null: none. */
  spectrumUrl: string | null
  /** Power spectral densities of the recordings, as HDF5. */
  psdUrls: readonly string[]
}

export type PreconfiguredFeature =
  | ConnectivityFeature
  | TimeseriesFeature
  | InterarealFeature
  | FingerprintFeature
  | ReceptorProfileFeature
  | CellDensityProfileFeature
  | LayerwiseCellDensityFeature
  | MarmosetProfileFeature
  | RegionalValuesFeature
  | ImageFeature

export type LiveFeature = BigBrainProfileFeature | TableFeature | EbrainsDatasetFeature | FieldPotentialFeature

export type Feature = PreconfiguredFeature | LiveFeature

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

/** As siibra writes anchors into names: the region's name and the location. */
export function formatAnchor({ regionSpec, location }: Anchor): string {
  return [regionSpec, location && formatLocation(location)].filter(Boolean).join(' ')
}

/** The name of most features; some add to it. */
export function anchoredName(type: FeatureTypeName, modality: string, anchor: Anchor): string {
  return `${type} (${modality}) anchored at ${formatAnchor(anchor)}`
}

/** The id of a data set as siibra has it: a publication's is the MD5 of its name. */
export function datasetId(reference: DatasetReference): string {
  return reference.kind === 'GenericDataset' ? md5(reference.name) : reference.id
}

/**
 * siibra's id of a feature: the first data set's id and the MD5 of the name. The original means to leave out a leading
 * `[PRERELEASE] `, but strips all of these letters wherever a name begins with them; ids depend on it.
 */
export function featureId(name: string, datasets: readonly DatasetReference[]): string {
  const prefix = datasets[0] ? `${datasetId(datasets[0])}--` : ''
  return prefix + md5(name.replace(/^[[\]PRELEAS ]+/, ''))
}

/** Category of features that are made on the fly: the original forgets the one of their type. */
export const LIVE_CATEGORY = 'Unknown category'

export const categoryOrUnknown = (type: FeatureTypeName): string => categoryOf(type) ?? LIVE_CATEGORY

/**
 * The id of a feature made on the fly for a region: type, parcellation, region and own id, so that it can be made again.
 */
export function liveFeatureId(type: FeatureTypeName, region: Region, ownId: string): string {
  const context = region.kind === 'parcellation' ? '' : `r:${region.name}::`
  return `lq0::${type}::p:${region.parcellation.id}::${context}${ownId}`
}
