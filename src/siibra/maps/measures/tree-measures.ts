/**
 * Measures of all regions of a tree in one pass over the voxels, however deep the tree is: runs of one region are connected once, and what
 * touches across regions is connected where the tree comes to the region that holds both.
 */
import type { Region } from '../../core/types.ts'
import { inSlices, type Slices } from '../../slices.ts'
import { applyAffine } from '../../volumes/affine.ts'
import { type Grid, voxelVolumeMm3 } from '../grids/grid.ts'
import { createTouchScanner, type Runs } from '../labels/components.ts'
import { createPieces } from './pieces.ts'
import { createVoxelBounds, type RegionMeasures } from './voxel-bounds.ts'

/** Runs of voxels, each with the place (in a list) of the region that it belongs to; in file order, none over another. */
export interface OwnedRuns extends Runs {
  owner: Int32Array
}

/** Runs between two looks at the clock. */
const STEP_RUNS = 1 << 13

/**
 * @param regions a tree, each before its parts, the whole of it first
 * @param runs of the innermost regions that voxels belong to; they belong to all that hold these, too
 * @returns by region; those without voxels are left out
 */
export async function measureTree(
  regions: readonly Region[],
  runs: OwnedRuns,
  grid: Grid,
  slices: Slices,
): Promise<Map<Region, RegionMeasures>> {
  const { startVox, lengthVox, owner } = runs
  const nx = grid.shape[0]!
  const places = new Map(regions.map((region, at) => [region, at]))
  const parents = Int32Array.from(regions, ({ parent }) => (parent ? (places.get(parent) ?? -1) : -1))
  const commonOf = createCommonAncestor(regions, parents)
  const bounds = regions.map(() => createVoxelBounds(grid))
  const pieces = createPieces(runs, grid.shape)
  const links = createLinks(startVox.length)

  const touch = (run: number, earlier: number) => {
    const [a, b] = [pieces.find(run), pieces.find(earlier)]
    if (a === b) return
    if (owner[run] === owner[earlier]) pieces.join(a, b)
    else links.add(a, b, owner[run]!, owner[earlier]!)
  }
  const scan = createTouchScanner(runs, grid.shape, 'full', touch)
  await inSlices(startVox.length, STEP_RUNS, slices, (from, to) => {
    for (let run = from; run < to; run++) {
      const start = startVox[run]!
      bounds[owner[run]!]!.see(start, lengthVox[run]!)
      if (run > 0 && start % nx !== 0 && startVox[run - 1]! + lengthVox[run - 1]! === start) touch(run, run - 1)
    }
    scan(from, to)
  })
  await inSlices(startVox.length, STEP_RUNS, slices, pieces.measure)

  const piecesOf: number[][] = regions.map(() => [])
  for (let run = 0; run < startVox.length; run++) if (pieces.find(run) === run) piecesOf[owner[run]!]!.push(run)
  const linksOf = links.group(regions.length, commonOf)
  const measures = new Map<Region, RegionMeasures>()
  const voxelMm3 = voxelVolumeMm3(grid.voxelToWorldMm)
  // parts before wholes
  for (let at = regions.length - 1; at >= 0; at--) {
    const pause = slices.pause()
    if (pause) await pause
    linksOf(at, pieces.joinMeasured)
    const own = piecesOf[at]!.filter((piece) => pieces.find(piece) === piece)
    if (own.length > 0) {
      const largest = own.reduce((best, piece) => (pieces.isBefore(piece, best) ? piece : best))
      const voxels = own.reduce((sum, piece) => sum + pieces.sizeVox(piece), 0)
      measures.set(regions[at]!, {
        voxels,
        volumeMm3: voxels * voxelMm3,
        components: own.length,
        centroidMm: applyAffine(grid.voxelToWorldMm, pieces.centroidVox(largest)),
        ...bounds[at]!.take(),
      })
    }
    const parent = parents[at]!
    if (parent < 0 || own.length === 0) continue
    bounds[parent]!.include(bounds[at]!.take())
    const above = piecesOf[parent]!
    for (const piece of own) above.push(piece)
  }
  return new Map(regions.flatMap((region) => (measures.has(region) ? [[region, measures.get(region)!]] : [])))
}

/** The innermost region that holds two others (or is one of them), by their places. */
function createCommonAncestor(regions: readonly Region[], parents: Int32Array): (a: number, b: number) => number {
  const depths = Int32Array.from(regions, ({ depth }) => depth)
  return (a, b) => {
    while (a !== b) {
      if (depths[a]! >= depths[b]!) a = parents[a]!
      else b = parents[b]!
    }
    return a
  }
}

/** Pairs of pieces of different regions that touch. */
function createLinks(runs: number) {
  let first = new Int32Array(1 << 14)
  let second = new Int32Array(1 << 14)
  let owners = new Int32Array(1 << 15)
  let count = 0
  // a piece mostly touches the one that it touched last
  const last = new Int32Array(runs).fill(-1)
  return {
    add(a: number, b: number, ownerA: number, ownerB: number) {
      if (last[a] === b || last[b] === a) return
      last[a] = b
      if (count === first.length) {
        first = doubled(first)
        second = doubled(second)
        owners = doubled(owners)
      }
      first[count] = a
      second[count] = b
      owners[2 * count] = ownerA
      owners[2 * count + 1] = ownerB
      count++
    },
    /** Those of each region, which is the one that `commonOf` gives for the owners of the two. */
    group(regions: number, commonOf: (a: number, b: number) => number) {
      const known = new Map<number, number>()
      const common = new Int32Array(count)
      const ends = new Int32Array(regions + 1)
      for (let link = 0; link < count; link++) {
        const [a, b] = [owners[2 * link]!, owners[2 * link + 1]!]
        const at = known.get(a * regions + b) ?? commonOf(a, b)
        known.set(a * regions + b, at)
        common[link] = at
        ends[at + 1]!++
      }
      for (let at = 0; at < regions; at++) ends[at + 1]! += ends[at]!
      const order = new Int32Array(count)
      const next = ends.slice()
      for (let link = 0; link < count; link++) order[next[common[link]!]!++] = link
      return (region: number, see: (a: number, b: number) => void) => {
        for (let n = ends[region]!; n < ends[region + 1]!; n++) see(first[order[n]!]!, second[order[n]!]!)
      }
    },
  }
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2)
  larger.set(array)
  return larger
}
