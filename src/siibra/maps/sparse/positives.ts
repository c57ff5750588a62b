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
  /** What has been seen. */
  take(): Positives
}

const FIRST_ENTRIES = 1 << 14

export function createPositivesCollector(): PositivesCollector {
  let voxel = new Uint32Array(FIRST_ENTRIES)
  let value = new Float32Array(FIRST_ENTRIES)
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
    take: () => ({ voxel: voxel.slice(0, count), value: value.slice(0, count) }),
  }
}

function grow<T extends Uint32Array | Float32Array>(full: T, larger: T): T {
  larger.set(full)
  return larger
}
