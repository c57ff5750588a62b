import { createSlices, type Slices } from '../../slices.ts'
import { invertAffine, multiplyAffines } from '../../volumes/affine.ts'
import { type Grid, sameGrid } from '../grids/grid.ts'
import type { LabelImage } from '../labels/label-image.ts'
import { createRunCollector, type LabelRuns } from '../labels/label-runs.ts'

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

/** The labels of an image at the voxels of a grid, row by row. */
async function runsInGrid(image: LabelImage, grid: Grid, slices: Slices): Promise<LabelRuns> {
  const [nx = 1, ny = 1, nz = 1] = grid.shape
  const [mx = 1, my = 1, mz = 1] = image.shape
  const dense = spreadLabels(image)
  const [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11] = multiplyAffines(
    invertAffine(image.voxelToWorldMm),
    grid.voxelToWorldMm,
  ) as unknown as [number, number, number, number, number, number, number, number, number, number, number, number]
  const collector = createRunCollector(grid.shape)
  const row = dense instanceof Float64Array ? new Float64Array(nx) : new Int32Array(nx)
  for (let k = 0; k < nz; k++) {
    const pause = slices.pause()
    if (pause) await pause
    for (let j = 0; j < ny; j++) {
      const x0 = m1 * j + m2 * k + m3 + 0.5
      const y0 = m5 * j + m6 * k + m7 + 0.5
      const z0 = m9 * j + m10 * k + m11 + 0.5
      for (let i = 0; i < nx; i++) {
        const [x, y, z] = [Math.floor(m0 * i + x0), Math.floor(m4 * i + y0), Math.floor(m8 * i + z0)]
        const isInside = x >= 0 && y >= 0 && z >= 0 && x < mx && y < my && z < mz
        row[i] = isInside ? dense[(z * my + y) * mx + x]! : 0
      }
      collector.see(row, (k * ny + j) * nx)
    }
  }
  return collector.take()
}

function spreadLabels({ runs, shape }: LabelImage): Int32Array | Float64Array {
  const { startVox, lengthVox, label } = runs
  const size = shape.reduce((product, length) => product * length, 1)
  const dense = label instanceof Float64Array ? new Float64Array(size) : new Int32Array(size)
  for (let run = 0; run < label.length; run++) {
    dense.fill(label[run]!, startVox[run], startVox[run]! + lengthVox[run]!)
  }
  return dense
}
