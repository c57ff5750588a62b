/**
 * Made from the OpenAPI document by `npm run client:types`: not to be edited.
 * A test of the service (test/server/surface.test.ts) holds it current.
 */
import type { FileAnswer, FileBody } from './types.ts'

/** A page of a listing. */
export interface Page<T> {
  items: T[]
  /** Items of all pages together. */
  total: number
  /** From 1. */
  page: number
  size: number
  pages: number
}

export interface AxesOrigin {
  '@context': VocabModel
  typeOfUncertainty: null
  uncertainty: null
  unit: null
  /** mm */
  value: number
}
export interface BestViewPoint {
  '@context': VocabModel
  coordinateSpace: SiibraAtIdModel
  coordinates: api__models__openminds__SANDS__v3__atlas__parcellationEntityVersion__Coordinates[]
}
export interface BoundingBoxModel {
  '@type': 'siibra-0.4/location/bbox'
  space: SiibraAtIdModel
  center: CoordinatePointModel
  minpoint: CoordinatePointModel
  maxpoint: CoordinatePointModel
  shape: number[]
  isPlanar: boolean
}
export interface BrainAtlasVersionModel {
  '@context': VocabModel
  '@id': string
  '@type': 'siibra-0.4/parcellation_bav'
  abbreviation: null
  accessibility: SiibraAtIdModel
  atlasType: SiibraAtIdModel
  author: null
  coordinateSpace: SiibraAtIdModel
  copyright: null
  custodian: null
  description: string | null
  digitalIdentifier: null
  fullDocumentation: SiibraAtIdModel
  fullName: string
  funding: null
  hasTerminologyVersion: HasTerminologyVersion
  homepage: null
  howToCite: null
  isAlternativeVersionOf: null
  isNewVersionOf: null
  keyword: null
  license: SiibraAtIdModel
  ontologyIdentifier: null
  otherContribution: null
  relatedPublication: null
  releaseDate: string
  repository: null
  shortName: string
  supportChannel: null
  versionIdentifier: string
  versionInnovation: string
}
export interface CitationModel {
  kind: 'article' | 'dataset'
  /** Id of the data set; DOI, URL or text of a publication. */
  id: string
  title: string
  /** As they are written; empty where they stand in the text only. */
  authors: string[]
  doi: string | null
  url: string | null
  text: string | null
  licences: string[]
}
export interface CitationsModel {
  items: CitationModel[]
}
export interface CommonCoordinateSpaceModel {
  '@context': VocabModel
  '@id': string
  '@type': 'siibra-0.4/space'
  anatomicalAxesOrientation: SiibraAtIdModel
  axesOrigin: AxesOrigin[]
  defaultImage: VolumeModel[]
  digitalIdentifier: null
  fullName: string
  homepage: null
  howToCite: null
  nativeUnit: SiibraAtIdModel
  ontologyIdentifier: null
  releaseDate: string
  shortName: string
  versionIdentifier: string
  datasets: EbrainsDatasetModel[]
}
export interface CoordinatePointModel {
  '@context': VocabModel
  '@id': string
  '@type': 'siibra-0.4/point'
  coordinateSpace: SiibraAtIdModel
  coordinates: api__models__openminds__SANDS__v3__miscellaneous__coordinatePoint__Coordinates[]
}
export interface DataFrameModel {
  '@type': null
  /** Labels of the rows: texts, numbers or regions. */
  index: unknown[]
  /** Labels of the columns: texts or regions. */
  columns: unknown[]
  ndim: number
  data: unknown[][] | null
}
export interface EbrainsDatasetModel {
  '@id': string
  '@type': null
  name: string
  urls: EbrainsDsUrl[]
  description: string | null
  contributors: EbrainsDsPerson[]
  ebrains_page: string | null
  custodians: EbrainsDsPerson[]
}
export interface EbrainsDsPerson {
  '@id': string
  '@type': null
  'schema.org/shortName': string | null
  identifier: string
  shortName: string
  name: string
}
export interface EbrainsDsUrl {
  '@type': null
  url: string
}
export interface Error {
  error: true
  status_code: number
  /** JSON: an object with `detail` (a text, or a list of what is wrong with which parameter) and `code`. */
  message: string
}
export interface FeatureMetaModel {
  /** With the names of the types above it, e.g. `Feature.Tabular.CorticalProfile`. */
  name: string
  display_name: string
  path: string | null
  query_params: string[] | null
  required_query_params: string[] | null
  optional_query_params: string[] | null
  path_params: string[] | null
  category: string | null
}
export type FeatureModel = SiibraVoiModel | SiibraCorticalProfileModel | SiibraRegionalConnectivityModel | SiibraReceptorDensityFp | SiibraTabularModel | SiibraEbrainsDataFeatureModel
export interface GeneModel {
  '@type': 'siibra-0.4/vocabulary/gene'
  symbol: string
  description: string
}
export interface HasAnnotation {
  '@context': VocabModel
  bestViewPoint: BestViewPoint | null
  criteria: null
  criteriaQualityType: SiibraAtIdModel
  displayColor: string | null
  inspiredBy: SiibraAtIdModel[] | null
  internalIdentifier: string
  laterality: null
  visualizedIn: null
}
export interface HasTerminologyVersion {
  '@context': VocabModel
  definedIn: null
  /** The parcellation and all of its regions. */
  hasEntityVersion: SiibraAtIdModel[]
  ontologyIdentifier: null
}
export interface LocationModel {
  '@type': 'siibra-0.4/location'
  space: SiibraAtIdModel
}
export interface MapIndexModel {
  '@type': null
  /** Number of the volume in `volumes`. */
  volume: number
  label: number | null
  fragment: string | null
}
export interface MapModel {
  '@id': string
  '@type': null
  name: string
  shortname: string | null
  modality: string | null
  description: string | null
  publications: SiibraPublication[]
  datasets: EbrainsDatasetModel[]
  species: string
  /** By region name; empty in listings. */
  indices: Record<string, MapIndexModel[]>
  /** Empty in listings. */
  volumes: VolumeModel[]
  parcellation: SiibraAtIdModel
  space: SiibraAtIdModel
  maptype: MapType
}
export type MapType = 'LABELLED' | 'STATISTICAL'
export interface ParcellationEntityVersionModel {
  '@context': VocabModel
  '@id': string
  '@type': 'siibra-0.4/region'
  hasAnnotation: HasAnnotation | null
  hasParent: SiibraAtIdModel[] | null
  lookupLabel: null
  name: string
  ontologyIdentifier: null
  relationAssessment: null
  versionIdentifier: string
  versionInnovation: string | null
  parcellation?: ParcellationName
}
export interface ParcellationName {
  '@id': string
  name: string
}
export interface PlotlyFigure {
  data: unknown[]
  layout: Record<string, unknown>
}
export type PlotlyTemplate = 'plotly' | 'plotly_white' | 'plotly_dark' | 'ggplot2' | 'seaborn' | 'simple_white' | 'none'
export type Qualification = 'EXACT' | 'OVERLAPS' | 'CONTAINED' | 'CONTAINS' | 'APPROXIMATE' | 'HOMOLOGOUS' | 'OTHER_VERSION'
export interface ReceptorModel {
  '@type': 'siibra-0.4/vocabulary/receptor'
  /** As tables of receptor densities have it. */
  symbol: string
  receptor: {
    name: string
    markdown: string
    latex: string
  }
  neurotransmitter: {
    name: string
    markdown: string
    latex: string
    label: string
  }
}
export interface RecordingConditionsModel {
  pathology: string[]
  pharmacology: string[]
  signal_quality: string[]
}
export interface RegionLinks {
  position_mm: number[] | null
  explorer: string | null
  neuroglancer: {
    url: string
    /** Template and map as layers, each placed by its `transform.json`; the labels of the region and its parts are selected. */
    state: Record<string, unknown>
  }
}
export interface RegionOverviewModel {
  region: ParcellationEntityVersionModel
  parcellation: {
    '@id': string
    name: string
  }
  space: SiibraAtIdModel | null
  centre: number[] | null
  /** The outermost first. */
  ancestors: ParcellationEntityVersionModel[]
  children: ParcellationEntityVersionModel[]
  related: {
    /** How many there are in all. */
    total: number
    items: RegionRelationAsmtModel[]
  }
  /** By type, as far as there are any. The total is null where another service did not answer in time. */
  features: ({
    type: string
    display_name: string
    total: number | null
    items: FeatureModel[]
  })[]
}
export interface RegionRelationAsmtModel {
  '@type': 'siibra-0.4/regionRelationAssessment'
  qualification: Qualification
  query_structure: ParcellationEntityVersionModel
  assigned_structure: ParcellationEntityVersionModel
  assigned_structure_parcellation: SiibraParcellationModel
}
export interface SiibraAnatomicalAssignmentModel {
  '@type': 'siibra-0.4/anatomical_assignment'
  qualification: string
  query_structure: ParcellationEntityVersionModel
  assigned_structure: ParcellationEntityVersionModel
  explanation: string
}
export interface SiibraAnchorModel {
  '@type': 'siibra-0.4/anchor'
  location: null | CoordinatePointModel | LocationModel
  /** In all parcellations that know the region of the data set. */
  regions: SiibraRegionAssignmentQual[]
  /** How the feature relates to the region that was asked for. */
  last_match_description: string
  last_match_result: SiibraAnatomicalAssignmentModel[]
}
export interface SiibraAtIdModel {
  '@id': string
}
export interface SiibraAtlasModel {
  '@id': string
  '@type': 'siibra-0.4/atlas'
  name: string
  spaces: SiibraAtIdModel[]
  parcellations: SiibraAtIdModel[]
  species: string
}
export interface SiibraCorticalProfileModel {
  '@type': 'siibra-0.4/feature/tabular/cortical_profile'
  id: string
  modality: string | null
  category: string
  description: string
  name: string
  datasets: EbrainsDatasetModel[]
  anchor: SiibraAnchorModel | null
  data: DataFrameModel | null
  unit: string | null
  /** Depths of the boundaries between layers, 0 (pial surface) to 1 (white matter). */
  boundary_positions: Record<string, number>
  boundaries_mapped: boolean
}
export interface SiibraEbrainsDataFeatureModel {
  '@type': 'siibra-0.4/feature/ebrains_datafeature'
  id: string
  modality: string | null
  category: string
  description: string
  name: string
  datasets: EbrainsDatasetModel[]
  anchor: SiibraAnchorModel | null
  data: null
  neurotransmitters: null
  receptors: null
}
export interface SiibraParcellationModel {
  '@id': string
  '@type': 'siibra-0.4/parcellation'
  name: string
  modality: string | null
  datasets: EbrainsDatasetModel[]
  /** One per space in which it is mapped. */
  brainAtlasVersions: BrainAtlasVersionModel[]
  version: SiibraParcellationVersionModel | null
  shortname: string | null
}
export interface SiibraParcellationVersionModel {
  '@type': 'siibra-0.4/parcellation_version'
  name: string
  deprecated: boolean | null
  collection: string | null
  prev: SiibraAtIdModel | null
  next: SiibraAtIdModel | null
}
export interface SiibraPublication {
  '@type': null
  citation: string
  url: string
}
export interface SiibraReceptorDensityFp {
  '@type': 'siibra-0.4/feature/tabular/receptor_density_fp'
  id: string
  modality: string | null
  category: string
  description: string
  name: string
  datasets: EbrainsDatasetModel[]
  anchor: SiibraAnchorModel | null
  data: DataFrameModel | null
  neurotransmitters: string[] | null
  receptors: string[] | null
}
export interface SiibraRegionAssignmentQual {
  '@type': null
  region: ParcellationEntityVersionModel
  qualification: string
}
export interface SiibraRegionalConnectivityModel {
  '@type': 'siibra-0.4/feature/regional_connectivity'
  id: string
  modality: string | null
  category: string
  description: string
  name: string
  datasets: EbrainsDatasetModel[]
  anchor: SiibraAnchorModel | null
  cohort: string
  subjects: string[]
  matrices: Record<string, DataFrameModel> | null
}
export interface SiibraTabularModel {
  '@type': 'siibra-0.4/feature/tabular'
  id: string
  modality: string | null
  category: string
  description: string
  name: string
  datasets: EbrainsDatasetModel[]
  anchor: SiibraAnchorModel | null
  data: DataFrameModel | null
  neurotransmitters: null
  receptors: null
  /** Of matrices and time series of several subjects. */
  cohort?: string
  /** Whose data `subject` may ask for. */
  subjects?: string[]
}
export interface SiibraVoiModel {
  '@type': 'siibra-0.4/feature/volume_of_interest' | 'siibra-0.4/feature/image'
  id: string
  modality: string | null
  category: string
  description: string
  name: string
  datasets: EbrainsDatasetModel[]
  anchor: SiibraAnchorModel | null
  volume: VolumeModel
  boundingbox: BoundingBoxModel | null
}
export interface StatisticModelInfo {
  /** Smallest value of the map. */
  min: number
  max: number
}
export interface StructureAt {
  '@id': string | null
  name: string | null
  acronym: string | null
  hemisphere: 'left' | 'right' | null
}
export interface TaskIdResp {
  task_id: string
  status: 'PENDING' | 'SUCCESS' | 'FAILURE'
  /** Per cent. */
  progress?: number
  /** What is being done. */
  doing?: string
}
export interface TaskModel {
  task_id: string
  status: 'PENDING' | 'STARTED' | 'SUCCESS' | 'FAILURE'
  /** Per cent. */
  progress: number
  /** What is being done. */
  doing: string
  result: string | null
  detail: string | null
}
export interface TransformedPoints {
  target_points: ([number, number, number])[]
}
export interface VocabModel {
  '@vocab': string
}
export interface VolumeModel {
  '@type': null
  name: string
  formats: string[]
  providesMesh: boolean
  providesImage: boolean
  fragments: Record<string, string[]>
  variant: string | null
  /** By format: a URL, or URLs by fragment. */
  providedVolumes: Record<string, string | Record<string, string>>
  space: SiibraAtIdModel
  datasets: EbrainsDatasetModel[]
}
export interface WarpedPoints {
  /** In the order of the request; null where a point cannot be reached in the target space. */
  points: ([number, number, number] | null)[]
}
export interface api__models__openminds__SANDS__v3__atlas__parcellationEntityVersion__Coordinates {
  '@context': VocabModel
  typeOfUncertainty: null
  uncertainty: null
  unit: null
  /** mm */
  value: number
}
export interface api__models__openminds__SANDS__v3__miscellaneous__coordinatePoint__Coordinates {
  '@context': VocabModel
  typeOfUncertainty: null
  uncertainty: null
  unit: null
  /** mm */
  value: number
}
/** Routes that are asked by GET. `params`: of path and query together. */
export interface GetRoutes {
  /** List the atlases */
  '/atlases': {
    params: {
      /** Page, from 1. */
      page?: number
      /** Items per page. */
      size?: number
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: Page<SiibraAtlasModel>
  }
  /** One atlas: its species, spaces and parcellations */
  '/atlases/{atlas_id}': {
    params: {
      /** Id, key or name of an atlas. */
      atlas_id: string
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: SiibraAtlasModel
  }
  /** List the reference spaces */
  '/spaces': {
    params: {
      /** Page, from 1. */
      page?: number
      /** Items per page. */
      size?: number
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: Page<CommonCoordinateSpaceModel>
  }
  /** One reference space: its templates and data sets */
  '/spaces/{space_id}': {
    params: {
      /** Id, key or name of a reference space. */
      space_id: string
      /** `bibtex`, `csl`: what is to be cited, instead of the object; wins over the header `Accept`. */
      format?: 'json' | 'bibtex' | 'csl'
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: CommonCoordinateSpaceModel
  }
  /** List the parcellations */
  '/parcellations': {
    params: {
      /** Page, from 1. */
      page?: number
      /** Items per page. */
      size?: number
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: Page<SiibraParcellationModel>
  }
  /** One parcellation: its version, modality and data sets */
  '/parcellations/{parcellation_id}': {
    params: {
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** `bibtex`, `csl`: what is to be cited, instead of the object; wins over the header `Accept`. */
      format?: 'json' | 'bibtex' | 'csl'
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: SiibraParcellationModel
  }
  /** List or search the regions of a parcellation, or search all parcellations */
  '/regions': {
    params: {
      /** Id, key or name of a parcellation. May be left out where `find` is given: then all of them are searched. */
      parcellation_id?: string
      /** Words, or a regular expression between slashes, e.g. `/^hoc[12]/i`. */
      find?: string
      /** Id, key or name of an atlas. */
      atlas_id?: string
      /** Only parcellations of that species: its name, or its id in the knowledge graph. */
      species?: string
      /** Only that region and its parts. Of several parcellations, those that have none like it are left out. */
      within?: string
      /** `true`: only regions without parts; `false`: only those with parts. */
      leaf?: 'true' | 'false'
      /** Only regions that a labelled map of the parcellation draws with that label. */
      label?: number
      /** Page, from 1. */
      page?: number
      /** Items per page. */
      size?: number
      /** Form of the answer; wins over the header `Accept`. */
      format?: 'json' | 'csv' | 'tsv' | 'arrow' | 'ndjson'
      /** `1`: CSV and TSV begin with lines (`# name: value`) that tell where the values come from. */
      provenance?: '0' | '1'
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: Page<ParcellationEntityVersionModel>
    isTable: true
  }
  /** All features anchored at a region */
  '/regions/{region_id}/features': {
    params: {
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id: string
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Feature type: the last part of a name that `/feature/_types` lists. `RegionalValues` (values by region of an imported atlas) is an addition of this service. */
      type?: 'Feature' | 'Tabular' | 'CorticalProfile' | 'BigBrainIntensityProfile' | 'CellDensityProfile' | 'GeneExpressions' | 'LayerwiseBigBrainIntensities' | 'LayerwiseCellDensity' | 'ReceptorDensityFingerprint' | 'ReceptorDensityProfile' | 'RegionalTimeseriesActivity' | 'RegionalBOLD' | 'InterarealConnectivityMatrix' | 'LocalFieldPotential' | 'RegionalLocalFieldPotential' | 'RegionalConnectivity' | 'FunctionalConnectivity' | 'StreamlineCounts' | 'StreamlineLengths' | 'TracingConnectivity' | 'AnatomoFunctionalConnectivity' | 'Image' | 'CellBodyStainedVolumeOfInterest' | 'BlockfaceVolumeOfInterest' | 'DTIVolumeOfInterest' | 'PLIVolumeOfInterest' | 'MRIVolumeOfInterest' | 'XPCTVolumeOfInterest' | 'LSFMVolumeOfInterest' | 'MorphometryVolumeOfInterest' | 'CellbodyStainedSection' | 'EbrainsDataFeature' | 'MarmosetCalbindinDensityProfile' | 'RegionalValues'
      /** Words that all occur in name, modality, type, id, region or cohort of a feature, in any case and order. */
      find?: string
      /** What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas. */
      include?: string
      /** Page, from 1. */
      page?: number
      /** Items per page. */
      size?: number
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: Page<FeatureModel>
  }
  /** Regions of other parcellations, and of other species, that correspond to a region */
  '/regions/{region_id}/related': {
    params: {
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id: string
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Page, from 1. */
      page?: number
      /** Items per page. */
      size?: number
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: Page<RegionRelationAsmtModel>
  }
  /** One region; with a space also where its centre lies there */
  '/regions/{region_id}': {
    params: {
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id: string
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Id, key or name of a reference space. */
      space_id?: string
      /** Which voxels belong to a region. `parts` (what holds where nothing is given): its own label and those of all its parts that the map draws; of a region that the map does not draw, all of its children, each of which must be drawn. `own`: of a region that the map draws its own label alone, as siibra-python has it. `drawn`: as `parts`, but a region that the map does not draw has those of its parts that it draws, even where others are missing. */
      extent?: 'parts' | 'own' | 'drawn'
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: ParcellationEntityVersionModel
  }
  /** The map of a parcellation in a space */
  '/map': {
    params: {
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Id, key or name of a reference space. */
      space_id: string
      /** One label per voxel, or one volume of probabilities per region. */
      map_type: MapType
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: MapModel
  }
  /** List the maps, by parcellation, space and type */
  '/maps': {
    params: {
      /** Id, key or name of a parcellation. */
      parcellation_id?: string
      /** Id, key or name of a reference space. */
      space_id?: string
      /** One label per voxel, or one volume of probabilities per region. */
      map_type?: MapType
      /** Page, from 1. */
      page?: number
      /** Items per page. */
      size?: number
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: Page<MapModel>
  }
  /** One map: its volumes, and where in them each region is drawn */
  '/maps/{map_id}': {
    params: {
      /** Id of a map, as listings give it. */
      map_id: string
      /** `bibtex`, `csl`: what is to be cited, instead of the object; wins over the header `Accept`. */
      format?: 'json' | 'bibtex' | 'csl'
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: MapModel
  }
  /** Gene symbols that gene expressions can be asked for */
  '/vocabularies/genes': {
    params: {
      /** Words, or a regular expression between slashes, e.g. `/^hoc[12]/i`. */
      find?: string
      /** Page, from 1. */
      page?: number
      /** Items per page. */
      size?: number
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: Page<GeneModel>
  }
  /** The template of a space on the grid of the labelled map of a parcellation (.nii.gz) */
  '/map/resampled_template': {
    params: {
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Id, key or name of a reference space. */
      space_id: string
      /** Part of the name of the map, where the parcellation has several in this space. */
      name?: string
    }
    answer: FileAnswer
  }
  /** The labelled map of a parcellation, or the mask of one region */
  '/map/labelled_map.nii.gz': {
    params: {
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Id, key or name of a reference space. */
      space_id: string
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id?: string
      /** Which voxels belong to a region. `parts` (what holds where nothing is given): its own label and those of all its parts that the map draws; of a region that the map does not draw, all of its children, each of which must be drawn. `own`: of a region that the map draws its own label alone, as siibra-python has it. `drawn`: as `parts`, but a region that the map does not draw has those of its parts that it draws, even where others are missing. */
      extent?: 'parts' | 'own' | 'drawn'
      /** Part of the name of a fragment, e.g. `left`; all of them where it is left out. */
      fragment?: string
      /** Two opposite corners in mm, as JSON: `[[x, y, z], [x, y, z]]`. */
      bbox?: string
      /** In mm. Of a pyramid the coarsest scale is taken whose voxels are at most this large, else the finest that `max_voxels` allows; other volumes have one resolution. */
      resolution_mm?: number
      /** More voxels than this are refused (422, which says what would be possible). Default 16777216. */
      max_voxels?: number
    }
    answer: FileAnswer
  }
  /** The statistical (probability) map of one region */
  '/map/statistical_map.nii.gz': {
    params: {
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id: string
      /** Id, key or name of a reference space. */
      space_id: string
      /** Part of the name of the map, where the parcellation has several in this space. */
      name?: string
      /** Part of the name of a fragment, e.g. `left`; all of them where it is left out. */
      fragment?: string
      /** Two opposite corners in mm, as JSON: `[[x, y, z], [x, y, z]]`. */
      bbox?: string
      /** In mm. Of a pyramid the coarsest scale is taken whose voxels are at most this large, else the finest that `max_voxels` allows; other volumes have one resolution. */
      resolution_mm?: number
      /** More voxels than this are refused (422, which says what would be possible). Default 16777216. */
      max_voxels?: number
    }
    answer: FileAnswer
  }
  /** Smallest and largest value of the statistical map of one region */
  '/map/statistical_map.info.json': {
    params: {
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id: string
      /** Id, key or name of a reference space. */
      space_id: string
      /** Part of the name of the map, where the parcellation has several in this space. */
      name?: string
      /** Part of the name of a fragment, e.g. `left`; all of them where it is left out. */
      fragment?: string
      /** Two opposite corners in mm, as JSON: `[[x, y, z], [x, y, z]]`. */
      bbox?: string
      /** In mm. Of a pyramid the coarsest scale is taken whose voxels are at most this large, else the finest that `max_voxels` allows; other volumes have one resolution. */
      resolution_mm?: number
      /** More voxels than this are refused (422, which says what would be possible). Default 16777216. */
      max_voxels?: number
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: StatisticModelInfo
  }
  /** The regions that a point belongs to, with scores */
  '/map/assign': {
    params: {
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Id, key or name of a reference space. */
      space_id: string
      /** Coordinates in mm: `-8.75mm,-88.25mm,1.5mm`, `-8.75, -88.25, 1.5` or `[-8.75, -88.25, 1.5]`. */
      point: string
      /** Which map the point is looked up in. */
      assignment_type?: 'statistical' | 'labelled'
      /** Uncertainty of the point, in mm (standard deviation). Below three voxels of the map it does not count, as in siibra-python: the point is taken as exact, and the header `x-siibra-note` says so. */
      sigma_mm?: number
      /** Form of the answer; wins over the header `Accept`. */
      format?: 'json' | 'csv' | 'tsv' | 'arrow' | 'ndjson'
      /** `1`: CSV and TSV begin with lines (`# name: value`) that tell where the values come from. */
      provenance?: '0' | '1'
    }
    answer: DataFrameModel
    isTable: true
  }
  /** Where some points lie in another space */
  '/spaces/{space_id}/warp': {
    params: {
      /** Id, key or name of a reference space. */
      space_id: string
      /** Id, key or name of the space that the points go to. */
      target_space_id: string
      /** Coordinates in mm, as for `/map/assign`; several by repeating the parameter. */
      point: string[]
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: WarpedPoints
  }
  /** What a region is a part of, the outermost first */
  '/regions/{region_id}/ancestors': {
    params: {
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id: string
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Page, from 1. */
      page?: number
      /** Items per page. */
      size?: number
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: Page<ParcellationEntityVersionModel>
  }
  /** All parts of a region, each before its own parts */
  '/regions/{region_id}/descendants': {
    params: {
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id: string
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Page, from 1. */
      page?: number
      /** Items per page. */
      size?: number
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: Page<ParcellationEntityVersionModel>
  }
  /** The other parts of what a region is a part of */
  '/regions/{region_id}/siblings': {
    params: {
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id: string
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Page, from 1. */
      page?: number
      /** Items per page. */
      size?: number
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: Page<ParcellationEntityVersionModel>
  }
  /** Addresses at which siibra-explorer and neuroglancer show a region */
  '/regions/{region_id}/links': {
    params: {
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id: string
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Id, key or name of a reference space. */
      space_id: string
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: RegionLinks
  }
  /** The region at a point: its name, its acronym, and on which side it lies */
  '/spaces/{space_id}/structure_at': {
    params: {
      /** Id, key or name of a reference space. */
      space_id: string
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Coordinates in mm, as for `/map/assign`. */
      point: string
      /** Names the region at that depth of the tree instead (1: the outermost ones). */
      level?: number
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: StructureAt
  }
  /** A slice of a space with the regions of a parcellation (PNG) */
  '/map/slice.png': {
    params: {
      /** Id, key or name of a reference space. */
      space_id: string
      /** Id, key or name of a parcellation. */
      parcellation_id?: string
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id?: string
      /** What is drawn over the template: labelled regions (default), or the statistical map of the region. */
      map_type?: MapType
      /** JSON with a number or a colour (`#rrggbb`) for each region, in place of their own colours: numbers go from the least to the largest through the ramp; parts of a region have its value unless they have one; regions without one are not drawn. */
      colors?: string
      /** `light`, `dark`, `transparent`, or a colour as `#rrggbb`. */
      background?: string
      /** `horizontal` is another word for `axial`. */
      plane?: 'axial' | 'coronal' | 'sagittal' | 'horizontal'
      /** Where the plane cuts its axis, in mm; else through the region, or the middle of the space. */
      at_mm?: number
      /** Pixels of the longest side of the space that is seen. */
      size?: number
    }
    answer: FileAnswer
  }
  /** A slice of a space with the regions of a parcellation (SVG) */
  '/map/slice.svg': {
    params: {
      /** Id, key or name of a reference space. */
      space_id: string
      /** Id, key or name of a parcellation. */
      parcellation_id?: string
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id?: string
      /** What is drawn over the template: labelled regions (default), or the statistical map of the region. */
      map_type?: MapType
      /** JSON with a number or a colour (`#rrggbb`) for each region, in place of their own colours: numbers go from the least to the largest through the ramp; parts of a region have its value unless they have one; regions without one are not drawn. */
      colors?: string
      /** `light`, `dark`, `transparent`, or a colour as `#rrggbb`. */
      background?: string
      /** `horizontal` is another word for `axial`. */
      plane?: 'axial' | 'coronal' | 'sagittal' | 'horizontal'
      /** Where the plane cuts its axis, in mm; else through the region, or the middle of the space. */
      at_mm?: number
      /** Pixels of the longest side of the space that is seen. */
      size?: number
    }
    answer: FileAnswer
  }
  /** Three planes through a region, or through the middle of a space (PNG) */
  '/map/picture.png': {
    params: {
      /** Id, key or name of a reference space. */
      space_id: string
      /** Id, key or name of a parcellation. */
      parcellation_id?: string
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id?: string
      /** What is drawn over the template: labelled regions (default), or the statistical map of the region. */
      map_type?: MapType
      /** JSON with a number or a colour (`#rrggbb`) for each region, in place of their own colours: numbers go from the least to the largest through the ramp; parts of a region have its value unless they have one; regions without one are not drawn. */
      colors?: string
      /** `light`, `dark`, `transparent`, or a colour as `#rrggbb`. */
      background?: string
      /** Pixels of the longest side of the space that is seen. */
      size?: number
    }
    answer: FileAnswer
  }
  /** The mesh of a region, or of a whole parcellation (GII) */
  '/map/mesh.gii': {
    params: {
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Id, key or name of a reference space. */
      space_id: string
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id?: string
      /** Which voxels belong to a region. `parts` (what holds where nothing is given): its own label and those of all its parts that the map draws; of a region that the map does not draw, all of its children, each of which must be drawn. `own`: of a region that the map draws its own label alone, as siibra-python has it. `drawn`: as `parts`, but a region that the map does not draw has those of its parts that it draws, even where others are missing. */
      extent?: 'parts' | 'own' | 'drawn'
      /** Part of the name of a fragment, e.g. `left`; all of them where it is left out. */
      fragment?: string
      /** Of spaces of surfaces: part of the name of one, e.g. `pial`; the first where it is left out. */
      variant?: string
      /** Rounds of smoothing (Taubin, which keeps the volume); 10 take the steps of voxels away. */
      smooth?: number
      /** How many of the triangles are left: above 0, up to 1 (all of them). */
      decimate?: number
    }
    answer: FileAnswer
  }
  /** The surface of a space (GII) */
  '/spaces/{space_id}/mesh.gii': {
    params: {
      /** Id, key or name of a reference space. */
      space_id: string
      /** Part of the name of a fragment, e.g. `left`; all of them where it is left out. */
      fragment?: string
      /** Of spaces of surfaces: part of the name of one, e.g. `pial`; the first where it is left out. */
      variant?: string
      /** Rounds of smoothing (Taubin, which keeps the volume); 10 take the steps of voxels away. */
      smooth?: number
      /** How many of the triangles are left: above 0, up to 1 (all of them). */
      decimate?: number
    }
    answer: FileAnswer
  }
  /** The mesh of a region, or of a whole parcellation (GLB) */
  '/map/mesh.glb': {
    params: {
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Id, key or name of a reference space. */
      space_id: string
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id?: string
      /** Which voxels belong to a region. `parts` (what holds where nothing is given): its own label and those of all its parts that the map draws; of a region that the map does not draw, all of its children, each of which must be drawn. `own`: of a region that the map draws its own label alone, as siibra-python has it. `drawn`: as `parts`, but a region that the map does not draw has those of its parts that it draws, even where others are missing. */
      extent?: 'parts' | 'own' | 'drawn'
      /** Part of the name of a fragment, e.g. `left`; all of them where it is left out. */
      fragment?: string
      /** Of spaces of surfaces: part of the name of one, e.g. `pial`; the first where it is left out. */
      variant?: string
      /** Rounds of smoothing (Taubin, which keeps the volume); 10 take the steps of voxels away. */
      smooth?: number
      /** How many of the triangles are left: above 0, up to 1 (all of them). */
      decimate?: number
    }
    answer: FileAnswer
  }
  /** The surface of a space (GLB) */
  '/spaces/{space_id}/mesh.glb': {
    params: {
      /** Id, key or name of a reference space. */
      space_id: string
      /** Part of the name of a fragment, e.g. `left`; all of them where it is left out. */
      fragment?: string
      /** Of spaces of surfaces: part of the name of one, e.g. `pial`; the first where it is left out. */
      variant?: string
      /** Rounds of smoothing (Taubin, which keeps the volume); 10 take the steps of voxels away. */
      smooth?: number
      /** How many of the triangles are left: above 0, up to 1 (all of them). */
      decimate?: number
    }
    answer: FileAnswer
  }
  /** The mesh of a region, or of a whole parcellation (OBJ) */
  '/map/mesh.obj': {
    params: {
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Id, key or name of a reference space. */
      space_id: string
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id?: string
      /** Which voxels belong to a region. `parts` (what holds where nothing is given): its own label and those of all its parts that the map draws; of a region that the map does not draw, all of its children, each of which must be drawn. `own`: of a region that the map draws its own label alone, as siibra-python has it. `drawn`: as `parts`, but a region that the map does not draw has those of its parts that it draws, even where others are missing. */
      extent?: 'parts' | 'own' | 'drawn'
      /** Part of the name of a fragment, e.g. `left`; all of them where it is left out. */
      fragment?: string
      /** Of spaces of surfaces: part of the name of one, e.g. `pial`; the first where it is left out. */
      variant?: string
      /** Rounds of smoothing (Taubin, which keeps the volume); 10 take the steps of voxels away. */
      smooth?: number
      /** How many of the triangles are left: above 0, up to 1 (all of them). */
      decimate?: number
    }
    answer: FileAnswer
  }
  /** The surface of a space (OBJ) */
  '/spaces/{space_id}/mesh.obj': {
    params: {
      /** Id, key or name of a reference space. */
      space_id: string
      /** Part of the name of a fragment, e.g. `left`; all of them where it is left out. */
      fragment?: string
      /** Of spaces of surfaces: part of the name of one, e.g. `pial`; the first where it is left out. */
      variant?: string
      /** Rounds of smoothing (Taubin, which keeps the volume); 10 take the steps of voxels away. */
      smooth?: number
      /** How many of the triangles are left: above 0, up to 1 (all of them). */
      decimate?: number
    }
    answer: FileAnswer
  }
  /** A parcellation on a surface: the label of each vertex, with names and colours */
  '/map/labelled_surface.label.gii': {
    params: {
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Id, key or name of a reference space. */
      space_id: string
      /** Part of the name of a fragment, e.g. `left`; all of them where it is left out. */
      fragment?: string
    }
    answer: FileAnswer
  }
  /** Search the features of the configuration */
  '/features': {
    params: {
      /** Words that all occur in name, modality, type, id, region or cohort of a feature, in any case and order. */
      find?: string
      /** Feature type: the last part of a name that `/feature/_types` lists. `RegionalValues` (values by region of an imported atlas) is an addition of this service. */
      type?: 'Feature' | 'Tabular' | 'CorticalProfile' | 'BigBrainIntensityProfile' | 'CellDensityProfile' | 'GeneExpressions' | 'LayerwiseBigBrainIntensities' | 'LayerwiseCellDensity' | 'ReceptorDensityFingerprint' | 'ReceptorDensityProfile' | 'RegionalTimeseriesActivity' | 'RegionalBOLD' | 'InterarealConnectivityMatrix' | 'LocalFieldPotential' | 'RegionalLocalFieldPotential' | 'RegionalConnectivity' | 'FunctionalConnectivity' | 'StreamlineCounts' | 'StreamlineLengths' | 'TracingConnectivity' | 'AnatomoFunctionalConnectivity' | 'Image' | 'CellBodyStainedVolumeOfInterest' | 'BlockfaceVolumeOfInterest' | 'DTIVolumeOfInterest' | 'PLIVolumeOfInterest' | 'MRIVolumeOfInterest' | 'XPCTVolumeOfInterest' | 'LSFMVolumeOfInterest' | 'MorphometryVolumeOfInterest' | 'CellbodyStainedSection' | 'EbrainsDataFeature' | 'MarmosetCalbindinDensityProfile' | 'RegionalValues'
      /** Words of the modality. */
      modality?: string
      /** Name of a species. */
      species?: string
      /** Id, key or name of a parcellation. */
      parcellation_id?: string
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id?: string
      /** Id, key or name of a reference space. */
      space_id?: string
      /** Two opposite corners in mm, as JSON: `[[x, y, z], [x, y, z]]`. */
      bbox?: string
      /** Words of the licence of one of the data sets. */
      licence?: string
      /** Id of a data set, or the end of it. */
      dataset_id?: string
      /** What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas. */
      include?: string
      /** Page, from 1. */
      page?: number
      /** Items per page. */
      size?: number
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: Page<FeatureModel>
  }
  /** What was measured in the regions of a parcellation, as one table: receptors, layers or genes */
  '/feature/matrix': {
    params: {
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** What the columns are: receptors (fmol/mg), layers (cells per 0.1 mm3), what tables of regions have, genes. Not needed with `gene`. */
      type?: 'ReceptorDensityFingerprint' | 'LayerwiseCellDensity' | 'RegionalValues' | 'GeneExpressions'
      /** Symbols of genes, by repeating the parameter or between commas; at most 20. */
      gene?: string[]
      /** Of genes: the mean expression level, or the mean z-score, of all probes and samples. */
      measure?: 'level' | 'zscore'
      /** Form of the answer; wins over the header `Accept`. */
      format?: 'json' | 'csv' | 'tsv' | 'arrow' | 'ndjson'
      /** `1`: CSV and TSV begin with lines (`# name: value`) that tell where the values come from. */
      provenance?: '0' | '1'
    }
    answer: DataFrameModel
    isTable: true
  }
  /** A region with its centre, ancestors, children, related regions, and the first features of each type */
  '/regions/{region_id}/overview': {
    params: {
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id: string
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Id, key or name of a reference space. */
      space_id?: string
      /** How many features of each type, and related regions, are told. */
      size?: number
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: RegionOverviewModel
  }
  /** What is to be cited of parcellations, spaces, maps and features: publications and data sets, with their licences */
  '/citations': {
    params: {
      /** Ids of parcellations, by repeating the parameter. */
      parcellation_id?: string[]
      /** Ids of spaces, by repeating the parameter. */
      space_id?: string[]
      /** Ids of maps, by repeating the parameter. */
      map_id?: string[]
      /** Ids of features, by repeating the parameter. */
      feature_id?: string[]
      /** `bibtex`, `csl`: what is to be cited, instead of the object; wins over the header `Accept`. */
      format?: 'json' | 'bibtex' | 'csl'
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: CitationsModel
  }
  /** Receptors that tables of densities name, with their neurotransmitters */
  '/vocabularies/receptors': {
    params: {
      /** Words of symbols or names. */
      find?: string
      /** Page, from 1. */
      page?: number
      /** Items per page. */
      size?: number
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: Page<ReceptorModel>
  }
  /** How recordings of local field potentials were made: values of `pathology`, `pharmacology`, `signal_quality` */
  '/vocabularies/lfp': {
    params: {
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: RecordingConditionsModel
  }
  /** All regions of a parcellation in one table: tree, colours, labels, sizes and centres */
  '/parcellations/{parcellation_id}/region_table': {
    params: {
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Space whose map tells labels, volumes and fragments, and in whose voxels regions are measured. */
      space_id?: string
      /** Of the map in that space. In a statistical map regions have no labels, and are not measured. */
      map_type?: 'LABELLED' | 'STATISTICAL'
      /** Only that region and its parts. */
      within?: string
      /** Only regions at that depth (1: the outermost ones). */
      level?: number
      /** `true`: only regions without parts; `false`: only those with parts. */
      leaf?: 'true' | 'false'
      /** Only these columns, in this order, by repeating the parameter. */
      columns?: ('name' | 'short_name' | 'id' | 'parent_id' | 'path' | 'depth' | 'order' | 'is_leaf' | 'color' | 'side' | 'label' | 'volume' | 'fragment' | 'voxels' | 'volume_mm3' | 'components' | 'centroid_x_mm' | 'centroid_y_mm' | 'centroid_z_mm' | 'bbox_min_x_mm' | 'bbox_min_y_mm' | 'bbox_min_z_mm' | 'bbox_max_x_mm' | 'bbox_max_y_mm' | 'bbox_max_z_mm')[]
      /** Form of the answer; wins over the header `Accept`. */
      format?: 'json' | 'csv' | 'tsv' | 'arrow' | 'ndjson'
      /** `1`: CSV and TSV begin with lines (`# name: value`) that tell where the values come from. */
      provenance?: '0' | '1'
    }
    answer: DataFrameModel
    isTable: true
  }
  /** How the regions of two parcellations lie over each other */
  '/map/overlap': {
    params: {
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Id, key or name of the parcellation that is laid over the first one. */
      other_parcellation_id: string
      /** Id, key or name of a reference space. */
      space_id: string
      /** Form of the answer; wins over the header `Accept`. */
      format?: 'json' | 'csv' | 'tsv' | 'arrow' | 'ndjson'
      /** `1`: CSV and TSV begin with lines (`# name: value`) that tell where the values come from. */
      provenance?: '0' | '1'
    }
    answer: DataFrameModel
    isTable: true
  }
  /** The template of a space, or a part of it */
  '/spaces/{space_id}/template.nii.gz': {
    params: {
      /** Id, key or name of a reference space. */
      space_id: string
      /** Two opposite corners in mm, as JSON: `[[x, y, z], [x, y, z]]`. */
      bbox?: string
      /** In mm. Of a pyramid the coarsest scale is taken whose voxels are at most this large, else the finest that `max_voxels` allows; other volumes have one resolution. */
      resolution_mm?: number
      /** More voxels than this are refused (422, which says what would be possible). Default 16777216. */
      max_voxels?: number
    }
    answer: FileAnswer
  }
  /** An image feature, or a part of it, as a volume */
  '/feature/{feature_id}/image.nii.gz': {
    params: {
      /** Id of a feature, as listings give it. */
      feature_id: string
      /** Two opposite corners in mm, as JSON: `[[x, y, z], [x, y, z]]`. */
      bbox?: string
      /** In mm. Of a pyramid the coarsest scale is taken whose voxels are at most this large, else the finest that `max_voxels` allows; other volumes have one resolution. */
      resolution_mm?: number
      /** More voxels than this are refused (422, which says what would be possible). Default 16777216. */
      max_voxels?: number
    }
    answer: FileAnswer
  }
  /** A labelled map as OME-Zarr 0.4: one of its files */
  '/maps/{map_id}/labelled.zarr/{key}': {
    params: {
      /** Id of a map, as listings give it. */
      map_id: string
      /** A file of the Zarr: `.zattrs`, `0/.zarray`, `0/0/1/2` (level, then chunk along z, y, x) ... */
      key: string
    }
    answer: FileAnswer
  }
  /** All types of features, and which route lists them */
  '/feature/_types': {
    params: {
      /** Page, from 1. */
      page?: number
      /** Items per page. */
      size?: number
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: Page<FeatureMetaModel>
  }
  /** List the connectivity data of a parcellation */
  '/feature/RegionalConnectivity': {
    params: {
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Feature type: the last part of a name that `/feature/_types` lists. `RegionalValues` (values by region of an imported atlas) is an addition of this service. */
      type?: 'Feature' | 'Tabular' | 'CorticalProfile' | 'BigBrainIntensityProfile' | 'CellDensityProfile' | 'GeneExpressions' | 'LayerwiseBigBrainIntensities' | 'LayerwiseCellDensity' | 'ReceptorDensityFingerprint' | 'ReceptorDensityProfile' | 'RegionalTimeseriesActivity' | 'RegionalBOLD' | 'InterarealConnectivityMatrix' | 'LocalFieldPotential' | 'RegionalLocalFieldPotential' | 'RegionalConnectivity' | 'FunctionalConnectivity' | 'StreamlineCounts' | 'StreamlineLengths' | 'TracingConnectivity' | 'AnatomoFunctionalConnectivity' | 'Image' | 'CellBodyStainedVolumeOfInterest' | 'BlockfaceVolumeOfInterest' | 'DTIVolumeOfInterest' | 'PLIVolumeOfInterest' | 'MRIVolumeOfInterest' | 'XPCTVolumeOfInterest' | 'LSFMVolumeOfInterest' | 'MorphometryVolumeOfInterest' | 'CellbodyStainedSection' | 'EbrainsDataFeature' | 'MarmosetCalbindinDensityProfile' | 'RegionalValues'
      /** Words that all occur in name, modality, type, id, region or cohort of a feature, in any case and order. */
      find?: string
      /** What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas. */
      include?: string
      /** Page, from 1. */
      page?: number
      /** Items per page. */
      size?: number
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: Page<SiibraRegionalConnectivityModel>
  }
  /** One connectivity data set: the matrix of a subject, or the average of all */
  '/feature/RegionalConnectivity/{feature_id}': {
    params: {
      /** Id of a feature, as listings give it. */
      feature_id: string
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** One of the `subjects` of a connectivity data set or of time series. */
      subject?: string
      /** Feature type: the last part of a name that `/feature/_types` lists. `RegionalValues` (values by region of an imported atlas) is an addition of this service. */
      type?: 'Feature' | 'Tabular' | 'CorticalProfile' | 'BigBrainIntensityProfile' | 'CellDensityProfile' | 'GeneExpressions' | 'LayerwiseBigBrainIntensities' | 'LayerwiseCellDensity' | 'ReceptorDensityFingerprint' | 'ReceptorDensityProfile' | 'RegionalTimeseriesActivity' | 'RegionalBOLD' | 'InterarealConnectivityMatrix' | 'LocalFieldPotential' | 'RegionalLocalFieldPotential' | 'RegionalConnectivity' | 'FunctionalConnectivity' | 'StreamlineCounts' | 'StreamlineLengths' | 'TracingConnectivity' | 'AnatomoFunctionalConnectivity' | 'Image' | 'CellBodyStainedVolumeOfInterest' | 'BlockfaceVolumeOfInterest' | 'DTIVolumeOfInterest' | 'PLIVolumeOfInterest' | 'MRIVolumeOfInterest' | 'XPCTVolumeOfInterest' | 'LSFMVolumeOfInterest' | 'MorphometryVolumeOfInterest' | 'CellbodyStainedSection' | 'EbrainsDataFeature' | 'MarmosetCalbindinDensityProfile' | 'RegionalValues'
      /** What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas. */
      include?: string
      /** `bibtex`, `csl`: what is to be cited, instead of the object; wins over the header `Accept`. */
      format?: 'json' | 'bibtex' | 'csl'
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: SiibraRegionalConnectivityModel
  }
  /** List the cortical profiles of a region */
  '/feature/CorticalProfile': {
    params: {
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id: string
      /** Feature type: the last part of a name that `/feature/_types` lists. `RegionalValues` (values by region of an imported atlas) is an addition of this service. */
      type?: 'Feature' | 'Tabular' | 'CorticalProfile' | 'BigBrainIntensityProfile' | 'CellDensityProfile' | 'GeneExpressions' | 'LayerwiseBigBrainIntensities' | 'LayerwiseCellDensity' | 'ReceptorDensityFingerprint' | 'ReceptorDensityProfile' | 'RegionalTimeseriesActivity' | 'RegionalBOLD' | 'InterarealConnectivityMatrix' | 'LocalFieldPotential' | 'RegionalLocalFieldPotential' | 'RegionalConnectivity' | 'FunctionalConnectivity' | 'StreamlineCounts' | 'StreamlineLengths' | 'TracingConnectivity' | 'AnatomoFunctionalConnectivity' | 'Image' | 'CellBodyStainedVolumeOfInterest' | 'BlockfaceVolumeOfInterest' | 'DTIVolumeOfInterest' | 'PLIVolumeOfInterest' | 'MRIVolumeOfInterest' | 'XPCTVolumeOfInterest' | 'LSFMVolumeOfInterest' | 'MorphometryVolumeOfInterest' | 'CellbodyStainedSection' | 'EbrainsDataFeature' | 'MarmosetCalbindinDensityProfile' | 'RegionalValues'
      /** Words that all occur in name, modality, type, id, region or cohort of a feature, in any case and order. */
      find?: string
      /** What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas. */
      include?: string
      /** Page, from 1. */
      page?: number
      /** Items per page. */
      size?: number
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: Page<SiibraCorticalProfileModel>
  }
  /** One cortical profile */
  '/feature/CorticalProfile/{feature_id}': {
    params: {
      /** Id of a feature, as listings give it. */
      feature_id: string
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id: string
      /** Feature type: the last part of a name that `/feature/_types` lists. `RegionalValues` (values by region of an imported atlas) is an addition of this service. */
      type?: 'Feature' | 'Tabular' | 'CorticalProfile' | 'BigBrainIntensityProfile' | 'CellDensityProfile' | 'GeneExpressions' | 'LayerwiseBigBrainIntensities' | 'LayerwiseCellDensity' | 'ReceptorDensityFingerprint' | 'ReceptorDensityProfile' | 'RegionalTimeseriesActivity' | 'RegionalBOLD' | 'InterarealConnectivityMatrix' | 'LocalFieldPotential' | 'RegionalLocalFieldPotential' | 'RegionalConnectivity' | 'FunctionalConnectivity' | 'StreamlineCounts' | 'StreamlineLengths' | 'TracingConnectivity' | 'AnatomoFunctionalConnectivity' | 'Image' | 'CellBodyStainedVolumeOfInterest' | 'BlockfaceVolumeOfInterest' | 'DTIVolumeOfInterest' | 'PLIVolumeOfInterest' | 'MRIVolumeOfInterest' | 'XPCTVolumeOfInterest' | 'LSFMVolumeOfInterest' | 'MorphometryVolumeOfInterest' | 'CellbodyStainedSection' | 'EbrainsDataFeature' | 'MarmosetCalbindinDensityProfile' | 'RegionalValues'
      /** What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas. */
      include?: string
      /** `bibtex`, `csl`: what is to be cited, instead of the object; wins over the header `Accept`. */
      format?: 'json' | 'bibtex' | 'csl'
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: SiibraCorticalProfileModel
  }
  /** List the tabular features of a region */
  '/feature/Tabular': {
    params: {
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id: string
      /** Feature type: the last part of a name that `/feature/_types` lists. `RegionalValues` (values by region of an imported atlas) is an addition of this service. */
      type?: 'Feature' | 'Tabular' | 'CorticalProfile' | 'BigBrainIntensityProfile' | 'CellDensityProfile' | 'GeneExpressions' | 'LayerwiseBigBrainIntensities' | 'LayerwiseCellDensity' | 'ReceptorDensityFingerprint' | 'ReceptorDensityProfile' | 'RegionalTimeseriesActivity' | 'RegionalBOLD' | 'InterarealConnectivityMatrix' | 'LocalFieldPotential' | 'RegionalLocalFieldPotential' | 'RegionalConnectivity' | 'FunctionalConnectivity' | 'StreamlineCounts' | 'StreamlineLengths' | 'TracingConnectivity' | 'AnatomoFunctionalConnectivity' | 'Image' | 'CellBodyStainedVolumeOfInterest' | 'BlockfaceVolumeOfInterest' | 'DTIVolumeOfInterest' | 'PLIVolumeOfInterest' | 'MRIVolumeOfInterest' | 'XPCTVolumeOfInterest' | 'LSFMVolumeOfInterest' | 'MorphometryVolumeOfInterest' | 'CellbodyStainedSection' | 'EbrainsDataFeature' | 'MarmosetCalbindinDensityProfile' | 'RegionalValues'
      /** Words that all occur in name, modality, type, id, region or cohort of a feature, in any case and order. */
      find?: string
      /** What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas. */
      include?: string
      /** Page, from 1. */
      page?: number
      /** Items per page. */
      size?: number
      /** Only field potentials: of animals with that pathology. `/vocabularies/lfp` lists the values. */
      pathology?: string
      /** Only field potentials: under that drug. `/vocabularies/lfp` lists the values. */
      pharmacology?: string
      /** Only field potentials: of that quality. `/vocabularies/lfp` lists the values. */
      signal_quality?: string
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: Page<SiibraCorticalProfileModel | SiibraReceptorDensityFp | SiibraTabularModel>
  }
  /** One tabular feature */
  '/feature/Tabular/{feature_id}': {
    params: {
      /** Id of a feature, as listings give it. */
      feature_id: string
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id: string
      /** Feature type: the last part of a name that `/feature/_types` lists. `RegionalValues` (values by region of an imported atlas) is an addition of this service. */
      type?: 'Feature' | 'Tabular' | 'CorticalProfile' | 'BigBrainIntensityProfile' | 'CellDensityProfile' | 'GeneExpressions' | 'LayerwiseBigBrainIntensities' | 'LayerwiseCellDensity' | 'ReceptorDensityFingerprint' | 'ReceptorDensityProfile' | 'RegionalTimeseriesActivity' | 'RegionalBOLD' | 'InterarealConnectivityMatrix' | 'LocalFieldPotential' | 'RegionalLocalFieldPotential' | 'RegionalConnectivity' | 'FunctionalConnectivity' | 'StreamlineCounts' | 'StreamlineLengths' | 'TracingConnectivity' | 'AnatomoFunctionalConnectivity' | 'Image' | 'CellBodyStainedVolumeOfInterest' | 'BlockfaceVolumeOfInterest' | 'DTIVolumeOfInterest' | 'PLIVolumeOfInterest' | 'MRIVolumeOfInterest' | 'XPCTVolumeOfInterest' | 'LSFMVolumeOfInterest' | 'MorphometryVolumeOfInterest' | 'CellbodyStainedSection' | 'EbrainsDataFeature' | 'MarmosetCalbindinDensityProfile' | 'RegionalValues'
      /** What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas. */
      include?: string
      /** One of the `subjects` of a connectivity data set or of time series. */
      subject?: string
      /** `bibtex`, `csl`: what is to be cited, instead of the object; wins over the header `Accept`. */
      format?: 'json' | 'bibtex' | 'csl'
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: SiibraCorticalProfileModel | SiibraReceptorDensityFp | SiibraTabularModel
  }
  /** List the images in a space, or in a bounding box of it */
  '/feature/Image': {
    params: {
      /** Id, key or name of a reference space. */
      space_id: string
      /** Two opposite corners in mm, as JSON: `[[x, y, z], [x, y, z]]`. */
      bbox?: string
      /** Feature type: the last part of a name that `/feature/_types` lists. `RegionalValues` (values by region of an imported atlas) is an addition of this service. */
      type?: 'Feature' | 'Tabular' | 'CorticalProfile' | 'BigBrainIntensityProfile' | 'CellDensityProfile' | 'GeneExpressions' | 'LayerwiseBigBrainIntensities' | 'LayerwiseCellDensity' | 'ReceptorDensityFingerprint' | 'ReceptorDensityProfile' | 'RegionalTimeseriesActivity' | 'RegionalBOLD' | 'InterarealConnectivityMatrix' | 'LocalFieldPotential' | 'RegionalLocalFieldPotential' | 'RegionalConnectivity' | 'FunctionalConnectivity' | 'StreamlineCounts' | 'StreamlineLengths' | 'TracingConnectivity' | 'AnatomoFunctionalConnectivity' | 'Image' | 'CellBodyStainedVolumeOfInterest' | 'BlockfaceVolumeOfInterest' | 'DTIVolumeOfInterest' | 'PLIVolumeOfInterest' | 'MRIVolumeOfInterest' | 'XPCTVolumeOfInterest' | 'LSFMVolumeOfInterest' | 'MorphometryVolumeOfInterest' | 'CellbodyStainedSection' | 'EbrainsDataFeature' | 'MarmosetCalbindinDensityProfile' | 'RegionalValues'
      /** Words that all occur in name, modality, type, id, region or cohort of a feature, in any case and order. */
      find?: string
      /** What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas. */
      include?: string
      /** Page, from 1. */
      page?: number
      /** Items per page. */
      size?: number
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: Page<SiibraVoiModel>
  }
  /** Gene expressions measured in a region */
  '/feature/GeneExpressions': {
    params: {
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id: string
      /** Gene symbol, or several, separated by commas. */
      gene: string
      /** Words that all occur in name, modality, type, id, region or cohort of a feature, in any case and order. */
      find?: string
      /** What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas. */
      include?: string
      /** Page, from 1. */
      page?: number
      /** Items per page. */
      size?: number
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: Page<SiibraTabularModel>
  }
  /** One set of gene expressions */
  '/feature/GeneExpressions/{feature_id}': {
    params: {
      /** Id of a feature, as listings give it. */
      feature_id: string
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id: string
      /** Gene symbol, or several, separated by commas. */
      gene: string
      /** What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas. */
      include?: string
      /** Page, from 1. */
      page?: number
      /** Items per page. */
      size?: number
      /** `bibtex`, `csl`: what is to be cited, instead of the object; wins over the header `Accept`. */
      format?: 'json' | 'bibtex' | 'csl'
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: SiibraTabularModel
  }
  /** List the EBRAINS data sets about a region */
  '/feature/EbrainsDataFeature': {
    params: {
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id: string
      /** Words that all occur in name, modality, type, id, region or cohort of a feature, in any case and order. */
      find?: string
      /** What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas. */
      include?: string
      /** Page, from 1. */
      page?: number
      /** Items per page. */
      size?: number
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: Page<SiibraEbrainsDataFeatureModel>
  }
  /** One EBRAINS data set */
  '/feature/EbrainsDataFeature/{feature_id}': {
    params: {
      /** Id of a feature, as listings give it. */
      feature_id: string
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id: string
      /** What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas. */
      include?: string
      /** Page, from 1. */
      page?: number
      /** Items per page. */
      size?: number
      /** `bibtex`, `csl`: what is to be cited, instead of the object; wins over the header `Accept`. */
      format?: 'json' | 'bibtex' | 'csl'
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: SiibraEbrainsDataFeatureModel
  }
  /** A figure of a feature, for plotly */
  '/feature/{feature_id}/plotly': {
    params: {
      /** Id of a feature, as listings give it. */
      feature_id: string
      /** Look of the figure. */
      template?: unknown
      /** Gene symbol, or several, separated by commas. */
      gene?: string
      /** One of the `subjects` of a connectivity data set or of time series. */
      subject?: string
      /** Regions to plot: names, separated by blanks or commas. */
      regions?: string
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: PlotlyFigure
  }
  /** The data of a feature, as a zip archive */
  '/feature/{feature_id}/download': {
    params: {
      /** Id of a feature, as listings give it. */
      feature_id: string
      /** Gene symbol, or several, separated by commas. */
      gene?: string
      /** One of the `subjects` of a connectivity data set or of time series. */
      subject?: string
      /** Regions to plot: names, separated by blanks or commas. */
      regions?: string
    }
    answer: FileAnswer
  }
  /** One feature of any type, by its id alone */
  '/feature/{feature_id}': {
    params: {
      /** Id of a feature, as listings give it. */
      feature_id: string
      /** Gene symbol, or several, separated by commas. */
      gene?: string
      /** One of the `subjects` of a connectivity data set or of time series. */
      subject?: string
      /** Regions to plot: names, separated by blanks or commas. */
      regions?: string
      /** What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas. */
      include?: string
      /** `bibtex`, `csl`: what is to be cited, instead of the object; wins over the header `Accept`. */
      format?: 'json' | 'bibtex' | 'csl'
      /** Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`). */
      fields?: string[]
    }
    answer: FeatureModel
  }
  /** Bundle a space, parcellation, region or feature into one archive */
  '/atlas_download': {
    params: {
      /** Id, key or name of a reference space. */
      space_id?: string
      /** Id, key or name of a parcellation. */
      parcellation_id?: string
      /** Two opposite corners in mm, as JSON: `[[x, y, z], [x, y, z]]`. */
      bbox?: string
      /** Name, key or id of a region of the parcellation, or the `@id` that listings give. */
      region_id?: string
      /** Id of a feature, as listings give it. */
      feature_id?: string
      /** Where given, the bundle holds only the most special of region, parcellation and space. */
      strict_mode?: string
      /** Which voxels belong to a region. `parts` (what holds where nothing is given): its own label and those of all its parts that the map draws; of a region that the map does not draw, all of its children, each of which must be drawn. `own`: of a region that the map draws its own label alone, as siibra-python has it. `drawn`: as `parts`, but a region that the map does not draw has those of its parts that it draws, even where others are missing. */
      extent?: 'parts' | 'own' | 'drawn'
    }
    answer: FileAnswer
  }
  /** State of a bundle that is being made */
  '/atlas_download/{task_id}': {
    params: {
      /** Id of a download, as `/atlas_download` gave it. */
      task_id: string
    }
    answer: TaskIdResp
  }
  /** A finished bundle */
  '/atlas_download/{task_id}/download': {
    params: {
      /** Id of a download, as `/atlas_download` gave it. */
      task_id: string
    }
    answer: FileAnswer
  }
  /** How a task is doing that was asked for with `Prefer: respond-async` */
  '/tasks/{task_id}': {
    params: {
      /** Id of a task, as the header `Location` of its request gave it. */
      task_id: string
    }
    answer: TaskModel
  }
  /** The answer of a task that has ended, as its route would have given it; kept for a day */
  '/tasks/{task_id}/result': {
    params: {
      /** Id of a task, as the header `Location` of its request gave it. */
      task_id: string
    }
    answer: unknown
  }
}
/** Routes that are asked by POST. `params`: of path and query together. */
export interface PostRoutes {
  /** The regions that many points belong to, with scores */
  '/map/assign': {
    params: {
      /** Id, key or name of a parcellation. */
      parcellation_id?: string
      /** Several parcellations in one go, by repeating the parameter; the answer then has a column `parcellation_id`. */
      parcellation_ids?: string[]
      /** Id, key or name of a reference space. */
      space_id: string
      /** Which map the points are looked up in. */
      assignment_type?: 'statistical' | 'labelled'
      /** Uncertainty of all points that have none of their own, in mm. Below three voxels of the map it does not count. */
      sigma_mm?: number
      /** Space of the points, where it is not that of the map: they are moved first. */
      point_space_id?: string
      /** Exact points in statistical maps: only values above it. */
      lower_threshold?: number
      /** Names the region at that depth of the tree instead (1: the outermost ones). */
      level?: number
      /** How many points lie in each region, instead of a row for each of them. */
      summary?: 'region'
      /** Form of the answer; wins over the header `Accept`. */
      format?: 'json' | 'csv' | 'tsv' | 'arrow' | 'ndjson'
      /** `1`: CSV and TSV begin with lines (`# name: value`) that tell where the values come from. */
      provenance?: '0' | '1'
    }
    body: {
      points: ([number, number, number])[]
      /** Uncertainty in mm, of all points or one for each. Wins over the query. */
      sigma_mm?: number | number[]
      /** One for each point; the answer names them. */
      ids?: (string | number)[]
    } | FileBody
    answer: DataFrameModel
    isTable: true
  }
  /** Where many points lie in another space */
  '/spaces/{space_id}/warp': {
    params: {
      /** Id, key or name of a reference space. */
      space_id: string
      /** Id, key or name of the space that the points go to. */
      target_space_id: string
    }
    body: {
      points: ([number, number, number])[]
    }
    answer: WarpedPoints
  }
  /** The regions that the components of an image belong to, with scores */
  '/map/assign_image': {
    params: {
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Id, key or name of a reference space. */
      space_id: string
      /** Which map the image is looked up in. */
      assignment_type?: 'statistical' | 'labelled'
      /** Whether each connected component of the image is looked up by itself. */
      split_components?: boolean
      /** Which voxels are connected: those that share a face, an edge or a corner, or faces alone. */
      connectivity?: 'full' | 'faces'
      /** Voxels above it belong to components. */
      threshold?: number
      /** Components with fewer voxels (of the map's grid) are left out. */
      min_voxels?: number
      /** Rows with less are left out. */
      min_correlation?: number
      /** Form of the answer; wins over the header `Accept`. */
      format?: 'json' | 'csv' | 'tsv' | 'arrow' | 'ndjson'
      /** `1`: CSV and TSV begin with lines (`# name: value`) that tell where the values come from. */
      provenance?: '0' | '1'
    }
    body: FileBody
    answer: DataFrameModel
    isTable: true
  }
  /** The clusters of a statistical image and their peaks, with their regions */
  '/map/clusters': {
    params: {
      /** Voxels above it belong to clusters; below it, where it is negative and only one side is wanted. */
      stat_threshold: number
      /** Smaller clusters (in voxels) are left out. */
      cluster_extent?: number
      /** Peaks of a cluster that are not farther from a higher one are left out. */
      min_distance_mm?: number
      /** Also what is below the negated threshold. */
      two_sided?: boolean
      /** Parcellations whose labelled maps tell the regions of peaks and clusters, by repeating the parameter. */
      parcellation_ids?: string[]
      /** Id, key or name of the space that the image is in; needed where the parcellations have labelled maps in several. */
      space_id?: string
      /** Form of the answer; wins over the header `Accept`. */
      format?: 'json' | 'csv' | 'tsv' | 'arrow' | 'ndjson'
      /** `1`: CSV and TSV begin with lines (`# name: value`) that tell where the values come from. */
      provenance?: '0' | '1'
    }
    body: FileBody
    answer: DataFrameModel
    isTable: true
  }
  /** Values of an image by region: a row for each of its volumes */
  '/map/values': {
    params: {
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Id, key or name of a reference space. */
      space_id: string
      /** Which map the image is looked up in. */
      assignment_type?: 'statistical' | 'labelled'
      /** How the voxels of a region become a number: the names of nilearn's NiftiLabelsMasker. Statistical maps have a fit by least squares instead (NiftiMapsMasker). */
      strategy?: 'mean' | 'median' | 'sum' | 'minimum' | 'maximum' | 'standard_deviation' | 'variance'
      /** What goes to the grid of the other: `data`, the map to that of the image (labels by nearest neighbour); `labels`, the image to that of the map (third-order spline). */
      resampling_target?: 'data' | 'labels'
      /** Form of the answer; wins over the header `Accept`. */
      format?: 'json' | 'csv' | 'tsv' | 'arrow' | 'ndjson'
      /** `1`: CSV and TSV begin with lines (`# name: value`) that tell where the values come from. */
      provenance?: '0' | '1'
    }
    body: FileBody
    answer: DataFrameModel
    isTable: true
  }
  /** A labelled map with values of regions instead of labels */
  '/map/colorized.nii.gz': {
    params: {
      /** Id, key or name of a parcellation. */
      parcellation_id: string
      /** Id, key or name of a reference space. */
      space_id: string
    }
    body: {
      /** By name or id of a region; up to 20000. Parts of a region have its value unless they have one themselves. */
      values: Record<string, number>
    } | FileBody
    answer: FileAnswer
  }
  /** How densely points lie in a space, as an image */
  '/map/density.nii.gz': {
    params: {
      /** Id, key or name of a reference space. */
      space_id: string
      /** Standard deviation of the Gaussian, in mm; 0 gives the number of points in each voxel. `sigma_mm` of the body wins. */
      sigma_mm?: number
      /** Size of the voxels of the image. Left out: the voxels of the template of the space. */
      resolution_mm?: number
    }
    body: {
      points: ([number, number, number])[]
      /** Uncertainty in mm, of all points or one for each. Wins over the query. */
      sigma_mm?: number | number[]
      /** One for each point; the answer names them. */
      ids?: (string | number)[]
    } | FileBody
    answer: FileAnswer
  }
}
/** Routes that are asked by DELETE. `params`: of path and query together. */
export interface DeleteRoutes {
  /** Ends a task, and forgets its result */
  '/tasks/{task_id}': {
    params: {
      /** Id of a task, as the header `Location` of its request gave it. */
      task_id: string
    }
    answer: undefined
  }
}
