/** Stacks of TIFF pages: page, row, column, as BrainGlobe writes them. */
import type { VoxelArray, VoxelType } from '../../siibra/index.ts'
import { createVoxels } from '../../siibra/index.ts'
import { badSource } from '../errors.ts'
import type { ReadVolume } from '../types.ts'
import { decodeTiff } from './tiff-pages.ts'

/**
 * The voxels by the axes of numpy: the first axis counts pages, the last one columns. A TIFF says nothing of where it lies: the affine is
 * a placeholder.
 */
export function readTiff(bytes: Uint8Array, file: string): ReadVolume {
  const pages = decodeTiff(bytes, file)
  const [first] = pages
  if (!first) throw badSource(file, 'it has no pages')
  const { width, height, dtype } = first
  if (!pages.every((page) => page.width === width && page.height === height && page.dtype === dtype)) {
    throw badSource(file, 'its pages have different sizes or types', 'A stack of pages of one size is needed.')
  }
  const promised = /"shape"\s*:\s*\[([\d,\s]+)\]/.exec(first.description)?.[1]?.split(',').map(Number)
  if (promised && promised.reduce((product, size) => product * size, 1) !== pages.length * width * height) {
    throw badSource(
      file,
      `it says that it holds ${promised.join(' x ')} voxels, but there are ${pages.length} pages of ${height} x ${width}`,
      'Is the file complete?',
    )
  }
  const shape = [pages.length, height, width]
  const data = firstAxisFastest(
    pages.map((page) => page.data),
    dtype,
    shape,
  )
  const voxelToWorldMm = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)
  return { file, format: 'tiff', image: { data, dtype, shape, voxelToWorldMm }, hasPlace: false, notes: [] }
}

/** From C's order (last axis fastest), page by page, to that of images. */
export function firstAxisFastest(
  pages: readonly VoxelArray[],
  type: VoxelType,
  [n0, n1, n2]: readonly number[],
): VoxelArray {
  const data = createVoxels(type, n0! * n1! * n2!)
  for (let j = 0; j < n1!; j++) {
    for (let k = 0; k < n2!; k++) {
      const from = j * n2! + k
      const to = n0! * (j + n1! * k)
      for (let i = 0; i < n0!; i++) data[to + i] = pages[i]![from]!
    }
  }
  return data
}
