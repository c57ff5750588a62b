import { runSteps, type Steps } from '../slices.ts'
import { applyAffine, invertAffine, multiplyAffines, perAxis, translationAffine } from './affine.ts'
import type { Affine, Image } from './image.ts'
import { commonType, createVoxels } from './typed-bytes.ts'

type Placed = Pick<Image, 'shape' | 'voxelToWorldMm'>

/** Merged grids larger than a whole number of voxels by less than this are taken for rounding noise. */
const NOISE_VOX = 1e-6

/**
 * Fragments (left and right hemisphere ...) in one image: the voxel grid of the first, grown around all of them, of a type that holds the
 * values of all; where two have a value (neither 0 nor NaN), the later one wins. siibra's merge, which is right for voxels of 1 mm and one
 * type, made right for all.
 */
export const mergeImages = (images: readonly Image[]): Image => runSteps(mergeSteps(images))

/** The same in steps: millions of voxels take a while. */
export function* mergeSteps(images: readonly Image[]): Steps<Image> {
  const [first] = images
  if (!first) throw new RangeError('no images to merge')
  const { shape, voxelToWorldMm } = commonGrid(images)
  const dtype = commonType(images.map((image) => image.dtype))
  const data = createVoxels(dtype, shape[0]! * shape[1]! * shape[2]!)
  const worldToVoxel = invertAffine(voxelToWorldMm)
  for (const image of images) {
    yield* copyNonzero(image, multiplyAffines(worldToVoxel, image.voxelToWorldMm), data, shape)
  }
  return { data, dtype, shape, voxelToWorldMm }
}

/** The voxel grid of the first, grown around all. */
export function commonGrid(images: readonly Placed[]): Placed {
  const [first] = images
  const worldToVoxel = invertAffine(first!.voxelToWorldMm)
  const low = [0, 0, 0]
  const high = [0, 0, 0]
  for (const { shape, voxelToWorldMm } of images) {
    const toFirst = multiplyAffines(worldToVoxel, voxelToWorldMm)
    for (let corner = 0; corner < 8; corner++) {
      const cornerOf = (less: number) =>
        applyAffine(
          toFirst,
          perAxis((axis) => (corner & (1 << axis) ? shape[axis]! - less : 0)),
        )
      cornerOf(0).forEach((value, axis) => {
        low[axis] = Math.min(low[axis]!, value)
        high[axis] = Math.max(high[axis]!, value)
      })
      // of an axis that goes the other way the first voxel is the outermost
      cornerOf(1).forEach((centre, axis) => {
        high[axis] = Math.max(high[axis]!, centre + 1)
      })
    }
  }
  return {
    shape: high.map((value, axis) => Math.ceil(value - low[axis]! - NOISE_VOX)),
    voxelToWorldMm: multiplyAffines(first!.voxelToWorldMm, translationAffine([low[0]!, low[1]!, low[2]!])),
  }
}

/** The target's grid holds all voxels of the image. */
function* copyNonzero(
  image: Image,
  toTarget: Affine,
  target: Image['data'],
  targetShape: readonly number[],
): Steps<void> {
  const { data, shape } = image
  const [nx, ny, nz] = [shape[0]!, shape[1]!, shape[2]!]
  const [mx, my] = [targetShape[0]!, targetShape[1]!]
  const m = toTarget
  let at = 0
  for (let k = 0; k < nz; k++) {
    yield
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        const value = data[at]!
        if (value === 0 || Number.isNaN(value)) continue
        const x = Math.floor(m[0]! * i + m[1]! * j + m[2]! * k + m[3]! + 0.5)
        const y = Math.floor(m[4]! * i + m[5]! * j + m[6]! * k + m[7]! + 0.5)
        const z = Math.floor(m[8]! * i + m[9]! * j + m[10]! * k + m[11]! + 0.5)
        target[(z * my + y) * mx + x] = value
      }
    }
  }
}
