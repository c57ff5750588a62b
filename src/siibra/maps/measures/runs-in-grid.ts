import type { Slices } from '../../slices.ts'
import { invertAffine, multiplyAffines } from '../../volumes/affine.ts'
import type { Grid } from '../grids/grid.ts'
import type { LabelImage } from '../labels/label-image.ts'
import { createRunCollector, type LabelRuns } from '../labels/label-runs.ts'

/** Rows 0 to 2 of an affine from the voxels of a grid to those of an image. */
type Rows = readonly [number, number, number, number, number, number, number, number, number, number, number, number]

/** The labels of an image at the voxels of a grid, row by row: each takes the image's nearest voxel, and nothing outside of it. */
export async function runsInGrid(image: LabelImage, grid: Grid, slices: Slices): Promise<LabelRuns> {
  // a typed array is read as a tuple of its first three rows
  const toImage = multiplyAffines(invertAffine(image.voxelToWorldMm), grid.voxelToWorldMm) as unknown as Rows
  const [, m1, m2, , m4, , m6, , m8, m9] = toImage
  const isAligned = [m1, m2, m4, m6, m8, m9].every((value) => value === 0)
  return isAligned ? alignedRuns(image, grid, toImage, slices) : slantedRuns(image, grid, toImage, slices)
}

/** The voxel of the image at each voxel of an axis; -1 outside. */
function voxelsAlong(length: number, imageLength: number, place: (at: number) => number): Int32Array {
  return Int32Array.from({ length }, (_, i) => {
    const at = Math.floor(place(i))
    return at >= 0 && at < imageLength ? at : -1
  })
}

/**
 * Where both grids have the same axes, runs become runs: nobody looks at single voxels. Runs of one label that come to touch stay two.
 */
async function alignedRuns(image: LabelImage, grid: Grid, toImage: Rows, slices: Slices): Promise<LabelRuns> {
  const [nx = 1, ny = 1, nz = 1] = grid.shape
  const [mx = 1, my = 1, mz = 1] = image.shape
  const { startVox, lengthVox, label } = image.runs
  const [m0, , , m3, , m5, , m7, , , m10, m11] = toImage
  // added in the order in which slanted rows add them: a last bit decides of what lies on a border
  const along = voxelsAlong(nx, mx, (i) => m0 * i + (m3 + 0.5))
  const rows = voxelsAlong(ny, my, (j) => m5 * j + m7 + 0.5)
  const sheets = voxelsAlong(nz, mz, (k) => m10 * k + m11 + 0.5)
  const firstRun = firstRunOfRows(startVox, mx, my * mz)
  const isMirrored = m0 < 0
  const before = isMirrored ? countFrom(along, mx) : countBefore(along, mx)
  const found = createRuns(label instanceof Float64Array)
  for (let k = 0; k < nz; k++) {
    const pause = slices.pause()
    if (pause) await pause
    for (let j = 0; j < ny; j++) {
      if (sheets[k]! < 0 || rows[j]! < 0) continue
      const row = sheets[k]! * my + rows[j]!
      const [from, to] = [firstRun[row]!, firstRun[row + 1]!]
      const start = (k * ny + j) * nx
      for (let n = from; n < to; n++) {
        const run = isMirrored ? from + to - 1 - n : n
        const first = startVox[run]! - row * mx
        const last = first + lengthVox[run]!
        const [a, b] = isMirrored ? [before[last]!, before[first]!] : [before[first]!, before[last]!]
        if (b > a) found.add(start + a, b - a, label[run]!)
      }
    }
  }
  return found.take()
}

/** For each voxel of the image (and the one behind the last) how many voxels of an axis that ascends lie before it. */
function countBefore(along: Int32Array, imageLength: number): Int32Array {
  const before = new Int32Array(imageLength + 1)
  let outside = 0
  while (along[outside] === -1) outside++
  let at = outside
  for (let voxel = 0; voxel <= imageLength; voxel++) {
    while (at < along.length && along[at] !== -1 && along[at]! < voxel) at++
    before[voxel] = at
  }
  return before
}

/** The same for an axis that descends: how many lie at a voxel of the image or behind it. */
function countFrom(along: Int32Array, imageLength: number): Int32Array {
  const from = new Int32Array(imageLength + 1)
  let at = 0
  while (along[at] === -1) at++
  for (let voxel = imageLength; voxel >= 0; voxel--) {
    while (at < along.length && along[at]! >= voxel) at++
    from[voxel] = at
  }
  return from
}

/** The number of the first run of each row, and that behind the last. */
function firstRunOfRows(startVox: Int32Array, nx: number, rows: number): Int32Array {
  const first = new Int32Array(rows + 1)
  let run = 0
  for (let row = 0; row <= rows; row++) {
    while (run < startVox.length && startVox[run]! < row * nx) run++
    first[row] = run
  }
  return first
}

function createRuns(hasLargeLabels: boolean) {
  let [startVox, lengthVox] = [new Int32Array(1 << 14), new Int32Array(1 << 14)]
  let label = hasLargeLabels ? new Float64Array(1 << 14) : new Int32Array(1 << 14)
  const sizeVox = new Map<number, number>()
  let count = 0
  const grow = <T extends Int32Array | Float64Array>(full: T, larger: T): T => {
    larger.set(full)
    return larger
  }
  return {
    add(first: number, length: number, value: number) {
      if (count === startVox.length) {
        startVox = grow(startVox, new Int32Array(2 * count))
        lengthVox = grow(lengthVox, new Int32Array(2 * count))
        label = hasLargeLabels ? grow(label, new Float64Array(2 * count)) : grow(label, new Int32Array(2 * count))
      }
      startVox[count] = first
      lengthVox[count] = length
      label[count++] = value
    },
    take(): LabelRuns {
      for (let run = 0; run < count; run++) sizeVox.set(label[run]!, (sizeVox.get(label[run]!) ?? 0) + lengthVox[run]!)
      return {
        startVox: startVox.subarray(0, count),
        lengthVox: lengthVox.subarray(0, count),
        label: label.subarray(0, count),
        sizeVox,
      }
    },
  }
}

async function slantedRuns(image: LabelImage, grid: Grid, toImage: Rows, slices: Slices): Promise<LabelRuns> {
  const [nx = 1, ny = 1, nz = 1] = grid.shape
  const [mx = 1, my = 1, mz = 1] = image.shape
  const dense = spreadLabels(image)
  const [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11] = toImage
  const collector = createRunCollector(grid.shape)
  const row = dense instanceof Float64Array ? new Float64Array(nx) : new Int32Array(nx)
  for (let k = 0; k < nz; k++) {
    const pause = slices.pause()
    if (pause) await pause
    for (let j = 0; j < ny; j++) {
      const x0 = m1 * j + m2 * k + m3 + 0.5
      const y0 = m5 * j + m6 * k + m7 + 0.5
      const z0 = m9 * j + m10 * k + m11 + 0.5
      let [from, to] = [0, nx]
      ;[from, to] = within(from, to, m0, x0, mx)
      ;[from, to] = within(from, to, m4, y0, my)
      ;[from, to] = within(from, to, m8, z0, mz)
      if (from >= to) continue
      for (let i = from; i < to; i++) {
        const [x, y, z] = [Math.floor(m0 * i + x0), Math.floor(m4 * i + y0), Math.floor(m8 * i + z0)]
        const isInside = x >= 0 && y >= 0 && z >= 0 && x < mx && y < my && z < mz
        row[i] = isInside ? dense[(z * my + y) * mx + x]! : 0
      }
      collector.see(row.subarray(from, to), (k * ny + j) * nx + from)
    }
  }
  return collector.take()
}

/** The part of a row whose voxels may lie within an axis of the image; up to one too many at each end. */
function within(from: number, to: number, step: number, offset: number, length: number): [number, number] {
  if (step === 0) return offset >= 0 && offset < length ? [from, to] : [0, 0]
  const [a, b] = [-offset / step, (length - offset) / step]
  return [Math.max(from, Math.floor(Math.min(a, b))), Math.min(to, Math.ceil(Math.max(a, b)) + 1)]
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
