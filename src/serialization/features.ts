import type {
  DataFrameModel,
  FeatureModel,
  SiibraAnatomicalAssignmentModel,
  SiibraAnchorModel,
  SiibraRegionalConnectivityModel,
} from '../models/features.ts'
import { relateRegions } from '../siibra/features/anchors/anchor-regions.ts'
import { loadImageBox } from '../siibra/features/anchors/image-box.ts'
import { featureIndex } from '../siibra/features/catalogue.ts'
import { type Frame, matrixRows, rowsOf } from '../siibra/features/data/frame.ts'
import { anchoredParcellation, describeFeature, explainRelation } from '../siibra/features/describe.ts'
import type { Anchor, Feature, ImageFeature } from '../siibra/features/feature.ts'
import { BOUNDARY_NAMES } from '../siibra/features/load/layers.ts'
import type { RegionLabel } from '../siibra/features/load/load-matrices.ts'
import { loadFingerprint, nameNeurotransmitters, type ReceptorSymbols } from '../siibra/features/load/load-receptors.ts'
import {
  isProfile,
  type LabelledMatrix,
  loadLabelledMatrix,
  loadProfileSummary,
  loadTable,
  type ProfileFeature,
  type RegionalMatrixFeature,
} from '../siibra/features/load/load-table.ts'
import { unlessMissing } from '../siibra/features/load/missing-file.ts'
import { type AtlasCore, loadVocabulary, type Qualification, type Region } from '../siibra/index.ts'
import { serializeDatasets } from './datasets.ts'
import { createGaps, type Gaps } from './gaps.ts'
import { serializeBox, serializeLocation } from './locations.ts'
import { serializeRegion, serializeRegionName } from './regions.ts'
import { type ProviderRemap, serializeVolume } from './volumes.ts'

export interface FeatureOptions {
  remap?: ProviderRemap | undefined
  /** Told where documents of other services are missing. */
  gaps?: Gaps | undefined
  signal?: AbortSignal | undefined
}

export interface FeatureDetailOptions extends FeatureOptions {
  /** Connectivity: whose matrix; without one the mean over all subjects. */
  subject?: string | undefined
  /** The region that was asked for: the answer says how the feature relates to it. */
  asked?: Region | undefined
}

/** Listed forms of the features of a configuration, which are always the same; kept once they are complete. */
const LISTED = new WeakMap<Feature, FeatureModel>()

/** A feature as it stands in listings: without data and anchor. */
export async function serializeFeature(
  core: AtlasCore,
  feature: Feature,
  options: FeatureOptions = {},
): Promise<FeatureModel> {
  const known = LISTED.get(feature)
  if (known) return known
  const gaps = createGaps()
  const model = await makeListed(core, feature, { ...options, gaps })
  if (!gaps.areRetryable) LISTED.set(feature, model)
  else if (options.gaps) options.gaps.areRetryable = true
  return model
}

async function makeListed(core: AtlasCore, feature: Feature, options: FeatureOptions): Promise<FeatureModel> {
  const base = await serializeBase(core, feature, options)
  switch (feature.kind) {
    case 'connectivity':
      return { '@type': CONNECTIVITY, ...base, ...subjectsOf(feature), matrices: null }
    case 'image':
      return serializeImage(core, feature, base, options)
    case 'receptor-fingerprint':
      return { '@type': FINGERPRINT, ...base, ...NO_TABLE }
    case 'ebrains-dataset':
      return { '@type': EBRAINS, ...base, ...NO_TABLE }
    default:
      return isProfile(feature)
        ? { ...base, ...(await serializeProfile(core, feature, options)), data: null }
        : { '@type': TABULAR, ...base, ...NO_TABLE }
  }
}

/** A feature with its data and anchor. Images have neither: their volume is what is answered. */
export async function serializeFeatureDetail(
  core: AtlasCore,
  feature: Feature,
  options: FeatureDetailOptions = {},
): Promise<FeatureModel> {
  if (feature.kind === 'image') return serializeFeature(core, feature, options)
  const [plain, anchor] = await Promise.all([
    serializeBase(core, feature, options),
    serializeAnchor(core, feature.anchor, options.asked),
  ])
  const base = { ...plain, anchor }
  const { retrieval } = core
  switch (feature.kind) {
    case 'connectivity': {
      const matrices = { [options.subject ?? '_average']: await serializeMatrixOf(core, feature, options) }
      return { '@type': CONNECTIVITY, ...base, ...subjectsOf(feature), matrices }
    }
    case 'interareal':
    case 'timeseries':
      return { '@type': TABULAR, ...base, ...NO_TABLE, data: await serializeMatrixOf(core, feature, options) }
    case 'receptor-fingerprint': {
      const { table } = await loadFingerprint(retrieval, feature, options.signal)
      const receptors = table.index.map(String)
      const neurotransmitters = nameNeurotransmitters(receptors, await loadReceptorSymbols(core))
      return { '@type': FINGERPRINT, ...base, data: serializeFrame(table), receptors, neurotransmitters }
    }
    case 'ebrains-dataset':
      return { '@type': EBRAINS, ...base, ...NO_TABLE }
    default: {
      const data = serializeFrame(await loadTable(retrieval, feature, options.signal))
      return isProfile(feature)
        ? { ...base, ...(await serializeProfile(core, feature, options)), data }
        : { '@type': TABULAR, ...base, ...NO_TABLE, data }
    }
  }
}

const CONNECTIVITY = 'siibra-0.4/feature/regional_connectivity'
const TABULAR = 'siibra-0.4/feature/tabular'
const FINGERPRINT = 'siibra-0.4/feature/tabular/receptor_density_fp'
const EBRAINS = 'siibra-0.4/feature/ebrains_datafeature'
const NO_TABLE = { data: null, receptors: null, neurotransmitters: null }

async function serializeBase(core: AtlasCore, feature: Feature, { gaps }: FeatureOptions) {
  const { id, modality, category } = feature
  const [datasets, { name, description }] = await Promise.all([
    serializeDatasets(core, feature.datasets, gaps),
    describeFeature(core, feature),
  ])
  return { id, modality, category, description, name, datasets, anchor: null as SiibraAnchorModel | null }
}

type Base = Awaited<ReturnType<typeof serializeBase>>

function subjectsOf({ cohort, files }: Extract<Feature, { kind: 'connectivity' }>) {
  return { cohort, subjects: [...files.keys()] }
}

async function serializeProfile(core: AtlasCore, feature: ProfileFeature, { signal }: FeatureOptions) {
  const summary = await unlessMissing(loadProfileSummary(core.retrieval, feature, signal))
  const { unit = null, boundaries = null } = summary ?? {}
  const positions = Object.fromEntries(BOUNDARY_NAMES.map((name, i) => [name, boundaries?.[i] ?? 0]))
  return {
    '@type': 'siibra-0.4/feature/tabular/cortical_profile' as const,
    unit,
    boundary_positions: boundaries ? positions : {},
    boundaries_mapped: boundaries !== null,
  }
}

async function serializeImage(core: AtlasCore, feature: ImageFeature, base: Base, options: FeatureOptions) {
  const { remap, gaps, signal } = options
  const [volume, box] = await Promise.all([
    serializeVolume(core, feature.volume, { spaceId: feature.space.id, remap, gaps }),
    unlessMissing(loadImageBox(core.retrieval, feature, signal)),
  ])
  return {
    '@type': box ? ('siibra-0.4/feature/volume_of_interest' as const) : ('siibra-0.4/feature/image' as const),
    ...base,
    volume,
    boundingbox: box ? serializeBox(box) : null,
  }
}

/** Receptors are named as they are written where the vocabulary cannot be had. */
async function loadReceptorSymbols(core: AtlasCore): Promise<ReceptorSymbols> {
  try {
    return await loadVocabulary<ReceptorSymbols>(core.retrieval, 'receptor_symbols')
  } catch {
    return {}
  }
}

function serializeFrame(frame: Frame): DataFrameModel {
  const columns = frame.columns.map(({ name }) => name)
  return { '@type': null, index: [...frame.index], columns, ndim: 2, data: rowsOf(frame) }
}

async function serializeMatrixOf(
  core: AtlasCore,
  feature: RegionalMatrixFeature,
  { subject, signal }: FeatureDetailOptions,
): Promise<NonNullable<SiibraRegionalConnectivityModel['matrices']>[string]> {
  const parcellation = await anchoredParcellation(core, feature)
  return serializeMatrix(await loadLabelledMatrix(core.retrieval, feature, parcellation, subject, signal))
}

function serializeMatrix({ matrix, rows, columns }: LabelledMatrix): DataFrameModel {
  const labels = columns.map(serializeLabel)
  const index = rows === columns ? labels : rows.map((row) => (typeof row === 'number' ? row : serializeLabel(row)))
  return { '@type': null, index, columns: labels, ndim: 2, data: matrixRows(matrix) }
}

function serializeLabel(label: RegionLabel): unknown {
  if (typeof label === 'string') return label
  return 'name' in label ? serializeRegion(label) : label.map((region) => serializeRegion(region))
}

async function serializeAnchor(core: AtlasCore, anchor: Anchor, asked?: Region): Promise<SiibraAnchorModel> {
  const regions = (await featureIndex(core)).regionsOf(anchor)
  const relations = regions.flatMap(({ region }) => {
    const qualification = asked && relateRegions(region, asked)
    return qualification ? [{ region, qualification }] : []
  })
  return {
    '@type': 'siibra-0.4/anchor',
    location: serializeLocation(anchor.location),
    regions: await Promise.all(
      regions.map(async ({ region, qualification }) => {
        return { '@type': null, region: await serializeAnchoredRegion(core, region), qualification }
      }),
    ),
    last_match_description: relations
      .map(({ region, qualification }) => explainRelation(region.name, qualification, asked!.name))
      .join(' and '),
    last_match_result: relations.map(({ region, qualification }) => serializeMatch(region, qualification, asked!)),
  }
}

/** Regions (mostly parcellations) that have no description of their own have that of their data sets. */
async function serializeAnchoredRegion(core: AtlasCore, region: Region) {
  const name = serializeRegionName(region)
  if (region.description !== '' || region.datasets.length === 0) return name
  const descriptions = (await core.datasets.describeAll(region.datasets)).map(({ description }) => description)
  return { ...name, versionInnovation: descriptions.find(Boolean) ?? '' }
}

function serializeMatch(region: Region, qualification: Qualification, asked: Region): SiibraAnatomicalAssignmentModel {
  return {
    '@type': 'siibra-0.4/anatomical_assignment',
    qualification,
    query_structure: serializeRegion(region),
    assigned_structure: serializeRegion(asked),
    explanation: '',
  }
}
