/** The atlas core as a library: `import { loadConfiguration } from 'siibra-api/siibra'`. */

import { basename } from 'node:path'
import { fingerprintOf } from './configuration/fingerprint.ts'
import { type LoadedConfiguration, readConfiguration } from './configuration/load.ts'
import type { ConfigurationFiles } from './configuration/source/files.ts'
import { openConfigurationFiles } from './configuration/source/source.ts'
import type { ConfigurationProblem } from './configuration/specification.ts'
import { createDatasetCatalogue, type DatasetCatalogue, type ReadDocument } from './datasets/datasets.ts'
import { documentsInFolder, documentsOfMirrors } from './datasets/documents.ts'
import { createRetrieval, type Retrieval } from './retrieval/retrieval.ts'
import { withPatience } from './retrieval/wrappers/with-patience.ts'
import { createVolumeReader, type VolumeReader, type VolumeReaderOptions } from './volumes/volume-reader.ts'

export type { FeatureSpec, FeatureSpecs } from './configuration/feature-specs.ts'
export type { ConfigurationFiles } from './configuration/source/files.ts'
export { configurationFolder, readCommit } from './configuration/source/files.ts'
export {
  loadOfficialConfiguration,
  OFFICIAL_VERSION,
  type OfficialConfiguration,
} from './configuration/source/official.ts'
export type { ConfigurationProblem } from './configuration/specification.ts'
export { findMap } from './core/find-map.ts'
export { findRegionByModelId, regionModelId } from './core/region-index.ts'
export { findRegions, getRegion, lookUpRegion } from './core/region-search.ts'
export type { Match, Registry } from './core/registry.ts'
export { findRelatedRegions, type Qualification, type RegionRelation } from './core/related-regions.ts'
export { didYouMean, suggestNames } from './core/suggest.ts'
export { suggestRegions } from './core/suggest-regions.ts'
export { isMappedIn, supportedSpaces } from './core/supported-spaces.ts'
export type * from './core/types.ts'
export type { DatasetCatalogue, DatasetDescription, DatasetPerson } from './datasets/datasets.ts'
export { SiibraError } from './errors.ts'
export { type Point, parsePoint } from './locations/point.ts'
export { type AssignOptions, assignPoint } from './maps/assignment/assign.ts'
export type { Assignment } from './maps/assignment/assignment.ts'
export type { MapGap } from './maps/gaps.ts'
export type { Extent } from './maps/labels/extent.ts'
export { fetchLabelledMap } from './maps/labels/labelled-map.ts'
export { fetchLabelledSurface, type LabelledSurface } from './maps/labels/labelled-surface.ts'
export {
  fetchRegionMask,
  findRegionMask,
  maskImage,
  type RegionMask,
  type RegionMaskOptions,
} from './maps/labels/region-mask.ts'
export { regionSpatialProps } from './maps/labels/region-props.ts'
export type { SpatialProps } from './maps/labels/spatial-props.ts'
export { fetchStatisticalMap, imageRange } from './maps/statistical-map.ts'
export { fetchTemplate } from './maps/template.ts'
export { fetchResampledTemplate } from './maps/templates/resampled-template.ts'
export { createRetrieval, type Retrieval, type RetrievalOptions } from './retrieval/retrieval.ts'
export { findGenes, type Gene, loadVocabulary } from './vocabularies/vocabularies.ts'
export type { Image } from './volumes/image.ts'
export { encodeNifti } from './volumes/nifti/decode.ts'
export { fetchMesh, fetchSurfaceLabelFile, fetchSurfaceLabels, surfaceLabelFiles } from './volumes/surfaces/read.ts'
export type { VolumeReader, VolumeReaderOptions } from './volumes/volume-reader.ts'

/** Everything that a configuration describes, loaded. */
export interface AtlasCore extends Pick<LoadedConfiguration, 'atlases' | 'spaces' | 'parcellations' | 'maps'> {
  /** Features of the configuration by normalised type, read on first use. */
  featureSpecs: LoadedConfiguration['featureSpecs']
  configuration: {
    /** Path or URL. */
    source: string
    /** Short hash, where known. */
    commit: string | null
    /** What could not be used; grows when the features are read. */
    problems: readonly ConfigurationProblem[]
    /** A hash of all of its files; `pause` is waited for between them. */
    fingerprint(pause?: () => Promise<unknown>): Promise<string>
  }
  datasets: DatasetCatalogue
  retrieval: Retrieval
  /** Reads voxels, keeps the last ones decoded. */
  volumes: VolumeReader
  /** Reads knowledge-graph documents. */
  readDocument: ReadDocument
}

export interface LoadOptions {
  /**
   * A folder, a `.zip` or `.tar.gz` archive at a path or URL, or the files themselves; several are read together, and where two have
   * the same `@id`, the first counts.
   */
  configuration: string | ConfigurationFiles | readonly (string | ConfigurationFiles)[]
  /** How remote data are read; a plain HTTP client where nothing is given. */
  retrieval?: Retrieval
  /** Folder of knowledge-graph documents, asked instead of their remote mirrors. */
  snapshotFolder?: string | undefined
  /** Bounds of what is read and kept of volumes. */
  volumes?: Omit<VolumeReaderOptions, 'retrieval'> | undefined
}

/** Loads a configuration. Throws BAD_CONFIGURATION where there is nothing usable in it. */
export async function loadConfiguration(options: LoadOptions): Promise<AtlasCore> {
  const { configuration, retrieval = createRetrieval(), snapshotFolder } = options
  const locations = [configuration].flat() as (string | ConfigurationFiles)[]
  const opened = await Promise.all(
    locations.map(async (one) => (typeof one === 'string' ? openConfigurationFiles(one, retrieval) : one)),
  )
  const parts = opened.map((files) => ({
    files,
    baseUrl: files.data && retrieval.mount(basename(files.source), files.data),
  }))
  const { atlases, spaces, parcellations, maps, featureSpecs, problems } = await readConfiguration(parts)
  const readDocument = snapshotFolder ? documentsInFolder(snapshotFolder) : documentsOfMirrors(retrieval)
  return {
    atlases,
    spaces,
    parcellations,
    maps,
    featureSpecs,
    configuration: {
      source: opened.map(({ source }) => source).join(', '),
      commit: opened.length === 1 ? opened[0]!.commit : null,
      problems,
      fingerprint: (pause) => fingerprintOf(opened, pause),
    },
    datasets: createDatasetCatalogue(withPatience(readDocument)),
    retrieval,
    volumes: createVolumeReader({ ...options.volumes, retrieval }),
    readDocument,
  }
}
