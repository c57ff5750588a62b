/** How a scale is cut into chunks: which of them a box touches, and how their voxels get into it. */
import { perAxis, type Triple } from '../affine.ts'
import type { VoxelArray } from '../image.ts'
import { type VoxelBox, wholeBoxOf } from '../pyramids/pyramid.ts'
import type { PrecomputedScale } from './info.ts'
import { compressedMortonCode } from './sharding.ts'

export interface ChunkPosition {
  grid: Triple
  box: VoxelBox
}

/** The chunks that a box touches, with the voxels that each of them holds. */
export function chunksOf(scale: PrecomputedScale, box: VoxelBox): ChunkPosition[] {
  const { offsetVox, chunkSizeVox } = scale
  const whole = wholeBoxOf(scale)
  const first = (axis: number) => Math.floor((box.min[axis]! - offsetVox[axis]!) / chunkSizeVox[axis]!)
  const past = (axis: number) => Math.ceil((box.max[axis]! - offsetVox[axis]!) / chunkSizeVox[axis]!)
  const low = (axis: number, grid: number) => offsetVox[axis]! + grid * chunkSizeVox[axis]!
  const chunks: ChunkPosition[] = []
  for (let gz = first(2); gz < past(2); gz++) {
    for (let gy = first(1); gy < past(1); gy++) {
      for (let gx = first(0); gx < past(0); gx++) {
        const min: Triple = [low(0, gx), low(1, gy), low(2, gz)]
        const end = (axis: number) => Math.min(whole.max[axis]!, min[axis]! + chunkSizeVox[axis]!)
        chunks.push({ grid: [gx, gy, gz], box: { min, max: [end(0), end(1), end(2)] } })
      }
    }
  }
  return chunks
}

export function sizeOf({ min, max }: VoxelBox): Triple {
  return [max[0] - min[0], max[1] - min[1], max[2] - min[2]]
}

/** The number under which a sharded scale keeps a chunk. */
export function chunkIdOf({ sizeVox, chunkSizeVox }: PrecomputedScale, chunk: ChunkPosition): bigint {
  const chunkCount = (axis: number) => Math.ceil(sizeVox[axis]! / chunkSizeVox[axis]!)
  return compressedMortonCode(chunk.grid, [chunkCount(0), chunkCount(1), chunkCount(2)])
}

/** Copies what chunk and box share, from x fastest to z fastest. */
export function copyChunk(chunk: VoxelArray, chunkBox: VoxelBox, target: VoxelArray, box: VoxelBox) {
  const [cx, cy] = sizeOf(chunkBox)
  const [, ty, tz] = sizeOf(box)
  const min = perAxis((axis) => Math.max(box.min[axis], chunkBox.min[axis]))
  const max = perAxis((axis) => Math.min(box.max[axis], chunkBox.max[axis]))
  const planeStride = cx * cy
  for (let x = min[0]; x < max[0]; x++) {
    for (let y = min[1]; y < max[1]; y++) {
      let from = x - chunkBox.min[0] + cx * (y - chunkBox.min[1] + cy * (min[2] - chunkBox.min[2]))
      let to = min[2] - box.min[2] + tz * (y - box.min[1] + ty * (x - box.min[0]))
      for (let z = min[2]; z < max[2]; z++, from += planeStride) target[to++] = chunk[from]!
    }
  }
}
