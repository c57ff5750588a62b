import { endsStep, inSlices, type Slices, type Steps } from '../../slices.ts'
import type { Image, VoxelArray } from '../../volumes/image.ts'
import type { Grid } from '../grids/grid.ts'
import type { Runs } from './components.ts'
import { createZeroSkipper } from './nonzero.ts'

/**
 * Where each label of an image is, as runs of equal voxels along the first axis, background (0) left out: the index that
 * masks, centroids and assignments are made of, built in one pass over the image.
 */
export interface LabelRuns extends Runs {
  /** The label of each run; float64 where a label is beyond 32 bits with a sign. */
  label: Int32Array | Float64Array
  /** Voxels per label. */
  sizeVox: ReadonlyMap<number, number>
}

/** A labelled image as runs of equal voxels: some hundredths of its size, enough for masks, centroids and assignments. */
export interface LabelImage extends Grid {
  runs: LabelRuns
}

/** The runs of a labelled image, whose values are integers (`requireLabels`). */
export function labelRunsOf({ data, shape }: Image): LabelRuns {
  const collector = createRunCollector(shape)
  collector.see(data, 0)
  return collector.take()
}

/** Voxels between two looks at the clock. */
const STEP_VOX = 1 << 17

/** The same with pauses. */
export async function labelRunsInSlices({ data, shape }: Image, slices: Slices): Promise<LabelRuns> {
  const collector = createRunCollector(shape)
  await inSlices(data.length, STEP_VOX, slices, (from, to) => collector.see(data.subarray(from, to), from))
  return collector.take()
}

/** Gathers the runs of a labelled volume that passes by piece by piece; stretches of 0 may be left out. */
export interface RunCollector {
  /** The next voxels, from the one of index `at` on; their values are integers. */
  see(values: VoxelArray, at: number): void
  /** The runs of what has been seen. */
  take(): LabelRuns
}

/** @param shape of the volume: runs end where a row along the first axis does. */
export function createRunCollector(shape: readonly number[]): RunCollector {
  const nx = shape[0]!
  let startVox = new Int32Array(1 << 14)
  let lengthVox = new Int32Array(1 << 14)
  let labels: Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer> = new Int32Array(1 << 14)
  const sizes = createLabelCounter()
  let count = 0

  const add = (first: number, length: number, label: number) => {
    sizes.add(label, length)
    const last = count - 1
    const isContinued = first % nx !== 0 && last >= 0 && startVox[last]! + lengthVox[last]! === first
    if (isContinued && labels[last] === label) {
      lengthVox[last]! += length
      return
    }
    if (count === startVox.length) {
      startVox = grow(startVox)
      lengthVox = grow(lengthVox)
      labels = grow(labels)
    }
    if (labels instanceof Int32Array && (label | 0) !== label) labels = Float64Array.from(labels)
    startVox[count] = first
    lengthVox[count] = length
    labels[count++] = label
  }

  return {
    see(values, start) {
      const skip = createZeroSkipper(values)
      for (let at = skip(0); at < values.length; at = skip(at)) {
        const value = values[at]!
        const first = at
        const rowEnd = Math.min(values.length, (Math.floor((start + at) / nx) + 1) * nx - start)
        do at++
        while (at < rowEnd && values[at] === value)
        add(start + first, at - first, value)
      }
    },
    take: () => ({
      startVox: startVox.slice(0, count),
      lengthVox: lengthVox.slice(0, count),
      label: labels.slice(0, count),
      sizeVox: sizes.all(),
    }),
  }
}

/** Sums per label, in an array for the usual small labels. */
function createLabelCounter() {
  const small = new Float64Array(4096)
  const others = new Map<number, number>()
  return {
    add(label: number, count: number) {
      if (label >= 0 && label < small.length) small[label]! += count
      else others.set(label, (others.get(label) ?? 0) + count)
    },
    all(): Map<number, number> {
      const counted = [...small.entries()].filter(([, count]) => count > 0)
      return new Map([...counted, ...others])
    },
  }
}

function grow<T extends Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(array: T): T {
  const larger = new (array.constructor as new (length: number) => T)(array.length * 2)
  larger.set(array)
  return larger
}

/** The first run that ends after voxel `at`; the number of runs where there is none. */
export function firstRunAfter({ startVox, lengthVox }: Runs, at: number): number {
  let [low, high] = [0, startVox.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (startVox[middle]! + lengthVox[middle]! <= at) low = middle + 1
    else high = middle
  }
  return low
}

/** The label of a voxel; 0 for background. */
export function labelAt(runs: LabelRuns, at: number): number {
  const run = firstRunAfter(runs, at)
  return run < runs.startVox.length && runs.startVox[run]! <= at ? runs.label[run]! : 0
}

/** Runs that are filled between two looks at the clock. */
const STEP_RUNS = 1 << 12

/** A mask of ones where the runs are. */
export function* fillRuns({ startVox, lengthVox }: Runs, sizeVox: number): Steps<Uint8Array> {
  const mask = new Uint8Array(sizeVox)
  for (let run = 0; run < startVox.length; run++) {
    if (endsStep(run, STEP_RUNS)) yield
    mask.fill(1, startVox[run], startVox[run]! + lengthVox[run]!)
  }
  return mask
}
