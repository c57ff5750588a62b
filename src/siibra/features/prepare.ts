/** What listings of features need beforehand, made ready behind the scenes. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { AtlasCore } from '../atlas/atlas-core.ts'
import { loadImageBox } from './anchors/image-box.ts'
import { featureIndex } from './catalogue.ts'
import type { PreconfiguredFeature } from './feature.ts'
import { isProfile, loadProfileSummary } from './load/load-table.ts'

export interface PrepareOptions {
  /** While this holds, nothing is prepared: somebody waits for an answer. */
  isBusy?: () => boolean
  signal?: AbortSignal
}

/** After so many failures in a row a step is given up: its source is away, and requests will ask it themselves. */
const MAX_FAILURES_IN_ROW = 3
const BREAK_MS = 20

/**
 * The index first, then what comes from other services, in the order in which people look at it: metadata of the data
 * sets, units of profiles, places of images, layer boundaries. One thing at a time, and never while a request is answered.
 */
export async function prepareFeatures(core: AtlasCore, { isBusy = () => false, signal }: PrepareOptions = {}) {
  const { features } = await featureIndex(core)
  const { retrieval } = core
  const steps: ((feature: PreconfiguredFeature) => Promise<unknown> | undefined)[] = [
    (feature) => core.datasets.describeAll(feature.datasets),
    (feature) => (feature.kind === 'receptor-profile' ? loadProfileSummary(retrieval, feature, signal) : undefined),
    (feature) => (feature.kind === 'image' ? loadImageBox(retrieval, feature, signal) : undefined),
    (feature) => (isProfile(feature) ? loadProfileSummary(retrieval, feature, signal) : undefined),
  ]
  for (const step of steps) {
    let failures = 0
    for (const feature of features) {
      while (isBusy() && !signal?.aborted) await sleep(BREAK_MS)
      if (signal?.aborted) return
      try {
        await step(feature)
        failures = 0
      } catch {
        if (++failures === MAX_FAILURES_IN_ROW) break
      }
    }
  }
}
