/** The table, matrix or profile behind a feature, whatever its kind. */
import type { Parcellation } from '../../core/types.ts'
import { SiibraError } from '../../errors.ts'
import type { Retrieval } from '../../retrieval/retrieval.ts'
import { required } from '../../retrieval/upstream-errors.ts'
import { verified } from '../../retrieval/verified.ts'
import { jsonFault } from '../../retrieval/what-came.ts'
import type { Cell, ColumnType, Frame, Matrix } from '../data/frame.ts'
import { rangeIndex } from '../data/frame.ts'
import type { Feature, MarmosetProfileFeature, MatrixFiles } from '../feature.ts'
import { loadBoundaryDepths, loadDensityProfile, loadLayerwiseDensities } from './load-cell-densities.ts'
import { loadFieldPotentialSpectrum } from './load-field-potentials.ts'
import { labelRegions, loadMatrix, type RegionLabel } from './load-matrices.ts'
import { loadFingerprint, loadReceptorProfile } from './load-receptors.ts'
import { loadRegionalValues } from './load-regional-values.ts'
import { parseTable } from './parse-table.ts'

const PROFILE_KINDS = ['receptor-profile', 'cell-density-profile', 'bigbrain-profile'] as const

export type ProfileFeature = Extract<Feature, { kind: (typeof PROFILE_KINDS)[number] }>

/** Features whose rows or columns are regions. */
export type RegionalMatrixFeature = Extract<Feature, MatrixFiles>

/** Features that are one table: all that are neither matrices nor without data, so that `loadTable` has to know a new kind. */
export type TabularFeature = Exclude<Feature, RegionalMatrixFeature | { kind: 'image' | 'ebrains-dataset' }>

const PROFILES: ReadonlySet<Feature['kind']> = new Set(PROFILE_KINDS)

export const isProfile = (feature: Feature): feature is ProfileFeature => PROFILES.has(feature.kind)

/** What listings tell of a cortical profile. */
export interface ProfileSummary {
  unit: string
  /** Depths of the boundaries 0-1 ... 6-7; null where they are not known. */
  boundaries: readonly number[] | null
}

export async function loadProfileSummary(
  retrieval: Retrieval,
  feature: ProfileFeature,
  signal?: AbortSignal,
): Promise<ProfileSummary> {
  switch (feature.kind) {
    case 'receptor-profile':
      return { unit: (await loadReceptorProfile(retrieval, feature, signal)).unit, boundaries: null }
    case 'cell-density-profile':
      return {
        unit: 'detected cells / 0.1mm3',
        boundaries: await loadBoundaryDepths(retrieval, feature, signal),
      }
    case 'bigbrain-profile':
      return { unit: 'staining intensity', boundaries: feature.boundaries }
  }
}

/** The measurements of a cortical profile, and its summary. */
export async function loadProfile(retrieval: Retrieval, feature: ProfileFeature, signal?: AbortSignal) {
  const [summary, { depths, values, type }] = await Promise.all([
    loadProfileSummary(retrieval, feature, signal),
    loadProfileValues(retrieval, feature, signal),
  ])
  return { ...summary, depths, values, type }
}

async function loadProfileValues(
  retrieval: Retrieval,
  feature: ProfileFeature,
  signal?: AbortSignal,
): Promise<{ depths: readonly number[]; values: readonly (number | null)[]; type: ColumnType }> {
  switch (feature.kind) {
    case 'receptor-profile':
      return { ...(await loadReceptorProfile(retrieval, feature, signal)), type: 'float64' }
    case 'cell-density-profile':
      return { ...(await loadDensityProfile(retrieval, feature, signal)), type: 'float64' }
    case 'bigbrain-profile':
      return { depths: feature.depths, values: [...feature.values], type: 'float32' }
  }
}

/** The table of a feature. Throws UPSTREAM_UNAVAILABLE, BAD_DATA. */
export async function loadTable(retrieval: Retrieval, feature: TabularFeature, signal?: AbortSignal): Promise<Frame> {
  switch (feature.kind) {
    case 'receptor-profile':
    case 'cell-density-profile':
    case 'bigbrain-profile': {
      const { depths, values, unit, type } = await loadProfile(retrieval, feature, signal)
      const column = { name: `${feature.modality} (${unit})`, type, values }
      return { indexName: null, indexType: 'float64', index: depths, columns: [column] }
    }
    case 'receptor-fingerprint':
      return (await loadFingerprint(retrieval, feature, signal)).table
    case 'layerwise-cell-density':
      return loadLayerwiseDensities(retrieval, feature, signal)
    case 'marmoset-profile':
      return (await loadMarmosetProfile(retrieval, feature, signal)).table
    case 'field-potential':
      return loadFieldPotentialSpectrum(retrieval, feature, signal)
    case 'regional-values':
      return loadRegionalValues(retrieval, feature, signal)
    case 'table':
      return feature.table
  }
}

/** What is measured, as axes of figures name it; null where the original says nothing. */
export async function loadUnit(retrieval: Retrieval, feature: TabularFeature, signal?: AbortSignal): Promise<string> {
  switch (feature.kind) {
    case 'receptor-fingerprint':
      return (await loadFingerprint(retrieval, feature, signal)).unit
    case 'layerwise-cell-density':
      return '# detected cells/0.1mm3'
    case 'table':
      return feature.type === 'GeneExpressions' ? 'expression level' : ''
    default:
      return ''
  }
}

/** Region code -> name of the boundary -> case -> depth. */
export type LayerBreakpoints = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Cell>>>>>>

export async function loadMarmosetProfile(
  retrieval: Retrieval,
  { archiveUrl, member, decoder }: MarmosetProfileFeature,
  signal?: AbortSignal,
): Promise<{ table: Frame; breakpoints: LayerBreakpoints }> {
  return verified(retrieval, async (reads) => {
    const read = async (name: string) =>
      required(await reads.zipMember(archiveUrl, name, { signal }), `${archiveUrl} ${name}`)
    const [csv, meta] = await Promise.all([read(member), read('meta.json')])
    const parsed = parseJson(meta, `${archiveUrl} meta.json`) as { value?: { layer_breakpoint?: LayerBreakpoints } }
    return {
      table: parseTable(csv, `${archiveUrl} ${member}`, decoder),
      breakpoints: parsed.value?.layer_breakpoint ?? {},
    }
  })
}

/** JSON as Python writes it: NaN stands for a missing number. */
export function parseJson(bytes: Uint8Array, url: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes).replace(/([[,:]\s*)-?(?:NaN|Infinity)(?=\s*[,\]}])/g, '$1null'))
  } catch (error) {
    throw new SiibraError('BAD_DATA', `${url} is no JSON: ${jsonFault(bytes, error)}`, { url }, { cause: error })
  }
}

/** A matrix with what its rows and columns are. */
export interface LabelledMatrix {
  matrix: Matrix
  rows: readonly (RegionLabel | number)[]
  columns: readonly RegionLabel[]
}

/**
 * The matrix of a subject, or the mean over all. Time series have points in time as rows.
 * Throws INVALID_PARAMETER (no such subject), BAD_DATA (as many regions as rows are expected).
 */
export async function loadLabelledMatrix(
  retrieval: Retrieval,
  feature: RegionalMatrixFeature,
  parcellation: Parcellation,
  subject?: string,
  signal?: AbortSignal,
): Promise<LabelledMatrix> {
  const matrix = await loadMatrix(retrieval, feature, subject, signal)
  const { rowCount, columnCount } = matrix
  const labels = labelRegions(parcellation, feature.regionNames)
  const isTimeseries = feature.kind === 'timeseries'
  const fits = columnCount === labels.length && (isTimeseries || rowCount === labels.length)
  if (!fits) {
    throw new SiibraError(
      'BAD_DATA',
      `${feature.id} names ${labels.length} regions, its matrix has ${rowCount} x ${columnCount} values`,
      { url: feature.repository.url },
    )
  }
  return { matrix, rows: isTimeseries ? rangeIndex(rowCount) : labels, columns: labels }
}
