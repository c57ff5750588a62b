import { type Grid, voxelAt } from '../grids/grid.ts'

type Numbers = [number, number, number]

/** Where the voxels of a region end. */
export interface Bounds {
  /** First and last voxel along i, j, k, in the grid of the map. */
  lowVox: Numbers
  highVox: Numbers
  /** The least and the greatest x, y, z of its voxels' centres, mm, RAS. */
  lowMm: Numbers
  highMm: Numbers
}

/** What can be told of the voxels of a region in a space. */
export interface RegionMeasures extends Bounds {
  voxels: number
  volumeMm3: number
  /** Connected components, by faces, edges and corners (26 neighbours). */
  components: number
  /** Of the largest component, mm, RAS: as `bestViewPoint`. */
  centroidMm: Numbers
}

export interface VoxelBounds {
  /** A run of voxels along i, by the index of the first one. */
  see(startVox: number, lengthVox: number): void
  include(other: Bounds): void
  take(): Bounds
}

export function createVoxelBounds({ shape, voxelToWorldMm }: Grid): VoxelBounds {
  const low: Numbers = [Infinity, Infinity, Infinity]
  const high: Numbers = [-Infinity, -Infinity, -Infinity]
  const lowMm: Numbers = [Infinity, Infinity, Infinity]
  const highMm: Numbers = [-Infinity, -Infinity, -Infinity]
  return {
    see(startVox, lengthVox) {
      const [i, j, k] = voxelAt(startVox, shape)
      const last = i + lengthVox - 1
      low[0] = Math.min(low[0], i)
      high[0] = Math.max(high[0], last)
      low[1] = Math.min(low[1], j)
      high[1] = Math.max(high[1], j)
      low[2] = Math.min(low[2], k)
      high[2] = Math.max(high[2], k)
      for (let axis = 0; axis < 3; axis++) {
        const at = 4 * axis
        const perVoxel = voxelToWorldMm[at]!
        const rest = voxelToWorldMm[at + 1]! * j + voxelToWorldMm[at + 2]! * k + voxelToWorldMm[at + 3]!
        const [a, b] = [perVoxel * i + rest, perVoxel * last + rest]
        lowMm[axis] = Math.min(lowMm[axis]!, a, b)
        highMm[axis] = Math.max(highMm[axis]!, a, b)
      }
    },
    include(other) {
      for (let axis = 0; axis < 3; axis++) {
        low[axis] = Math.min(low[axis]!, other.lowVox[axis]!)
        high[axis] = Math.max(high[axis]!, other.highVox[axis]!)
        lowMm[axis] = Math.min(lowMm[axis]!, other.lowMm[axis]!)
        highMm[axis] = Math.max(highMm[axis]!, other.highMm[axis]!)
      }
    },
    take: () => ({ lowVox: [...low], highVox: [...high], lowMm: [...lowMm], highMm: [...highMm] }),
  }
}
