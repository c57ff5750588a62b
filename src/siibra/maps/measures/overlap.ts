import { createSlices } from '../../slices.ts'
import { sameGrid } from '../grids/grid.ts'
import type { LabelImage } from '../labels/label-image.ts'
import type { LabelRuns } from '../labels/label-runs.ts'
import { runsInGrid } from './runs-in-grid.ts'

/** Voxels of the first image's grid that have one label in it and another in the other image. */
export interface LabelOverlap {
  label: number
  otherLabel: number
  voxels: number
}

export interface LabelOverlaps {
  /** Pairs that share voxels, by label, then by the other's. */
  pairs: LabelOverlap[]
  /** Voxels of each label of the first image. */
  sizeVox: ReadonlyMap<number, number>
  /** Voxels of each label of the other image, in the first one's grid. */
  otherSizeVox: ReadonlyMap<number, number>
}

/** How two labelled images lie over each other, in the grid of the first: the other is taken at its nearest voxel, outside of it is nothing. */
export async function overlapLabels(
  first: LabelImage,
  other: LabelImage,
  signal?: AbortSignal,
): Promise<LabelOverlaps> {
  const otherRuns = sameGrid(first, other) ? other.runs : await runsInGrid(other, first, createSlices(signal))
  const shared = new Map<number, Map<number, number>>()
  visitCommonVoxels(first.runs, otherRuns, (label, otherLabel, voxels) => {
    const ofLabel = shared.get(label) ?? new Map<number, number>()
    shared.set(label, ofLabel)
    ofLabel.set(otherLabel, (ofLabel.get(otherLabel) ?? 0) + voxels)
  })
  const pairs = [...shared].flatMap(([label, ofLabel]) =>
    [...ofLabel].map(([otherLabel, voxels]) => ({ label, otherLabel, voxels })),
  )
  pairs.sort((a, b) => a.label - b.label || a.otherLabel - b.otherLabel)
  return { pairs, sizeVox: first.runs.sizeVox, otherSizeVox: otherRuns.sizeVox }
}

/** Both lists ascend, so that each is walked once. */
function visitCommonVoxels(a: LabelRuns, b: LabelRuns, see: (a: number, b: number, voxels: number) => void): void {
  for (let i = 0, j = 0; i < a.startVox.length && j < b.startVox.length; ) {
    const [endA, endB] = [a.startVox[i]! + a.lengthVox[i]!, b.startVox[j]! + b.lengthVox[j]!]
    const voxels = Math.min(endA, endB) - Math.max(a.startVox[i]!, b.startVox[j]!)
    if (voxels > 0) see(a.label[i]!, b.label[j]!, voxels)
    if (endA <= endB) i++
    if (endB <= endA) j++
  }
}
