import type { SeeVoxels } from '../../volumes/nifti/stream.ts'
import { createZeroSkipper } from '../labels/nonzero.ts'

/** The positive values of a volume, and the voxels (ascending) that have them. */
export interface Positives {
  voxel: Uint32Array
  value: Float32Array
}

/** Gathers positive values of volumes that pass by. */
export interface PositivesCollector {
  see: SeeVoxels
  /** What has been seen; the last that is asked of a collector. */
  take(): Positives
}

const FIRST_ENTRIES = 1 << 14

/** Of collectors that are done, for the next ones: a map has hundreds of volumes. */
const free: Positives[] = []
const MAX_FREE = 8

export function createPositivesCollector(): PositivesCollector {
  let { voxel, value } = free.pop() ?? {
    voxel: new Uint32Array(FIRST_ENTRIES),
    value: new Float32Array(FIRST_ENTRIES),
  }
  let count = 0
  return {
    see(values, start) {
      const skip = createZeroSkipper(values)
      for (let at = skip(0); at < values.length; at = skip(at + 1)) {
        // what is 0 as float32 is no value
        const found = Math.fround(values[at]!)
        if (!(found > 0)) continue
        if (count === voxel.length) {
          voxel = grow(voxel, new Uint32Array(2 * count))
          value = grow(value, new Float32Array(2 * count))
        }
        voxel[count] = start + at
        value[count++] = found
      }
    },
    take() {
      const taken = { voxel: voxel.slice(0, count), value: value.slice(0, count) }
      if (voxel.length === FIRST_ENTRIES && free.length < MAX_FREE) free.push({ voxel, value })
      return taken
    },
  }
}

function grow<T extends Uint32Array | Float32Array>(full: T, larger: T): T {
  larger.set(full)
  return larger
}
