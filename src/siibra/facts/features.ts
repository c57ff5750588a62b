/**
 * What answers tell of features: names and texts from the documents of their data sets, units and places from their
 * files, and, where it is asked for, their data and anchors. All that an answer needs is loaded here, side by side.
 */

import type { AtlasCore } from '../atlas/atlas-core.ts'
import type { Region } from '../core/types.ts'
import type { DatasetDescription } from '../datasets/datasets.ts'
import { loadImageBox } from '../features/anchors/image-box.ts'
import type { Frame } from '../features/data/frame.ts'
import { anchoredParcellation, describeFeature } from '../features/describe.ts'
import type { Feature } from '../features/feature.ts'
import { loadFingerprint, nameNeurotransmitters, type ReceptorSymbols } from '../features/load/load-receptors.ts'
import {
  isProfile,
  type LabelledMatrix,
  loadLabelledMatrix,
  loadProfileSummary,
  loadTable,
  type ProfileSummary,
} from '../features/load/load-table.ts'
import { unlessMissing } from '../features/load/missing-file.ts'
import type { BoxLocation } from '../features/location.ts'
import { loadVocabulary } from '../vocabularies/vocabularies.ts'
import { type AnchorFacts, loadAnchorFacts } from './anchors.ts'
import { loadDatasets, loadVolumeFacts, type VolumeFacts } from './concepts.ts'
import { createGaps } from './gaps.ts'

export interface FeatureFacts {
  feature: Feature
  name: string
  description: string
  datasets: readonly DatasetDescription[]
  /** Of cortical profiles; null for others, and where the file is gone. */
  profile: ProfileSummary | null
  /** Of images. */
  image: { volume: VolumeFacts; box: BoxLocation | null } | null
  /** null where it was not asked for. */
  anchor: AnchorFacts | null
  /** null where it was not asked for, and for images and data sets, which have none. */
  data: FeatureData | null
  /** False where another service was away that would have been needed to tell all. */
  isComplete: boolean
}

export type FeatureData =
  | { kind: 'table'; table: Frame }
  | { kind: 'fingerprint'; table: Frame; receptors: string[]; neurotransmitters: string[] }
  | { kind: 'matrix'; matrix: LabelledMatrix; subject: string | undefined }

export interface FactOptions {
  /** What is told beside what listings tell. */
  include?: { data?: boolean; anchor?: boolean } | undefined
  /** Matrices of several subjects: whose; without one the mean over all. */
  subject?: string | undefined
  /** The region that was asked for: the anchor tells how the feature relates to it. */
  asked?: Region | undefined
  signal?: AbortSignal | undefined
}

/** Throws UPSTREAM_UNAVAILABLE, BAD_DATA, INVALID_PARAMETER (no such subject). */
export async function loadFeatureFacts(
  core: AtlasCore,
  feature: Feature,
  options: FactOptions = {},
): Promise<FeatureFacts> {
  const gaps = createGaps()
  const { include = {}, asked, signal } = options
  const [datasets, { name, description }, profile, volume, box, anchor, data] = await Promise.all([
    loadDatasets(core, feature.datasets, gaps),
    describeFeature(core, feature),
    isProfile(feature) ? unlessMissing(loadProfileSummary(core.retrieval, feature, signal)) : undefined,
    feature.kind === 'image' ? loadVolumeFacts(core, feature.volume, gaps) : undefined,
    feature.kind === 'image' ? unlessMissing(loadImageBox(core.retrieval, feature, signal)) : undefined,
    include.anchor ? loadAnchorFacts(core, feature, asked, gaps) : null,
    include.data ? loadData(core, feature, options) : null,
  ])
  return {
    feature,
    name,
    description,
    datasets,
    profile: profile ?? null,
    image: volume ? { volume, box: box ?? null } : null,
    anchor: anchor && { ...anchor, location: anchor.location ?? box ?? null },
    data,
    isComplete: !gaps.areRetryable,
  }
}

async function loadData(
  core: AtlasCore,
  feature: Feature,
  { subject, signal }: FactOptions,
): Promise<FeatureData | null> {
  const { retrieval } = core
  switch (feature.kind) {
    case 'image':
    case 'ebrains-dataset':
      return null
    case 'connectivity':
    case 'interareal':
    case 'timeseries': {
      const parcellation = await anchoredParcellation(core, feature)
      const matrix = await loadLabelledMatrix(retrieval, feature, parcellation, subject, signal)
      return { kind: 'matrix', matrix, subject }
    }
    case 'receptor-fingerprint': {
      const [{ table }, symbols] = await Promise.all([
        loadFingerprint(retrieval, feature, signal),
        loadReceptorSymbols(core),
      ])
      const receptors = table.index.map(String)
      return { kind: 'fingerprint', table, receptors, neurotransmitters: nameNeurotransmitters(receptors, symbols) }
    }
    default:
      return { kind: 'table', table: await loadTable(retrieval, feature, signal) }
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
