import type { Parcellation, Region, Space, Volume } from '../../core/types.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { type Grid, sameGrid } from '../grids/grid.ts'
import type { Extent } from '../labels/extent.ts'
import { fetchLabelImage, type LabelImage } from '../labels/label-image.ts'
import { findMaskParts, type MaskPart } from '../labels/region-mask.ts'
import type { OwnedRuns } from './tree-measures.ts'

/** The runs of all labels of a parcellation in a space, in one grid, each with its innermost region. */
export interface OwnedVoxels {
  runs: OwnedRuns
  grid: Grid
  /** The regions that have a mask. */
  measured: ReadonlySet<Region>
}

/** A label of an image, and the regions that hold it. */
interface Holding {
  /** Place of the innermost one. */
  owner: number
  holders: number
}

/**
 * Undefined where voxels cannot be given to one innermost region each: images of different grids, or that lie over each other, labels of
 * several regions, regions that do not hold their parts.
 */
export async function findOwnedRuns(
  core: AtlasVolumes,
  { regions }: Parcellation,
  space: Space,
  { extent, signal }: { extent: Extent; signal: AbortSignal },
): Promise<OwnedVoxels | undefined> {
  const measured = new Set<Region>()
  const images = new Map<Volume, Map<string | null, Map<number, Holding>>>()
  for (const [place, region] of regions.entries()) {
    const parts = findMaskParts(core, region, space, extent)
    if (!parts) continue
    measured.add(region)
    for (const part of parts) hold(images, part, place)
  }
  const all = [...images].flatMap(([volume, byFragment]) =>
    [...byFragment].map(([fragment, labels]) => ({ volume, fragment, labels })),
  )
  if (all.length === 0 || !all.every(({ labels }) => areNested(labels, regions, measured))) return undefined
  const read = await Promise.all(
    all.map(async ({ volume, fragment, labels }) => ({
      image: await fetchLabelImage(core, volume, fragment, signal),
      labels,
    })),
  )
  const { shape, voxelToWorldMm } = read[0]!.image
  const grid = { shape, voxelToWorldMm }
  if (!read.every(({ image }) => sameGrid(grid, image))) return undefined
  const runs = read.map(({ image, labels }) => ownRuns(image, labels)).reduce(merge)
  return liesApart(runs) ? { runs, grid, measured } : undefined
}

/** Regions come before their parts: the last one that holds a label is the innermost. */
function hold(
  images: Map<Volume, Map<string | null, Map<number, Holding>>>,
  { volume, fragment, labels }: MaskPart,
  place: number,
): void {
  const byFragment = images.get(volume) ?? new Map<string | null, Map<number, Holding>>()
  images.set(volume, byFragment)
  const byLabel = byFragment.get(fragment) ?? new Map<number, Holding>()
  byFragment.set(fragment, byLabel)
  for (const label of labels) {
    const holding = byLabel.get(label) ?? { owner: place, holders: 0 }
    byLabel.set(label, holding)
    holding.owner = place
    holding.holders++
  }
}

/** Whether what holds a label is its owner and all that the owner is a part of, and nothing else. */
function areNested(
  labels: ReadonlyMap<number, Holding>,
  regions: readonly Region[],
  measured: ReadonlySet<Region>,
): boolean {
  for (const { owner, holders } of labels.values()) {
    let above = 0
    for (let one: Region | null = regions[owner]!; one !== null; one = one.parent) if (measured.has(one)) above++
    if (above !== holders) return false
  }
  return true
}

/** The runs of an image that belong to a region. */
function ownRuns({ runs }: LabelImage, labels: ReadonlyMap<number, Holding>): OwnedRuns {
  const { startVox, lengthVox, label } = runs
  const owner = new Int32Array(label.length)
  const start = new Int32Array(label.length)
  const length = new Int32Array(label.length)
  let count = 0
  for (let run = 0; run < label.length; run++) {
    const holding = labels.get(label[run]!)
    if (holding === undefined) continue
    owner[count] = holding.owner
    start[count] = startVox[run]!
    length[count++] = lengthVox[run]!
  }
  return { startVox: start.subarray(0, count), lengthVox: length.subarray(0, count), owner: owner.subarray(0, count) }
}

/** Two lists in file order as one. */
function merge(a: OwnedRuns, b: OwnedRuns): OwnedRuns {
  const count = a.owner.length + b.owner.length
  const all = { startVox: new Int32Array(count), lengthVox: new Int32Array(count), owner: new Int32Array(count) }
  for (let i = 0, j = 0, at = 0; at < count; at++) {
    const takesFirst = j === b.owner.length || (i < a.owner.length && a.startVox[i]! <= b.startVox[j]!)
    const [from, run] = takesFirst ? [a, i++] : [b, j++]
    all.startVox[at] = from.startVox[run]!
    all.lengthVox[at] = from.lengthVox[run]!
    all.owner[at] = from.owner[run]!
  }
  return all
}

/** Whether no two runs share a voxel. */
function liesApart({ startVox, lengthVox }: OwnedRuns): boolean {
  for (let run = 1; run < startVox.length; run++)
    if (startVox[run - 1]! + lengthVox[run - 1]! > startVox[run]!) return false
  return true
}
