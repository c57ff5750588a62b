/**
 * Densities of cell bodies along the cortical depth, out of segmented cells and annotated layer boundaries of one
 * patch of a histological section (1 pixel = 1 micron). The method is siibra's: cells are counted in squares of
 * 100 microns, the cortical depth of every pixel comes from straight lines between the outer and the inner boundary.
 */
import { SiibraError } from '../../errors.ts'
import { pairwiseMean } from '../data/pairwise-sum.ts'
import { createPlane, enlarge, fillPolygon, type Plane, sampleEnlarged } from '../data/raster.ts'

/** Points of a line across the patch, ordered by x; pixels. */
type Line = readonly (readonly [x: number, y: number])[]

/** What the files of one patch hold. */
export interface CellPatch {
  /** Positions of the cells, pixels. */
  cellsX: readonly number[]
  cellsY: readonly number[]
  /** The seven boundaries 0-1, 1-2 ... 6-7 as annotated. */
  boundaries: readonly Line[]
}

/** Names of the files that hold the boundaries 0-1 ... 6-7, beside the file of the cells. */
export const BOUNDARY_FILES = [
  '0.json',
  'I_II.json',
  'II_III.json',
  'III_IV.json',
  'IV_V.json',
  'V_VI.json',
  'VI_WM.json',
] as const

/** Depths at which densities are given: the middles of 100 equal steps. */
export const PROFILE_STEP = 0.01
export const PROFILE_DEPTHS: readonly number[] = Array.from(
  { length: 100 },
  (_, i) => i * PROFILE_STEP + PROFILE_STEP / 2,
)

const BIN_MICRONS = 100
const SECTION_THICKNESS_MICRONS = 20
const VOLUMETRIC_SHRINKAGE = 1.931
const DEPTH_SCALE = 0.1

interface Extent {
  /** Pixels, one more than the greatest coordinate of a cell. */
  height: number
  width: number
}

/** The depth of the patch at a tenth of its size, and the size that it is to be enlarged to. */
interface DepthModel {
  depth: Plane
  rowCount: number
  columnCount: number
  boundaries: Line[]
}

const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
const greatest = (values: readonly number[]): number =>
  values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)

function extentOf(patch: CellPatch): Extent {
  if (patch.cellsX.length === 0) throw new SiibraError('BAD_DATA', 'a cell segmentation without any cell')
  return { height: Math.trunc(greatest(patch.cellsY)) + 1, width: Math.trunc(greatest(patch.cellsX)) + 1 }
}

/** A boundary from one side of the patch to the other. */
function spanning(line: Line, width: number): Line {
  const sorted = [...line].sort((a, b) => a[0] - b[0])
  const first = sorted[0]!
  const last = sorted.at(-1)!
  sorted[0] = [0, first[1]]
  sorted[sorted.length - 1] = [width, last[1]]
  return sorted
}

/** Multiples of `step` from 0 up to and without `end`. */
function steps(end: number, step: number): number[] {
  return Array.from({ length: Math.ceil(end / step) }, (_, i) => i * step)
}

/** Points at the given fractions (0 to 1) of the length of a line. */
function sampleLine(line: Line, fractions: readonly number[]): [x: number, y: number][] {
  const lengths = line.slice(1).map(([x, y], i) => Math.sqrt((x - line[i]![0]) ** 2 + (y - line[i]![1]) ** 2))
  const total = lengths.reduce((a, b) => a + b, 0)
  const points: [number, number][] = []
  for (const fraction of fractions) {
    const target = Math.min(Math.max(fraction, 0), 1) * total
    let reached = 0
    for (const [i, length] of lengths.entries()) {
      reached += length
      if (reached < target) continue
      const part = (target - reached + length) / length
      const [x1, y1] = line[i]!
      const [x2, y2] = line[i + 1]!
      points.push([x1 + (x2 - x1) * part, y1 + (y2 - y1) * part])
      break
    }
  }
  return points
}

const scaled = (line: Line): Line => line.map(([x, y]) => [x * DEPTH_SCALE, y * DEPTH_SCALE])

function modelDepth(patch: CellPatch): DepthModel {
  const { height, width } = extentOf(patch)
  const boundaries = patch.boundaries.map((line) => spanning(line, width))
  const rowCount = height + 1
  const columnCount = width + 1
  const depth = createPlane(Math.trunc(rowCount * DEPTH_SCALE) + 1, Math.trunc(columnCount * DEPTH_SCALE) + 1)
  const rowStep = 1 / depth.rowCount / 2
  const columnStep = 1 / depth.columnCount / 2
  const down = steps(1 + rowStep, rowStep)
  const across = steps(1 + rowStep, columnStep)
  const outer = sampleLine(scaled(boundaries[0]!), across)
  const inner = sampleLine(scaled(boundaries[6]!), across)
  outer.forEach((start, i) => {
    const end = inner[i]
    if (!end) return
    sampleLine([start, end], down).forEach(([x, y], k) => {
      const row = Math.trunc(y)
      const column = Math.trunc(x)
      if (row >= 0 && row < depth.rowCount && column >= 0 && column < depth.columnCount) {
        depth.values[row * depth.columnCount + column] = down[k]!
      }
    })
  })
  markWhiteMatter(depth, boundaries[6]!, height, width)
  return { depth, rowCount, columnCount, boundaries }
}

/** White matter, from the inner boundary to the end of the patch, and the last row have depth 1. */
function markWhiteMatter(depth: Plane, innerBoundary: Line, height: number, width: number): void {
  const bottom: Line = [
    [width, height],
    [0, height],
  ]
  const outline = scaled([...innerBoundary, ...bottom, innerBoundary[0]!])
  const rows = Float64Array.from(outline, ([, y]) => y - 1)
  const columns = Float64Array.from(outline, ([x]) => x)
  fillPolygon(depth, rows, columns, 1)
  depth.values.fill(1, (depth.rowCount - 1) * depth.columnCount)
}

/** Cortical depths, 0 (pial surface) to 1 (white matter), of the seven layer boundaries 0-1 ... 6-7. */
export function boundaryDepths(patch: CellPatch): number[] {
  const { depth, rowCount, columnCount, boundaries } = modelDepth(patch)
  return boundaries.map((line) => {
    const rows = line.map(([, y]) => Math.trunc(y))
    const columns = line.map(([x]) => Math.trunc(x))
    return pairwiseMean(sampleEnlarged(depth, rowCount, columnCount, { rows, columns }))
  })
}

/** Cells per 0.1 cubic millimetre for every pixel of the patch, corrected for shrinkage. */
function densityImage(patch: CellPatch, rowCount: number, columnCount: number): Plane {
  const counts = createPlane(Math.trunc(rowCount / BIN_MICRONS + 0.5), Math.trunc(columnCount / BIN_MICRONS + 0.5))
  if (counts.values.length === 0) {
    throw new SiibraError('BAD_DATA', `a patch of ${columnCount} x ${rowCount} pixels is too small for a density`)
  }
  const toRow = binFinder(patch.cellsY, counts.rowCount)
  const toColumn = binFinder(patch.cellsX, counts.columnCount)
  patch.cellsY.forEach((y, i) => {
    counts.values[toRow(y) * counts.columnCount + toColumn(patch.cellsX[i]!)]! += 1
  })
  const shrinkage = Math.cbrt(VOLUMETRIC_SHRINKAGE) ** 2
  const densities = counts.values.map(
    (count) => ((count / BIN_MICRONS ** 2 / SECTION_THICKNESS_MICRONS) * 100 ** 3) / shrinkage,
  )
  return enlarge({ ...counts, values: densities }, rowCount, columnCount, 2)
}

/** Equal bins between the least and the greatest value, the last one closed; numpy's `histogram`. */
function binFinder(values: readonly number[], binCount: number): (value: number) => number {
  let low = least(values)
  let high = greatest(values)
  if (low === high) {
    low -= 0.5
    high += 0.5
  }
  const step = (high - low) / binCount
  const upperEdges = Array.from({ length: binCount - 1 }, (_, i) => (i + 1) * step + low)
  return (value) => {
    let [first, last] = [0, upperEdges.length]
    while (first < last) {
      const middle = Math.floor((first + last) / 2)
      if (value < upperEdges[middle]!) last = middle
      else first = middle + 1
    }
    return first
  }
}

/** Mean densities at `PROFILE_DEPTHS`; NaN where no pixel has that depth. */
export function densityProfile(patch: CellPatch): Float64Array {
  const { depth, rowCount, columnCount } = modelDepth(patch)
  const depths = enlarge(depth, rowCount, columnCount, 1).values
  const densities = densityImage(patch, rowCount, columnCount).values
  const half = PROFILE_STEP / 2
  const bins: number[][] = PROFILE_DEPTHS.map(() => [])
  const isIn = (value: number, bin: number) =>
    value >= PROFILE_DEPTHS[bin]! - half && value < PROFILE_DEPTHS[bin]! + half
  depths.forEach((value, pixel) => {
    const near = Math.floor(value / PROFILE_STEP)
    for (let bin = Math.max(0, near - 1); bin <= Math.min(bins.length - 1, near + 1); bin++) {
      if (isIn(value, bin)) bins[bin]!.push(densities[pixel]!)
    }
  })
  return Float64Array.from(bins, (members) => pairwiseMean(members))
}
