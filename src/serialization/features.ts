import type {
  DataFrameModel,
  FeatureModel,
  SiibraAnatomicalAssignmentModel,
  SiibraAnchorModel,
} from '../models/features.ts'
import type { AnchorFacts, Feature, FeatureData, FeatureFacts, MatrixFiles, RegionLabel } from '../siibra/index.ts'
import {
  BOUNDARY_NAMES,
  type Frame,
  isProfile,
  type LabelledMatrix,
  matrixRows,
  type ProfileSummary,
  rowsOf,
} from '../siibra/index.ts'
import { serializeDataset } from './datasets.ts'
import { serializeBox, serializeLocation } from './locations.ts'
import { serializeRegion, serializeRegionName } from './regions.ts'
import { type AnswerOptions, serializeVolume } from './volumes.ts'

const CONNECTIVITY = 'siibra-0.4/feature/regional_connectivity'
const TABULAR = 'siibra-0.4/feature/tabular'
const FINGERPRINT = 'siibra-0.4/feature/tabular/receptor_density_fp'
const EBRAINS = 'siibra-0.4/feature/ebrains_datafeature'
const NO_TABLE = { data: null, receptors: null, neurotransmitters: null }

/** A feature with what is known of it; data and anchor are null where they were not loaded. */
export function serializeFeature(facts: FeatureFacts, options: AnswerOptions = {}): FeatureModel {
  const { feature, data } = facts
  const base = serializeBase(facts)
  switch (feature.kind) {
    case 'connectivity': {
      const matrices = data?.kind === 'matrix' ? { [data.subject ?? '_average']: serializeMatrix(data.matrix) } : null
      return { '@type': CONNECTIVITY, ...base, ...subjectsOf(feature), matrices }
    }
    case 'interareal':
    case 'timeseries':
      return { '@type': TABULAR, ...base, ...NO_TABLE, ...subjectsOf(feature), data: serializeData(data) }
    case 'image':
      return serializeImage(facts, feature, base, options)
    case 'receptor-fingerprint': {
      const { receptors = null, neurotransmitters = null } = data?.kind === 'fingerprint' ? data : {}
      return { '@type': FINGERPRINT, ...base, data: serializeData(data), receptors, neurotransmitters }
    }
    case 'ebrains-dataset':
      return { '@type': EBRAINS, ...base, ...NO_TABLE }
    default:
      return isProfile(feature)
        ? { ...base, ...serializeProfile(facts.profile), data: serializeData(data) }
        : { '@type': TABULAR, ...base, ...NO_TABLE, data: serializeData(data) }
  }
}

function serializeBase({ feature, name, description, datasets, anchor }: FeatureFacts) {
  const { id, modality, category } = feature
  return {
    id,
    modality,
    category,
    description,
    name,
    datasets: datasets.map(serializeDataset),
    anchor: anchor && serializeAnchor(anchor),
  }
}

type Base = ReturnType<typeof serializeBase>

const subjectsOf = ({ cohort, files }: MatrixFiles) => ({ cohort, subjects: [...files.keys()] })

function serializeProfile(summary: ProfileSummary | null) {
  const { unit = null, boundaries = null } = summary ?? {}
  const positions = Object.fromEntries(BOUNDARY_NAMES.map((name, i) => [name, boundaries?.[i] ?? 0]))
  return {
    '@type': 'siibra-0.4/feature/tabular/cortical_profile' as const,
    unit,
    boundary_positions: boundaries ? positions : {},
    boundaries_mapped: boundaries !== null,
  }
}

function serializeImage(
  { image }: FeatureFacts,
  feature: Extract<Feature, { kind: 'image' }>,
  base: Base,
  { remap }: AnswerOptions,
) {
  const { volume, box } = image ?? { volume: { volume: feature.volume, datasets: [], surfaceFragments: [] }, box: null }
  return {
    '@type': box ? ('siibra-0.4/feature/volume_of_interest' as const) : ('siibra-0.4/feature/image' as const),
    ...base,
    volume: serializeVolume(volume, { spaceId: feature.space.id, remap }),
    boundingbox: box && serializeBox(box),
  }
}

function serializeData(data: FeatureData | null): DataFrameModel | null {
  if (data === null) return null
  return data.kind === 'matrix' ? serializeMatrix(data.matrix) : serializeFrame(data.table)
}

function serializeFrame(frame: Frame): DataFrameModel {
  const columns = frame.columns.map(({ name }) => name)
  return { '@type': null, index: [...frame.index], columns, ndim: 2, data: rowsOf(frame) }
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

function serializeAnchor({ location, regions, matches }: AnchorFacts): SiibraAnchorModel {
  return {
    '@type': 'siibra-0.4/anchor',
    location: serializeLocation(location),
    regions: regions.map(({ region, qualification, description }) => ({
      '@type': null,
      region: { ...serializeRegionName(region), versionInnovation: description },
      qualification,
    })),
    last_match_description: matches.map(({ explanation }) => explanation).join(' and '),
    last_match_result: matches.map(serializeMatch),
  }
}

function serializeMatch({
  region,
  asked,
  qualification,
}: AnchorFacts['matches'][number]): SiibraAnatomicalAssignmentModel {
  return {
    '@type': 'siibra-0.4/anatomical_assignment',
    qualification,
    query_structure: serializeRegion(region),
    assigned_structure: serializeRegion(asked),
    explanation: '',
  }
}
