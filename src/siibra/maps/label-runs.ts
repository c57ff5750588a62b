import type { Image } from '../volumes/image.ts'
import type { Runs } from './components.ts'

/**
 * Where each label of an image is, as runs of equal voxels along the first axis, background (0) left out: the index that
 * masks, centroids and assignments are made of, built in one pass over the image.
 */
export interface LabelRuns extends Runs {
  /** The label of each run. */
  label: Int32Array
  /** Voxels per label. */
  sizeVox: ReadonlyMap<number, number>
}

const indexed = new WeakMap<Image['data'], LabelRuns>()

/** The runs of a labelled image; made once per image, kept as long as its voxels. Values that are no integers have no label. */
export function labelRunsOf({ data, shape }: Image): LabelRuns {
  const known = indexed.get(data)
  if (known) return known
  const nx = shape[0]!
  const count = scanRuns(data, nx, () => {})
  const runs = {
    startVox: new Int32Array(count),
    lengthVox: new Int32Array(count),
    label: new Int32Array(count),
    sizeVox: new Map<number, number>(),
  }
  let at = 0
  scanRuns(data, nx, (start, length, value) => {
    const label = Number.isInteger(value) ? value : 0
    runs.startVox[at] = start
    runs.lengthVox[at] = length
    runs.label[at++] = label
    runs.sizeVox.set(label, (runs.sizeVox.get(label) ?? 0) + length)
  })
  indexed.set(data, runs)
  return runs
}

/** Calls `found` for each run, in file order; gives their number. */
function scanRuns(
  data: Image['data'],
  nx: number,
  found: (start: number, length: number, value: number) => void,
): number {
  let count = 0
  for (let row = 0; row < data.length; row += nx) {
    const end = row + nx
    let at = row
    while (at < end) {
      const value = data[at]!
      if (value === 0) {
        at++
        continue
      }
      const start = at
      do at++
      while (at < end && data[at] === value)
      count++
      found(start, at - start, value)
    }
  }
  return count
}

/** The runs of some labels together; neighbouring ones in a row become one. */
export function selectRuns({ startVox, lengthVox, label }: LabelRuns, labels: ReadonlySet<number>, nx: number): Runs {
  const isWanted = labelTest(labels)
  const start = new Int32Array(startVox.length)
  const length = new Int32Array(startVox.length)
  let count = 0
  let end = -1
  for (let run = 0; run < startVox.length; run++) {
    if (!isWanted(label[run]!)) continue
    const first = startVox[run]!
    if (first === end && first % nx !== 0) length[count - 1]! += lengthVox[run]!
    else {
      start[count] = first
      length[count++] = lengthVox[run]!
    }
    end = first + lengthVox[run]!
  }
  return { startVox: start.slice(0, count), lengthVox: length.slice(0, count) }
}

function labelTest(labels: ReadonlySet<number>): (label: number) => boolean {
  if (labels.size === 1) {
    const [only] = labels
    return (label) => label === only
  }
  const largest = Math.max(0, ...labels)
  if (largest > 65535 || Math.min(...labels) < 0) return (label) => labels.has(label)
  const table = new Uint8Array(largest + 1)
  for (const label of labels) table[label] = 1
  return (label) => table[label] === 1
}

/** The union of runs of one grid: what any of them covers. */
export function uniteRuns(parts: readonly Runs[], nx: number): Runs {
  if (parts.length === 1) return parts[0]!
  const all: [start: number, length: number][] = []
  for (const { startVox, lengthVox } of parts) {
    for (let run = 0; run < startVox.length; run++) all.push([startVox[run]!, lengthVox[run]!])
  }
  all.sort((a, b) => a[0] - b[0])
  const united: [start: number, length: number][] = []
  for (const [start, length] of all) {
    const last = united.at(-1)
    const end = last ? last[0] + last[1] : -1
    if (last && (start < end || (start === end && start % nx !== 0)))
      last[1] = Math.max(last[1], start + length - last[0])
    else united.push([start, length])
  }
  return {
    startVox: Int32Array.from(united, ([start]) => start),
    lengthVox: Int32Array.from(united, ([, length]) => length),
  }
}

/** A mask of ones where the runs are. */
export function fillRuns({ startVox, lengthVox }: Runs, sizeVox: number): Uint8Array {
  const mask = new Uint8Array(sizeVox)
  for (let run = 0; run < startVox.length; run++) mask.fill(1, startVox[run], startVox[run]! + lengthVox[run]!)
  return mask
}
