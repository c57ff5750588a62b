/**
 * What answers tell of spaces, parcellations, maps and their volumes beside what the configuration says of them: the
 * documents of their data sets, and what stands in the manifests of surfaces. Loaded here, so that serialization only
 * writes down what is there. What cannot be had now is left out, and told to `gaps`.
 */

import type { AtlasCore } from '../atlas/atlas-core.ts'
import type { DatasetReference, ParcellationMap, Space, Volume } from '../core/types.ts'
import type { DatasetDescription } from '../datasets/datasets.ts'
import { surfaceFragments } from '../volumes/surfaces/fragments.ts'
import type { Gaps } from './gaps.ts'

export interface DatasetFacts {
  datasets: readonly DatasetDescription[]
}

export interface VolumeFacts extends DatasetFacts {
  volume: Volume
  /** Names of the parts of a precomputed surface, which only its manifest has. */
  surfaceFragments: readonly string[]
}

export interface VolumesFacts extends DatasetFacts {
  volumes: readonly VolumeFacts[]
}

/** The documents of some data sets, in their order. */
export async function loadDatasets(
  core: AtlasCore,
  references: readonly DatasetReference[],
  gaps?: Gaps,
): Promise<readonly DatasetDescription[]> {
  const datasets = await core.datasets.describeAll(references)
  if (gaps && datasets.some(({ isRetryable }) => isRetryable)) gaps.areRetryable = true
  return datasets
}

/** What is told of anything that just has data sets (parcellations, maps in listings). */
export async function loadDatasetFacts(
  core: AtlasCore,
  concept: { datasets: readonly DatasetReference[] },
  gaps?: Gaps,
): Promise<DatasetFacts> {
  return { datasets: await loadDatasets(core, concept.datasets, gaps) }
}

export async function loadVolumeFacts(core: AtlasCore, volume: Volume, gaps?: Gaps): Promise<VolumeFacts> {
  const [datasets, surface] = await Promise.all([
    loadDatasets(core, volume.datasets, gaps),
    surfaceFragments(core.retrieval, volume),
  ])
  if (gaps && surface.isRetryable) gaps.areRetryable = true
  return { volume, datasets, surfaceFragments: surface.names }
}

/** What is told of a space, or of a map by itself: with all of its volumes. */
export async function loadVolumesFacts(
  core: AtlasCore,
  concept: Pick<Space | ParcellationMap, 'datasets' | 'volumes'>,
  gaps?: Gaps,
): Promise<VolumesFacts> {
  const [datasets, volumes] = await Promise.all([
    loadDatasets(core, concept.datasets, gaps),
    Promise.all(concept.volumes.map((volume) => loadVolumeFacts(core, volume, gaps))),
  ])
  return { datasets, volumes }
}
