/** The atlas core as a library: `import { loadConfiguration } from 'siibra-api/siibra'`. */

export type { AtlasCore } from './atlas/atlas-core.ts'
export { type LoadOptions, loadConfiguration } from './atlas/load-configuration.ts'
export type { FeatureSpec, FeatureSpecs } from './configuration/feature-specs.ts'
export type { ConfigurationFiles } from './configuration/source/files.ts'
export { configurationFolder, readCommit } from './configuration/source/files.ts'
export { type FrozenFiles, freezeFiles, thawFiles } from './configuration/source/frozen.ts'
export {
  loadOfficialConfiguration,
  OFFICIAL_VERSION,
  type OfficialConfiguration,
} from './configuration/source/official.ts'
export { openConfigurationFiles } from './configuration/source/source.ts'
export type { ConfigurationProblem } from './configuration/specification.ts'
export { findMap } from './core/find-map.ts'
export { type Hemisphere, hemisphereOf } from './core/hemisphere.ts'
export { createKey } from './core/names.ts'
export { packagedFile } from './core/packaged-file.ts'
export type { Match, Registry } from './core/registry.ts'
export { findRelatedRegions, type Qualification, type RegionRelation } from './core/related-regions.ts'
export { findRegionByModelId, regionModelId } from './core/search/region-index.ts'
export { findRegions, getRegion, lookUpRegion } from './core/search/region-search.ts'
export { createSimilarity, nearestOf } from './core/search/similarity.ts'
export { didYouMean, suggestNames } from './core/search/suggest.ts'
export { suggestRegions } from './core/search/suggest-regions.ts'
export { midlineOf, type Side, sideOfName } from './core/side-of-name.ts'
export { findSpecies, UNSPECIFIED_SPECIES } from './core/species.ts'
export { isMappedIn, supportedSpaces } from './core/supported-spaces.ts'
export { ancestorAtDepth, ancestors, descendants, isWithin, leaves, siblings } from './core/tree.ts'
export type * from './core/types.ts'
export { providesImage, providesMesh, volumeFormats, volumeFragments } from './core/volume.ts'
export { isPyramidFormat } from './core/volume-formats.ts'
export type { DatasetCatalogue, DatasetDescription, DatasetPerson } from './datasets/datasets.ts'
export {
  aborted,
  deadlineExceeded,
  type ErrorCode,
  type ErrorDetails,
  type PlainError,
  SiibraError,
  toPlainError,
} from './errors.ts'
export type { AnchorFacts } from './facts/anchors.ts'
export { type Citable, type Citation, loadCitations } from './facts/citations.ts'
export {
  type DatasetFacts,
  loadDatasetFacts,
  loadVolumesFacts,
  type VolumeFacts,
  type VolumesFacts,
} from './facts/concepts.ts'
export { type FeatureMatrix, loadFeatureMatrix, type RegionMatrix } from './facts/feature-matrix.ts'
export { type FeatureData, type FeatureFacts, loadFeatureFacts } from './facts/features.ts'
export { createGaps, type Gaps } from './facts/gaps.ts'
export { type ExpressionMeasure, loadGeneMatrix } from './facts/gene-matrix.ts'
export { featureIndex } from './features/catalogue.ts'
export { type Frame, matrixRows, rowsOf } from './features/data/frame.ts'
export { exportFeature } from './features/export-feature.ts'
export { type Feature, type MatrixFiles, RECORDING_CONDITIONS, type RecordingConditions } from './features/feature.ts'
export { BOUNDARY_NAMES } from './features/load/layers.ts'
export type { RegionLabel } from './features/load/load-matrices.ts'
export { isProfile, type LabelledMatrix, type ProfileSummary } from './features/load/load-table.ts'
export {
  type BoxLocation,
  boxCentre,
  boxSizes,
  type FeatureLocation,
  type PointMm,
  pointId,
} from './features/location.ts'
export { plotFeature } from './features/plots/plot-feature.ts'
export { prepareFeatures } from './features/prepare.ts'
export {
  displayNameOf,
  FEATURE_TYPES,
  type FeatureType,
  type FeatureTypeName,
  isKindOf,
  lineageOf,
  qualifiedName,
} from './features/types.ts'
export { type AssignedComponent, type AssignImageOptions, assignImage } from './images/assign-image.ts'
export { type ClusterRegions, regionsOfClusters } from './images/cluster-regions.ts'
export { type Cluster, findClusters } from './images/clusters.ts'
export { inheritValues } from './images/colorize.ts'
export { fetchColorizedMap } from './images/colorized-map.ts'
export { regionsByName } from './images/drawn-regions.ts'
export { createImageValues, type ImageValues, type ImageValuesOptions } from './images/image-values.ts'
export { densityOfPoints, gridOfResolution } from './images/point-density.ts'
export { REDUCTIONS, type Reduction } from './images/region-values.ts'
export { explorerUrl } from './links/explorer.ts'
export { loadNeuroglancerState, neuroglancerUrl } from './links/neuroglancer.ts'
export { chooseExamples, type Examples } from './listing/choose-examples.ts'
export { filterRegions, prepareRegionSearch, type RegionFilter } from './listing/find-everywhere.ts'
export {
  findPreconfigured,
  listImages,
  listPreconfigured,
  listRegionFeatures,
  parseAskedTypes,
  parseBox,
} from './listing/list-features.ts'
export { type RegionRow, type RegionRowOptions, regionRows } from './listing/region-rows.ts'
export { type FeatureQuery, featureHasWords, searchFeatures } from './listing/search-features.ts'
export { findLiveFeature, isLiveId, loadRecordingConditions, runLiveQuery } from './livequeries/run-live-query.ts'
export { type Point, parsePoint } from './locations/point.ts'
export { spatialBackendSpaceId, warpPoints } from './locations/warp.ts'
export { assignPoint } from './maps/assignment/assign.ts'
export { type AssignedPoints, assignPoints } from './maps/assignment/assign-points.ts'
export { type Assignment, type AssignOptions, regionNamesOf } from './maps/assignment/assignment.ts'
export { findMapIndex } from './maps/find-index.ts'
export type { MapGap } from './maps/gaps.ts'
export type { Grid } from './maps/grids/grid.ts'
export { type BoxMm, boxOfGrid, doGridsMeet } from './maps/grids/grid-boxes.ts'
export type { Extent } from './maps/labels/extent.ts'
export { fetchLabelImage, type LabelImage } from './maps/labels/label-image.ts'
export { fetchLabelledMap } from './maps/labels/labelled-map.ts'
export { fetchLabelledMapFile } from './maps/labels/labelled-map-file.ts'
export { fetchLabelledSurface, type LabelledSurface } from './maps/labels/labelled-surface.ts'
export {
  fetchRegionMask,
  findRegionMask,
  maskImage,
  maskImageInSlices,
  type RegionMask,
  type RegionMaskOptions,
} from './maps/labels/region-mask.ts'
export { regionSpatialProps } from './maps/labels/region-props.ts'
export type { SpatialProps } from './maps/labels/spatial-props.ts'
export { overlapMaps, type RegionOverlap } from './maps/measures/overlap-maps.ts'
export { measureRegions } from './maps/measures/region-measures.ts'
export type { RegionMeasures } from './maps/measures/voxel-bounds.ts'
export { fetchStatisticalMap, imageRange } from './maps/statistical-map.ts'
export { fetchTemplate } from './maps/template.ts'
export { fetchLabelledCutout, fetchMaskCutout } from './maps/templates/label-cutout.ts'
export { fetchResampledTemplate, fetchResampledTemplateFile } from './maps/templates/resampled-template.ts'
export { fetchTemplateCutout } from './maps/templates/template-cutout.ts'
export { cropImage, fetchVolumeCutout, type VolumeCutoutOptions } from './maps/templates/volume-cutout.ts'
export { encodeGiftiLabels, encodeGiftiSurface, type GiftiLabel } from './meshes/encode-gifti.ts'
export { finishMesh, type MeshForm } from './meshes/finish-mesh.ts'
export { fetchRegionMesh } from './meshes/region-mesh.ts'
export { fetchLabelledSurfaceFile } from './meshes/surface-labels.ts'
export { fetchTemplateMesh } from './meshes/template-mesh.ts'
export { drawAtlasPicture } from './pictures/atlas-picture.ts'
export { parseHexColour, type Rgb } from './pictures/colours.ts'
export { PLANES, type Plane } from './pictures/plane.ts'
export { isPrivateAddress, isPrivateHost } from './private-hosts.ts'
export { mapTexts, redactCredentials } from './redact.ts'
export { oncePer } from './retrieval/cache/once-per.ts'
export { createRetrieval, type Retrieval, type RetrievalOptions } from './retrieval/retrieval.ts'
export { cutRange } from './retrieval/stores/byte-range.ts'
export { createFolderStore } from './retrieval/stores/folder-store.ts'
export type { AroundRequest } from './retrieval/stores/http-client.ts'
export { toMirrorPath } from './retrieval/stores/mirror-store.ts'
export type { ProxySettings } from './retrieval/stores/proxy.ts'
export type { Store } from './retrieval/stores/store.ts'
export { required } from './retrieval/upstream-errors.ts'
export { createSlices, inSlices, runInSlices, runSteps, type Slices, type Steps } from './slices.ts'
export { findReceptors, type Receptor } from './vocabularies/receptors.ts'
export { findGenes, type Gene, loadVocabulary } from './vocabularies/vocabularies.ts'
export { affineFromRows, applyAffine, determinantOf, voxelSizesOf } from './volumes/affine.ts'
export type { Affine, Image, Mesh, VoxelArray, VoxelType } from './volumes/image.ts'
export { gunzipBounded, gunzipIfNeeded, gzipBytes, isGzip } from './volumes/inflate.ts'
export { decodeMgh, type MghVolume } from './volumes/mgh/decode.ts'
export { decodeNifti, encodeNifti, parseNiftiHeader } from './volumes/nifti/decode.ts'
export { gzipNifti } from './volumes/nifti/gzip.ts'
export { type NiftiStream, openNifti } from './volumes/nifti/stream.ts'
export { loadZarrita } from './volumes/ome-zarr/load-zarrita.ts'
export {
  fetchMesh,
  fetchMeshFile,
  fetchSurfaceLabelFile,
  fetchSurfaceLabels,
  surfaceLabelFiles,
} from './volumes/read-mesh.ts'
export { decodeAnnot, decodeFreesurferSurface } from './volumes/surfaces/freesurfer.ts'
export { decodeGiftiLabels, decodeGiftiMesh, parseGifti } from './volumes/surfaces/gifti.ts'
export { createVoxels, itemBytesOf, readTyped, type StoredType, type TypedBytes } from './volumes/typed-bytes.ts'
export type { VolumeReader, VolumeReaderOptions } from './volumes/volume-reader.ts'
export { openMapZarr } from './zarr/map-zarr.ts'
