/** What stands in a volume of labels: which, how often, where. */

import type { Image, VoxelArray, VoxelType } from '../../siibra/index.ts'
import { applyAffine, createVoxels } from '../../siibra/index.ts'
import { badSource } from '../errors.ts'
import type { ReadVolume } from '../types.ts'

export interface LabelCount {
  label: number
  voxels: number
  /** mm. */
  centroidMm: [number, number, number]
}

/** By label; 0 is in it nowhere. Runs of equal voxels are counted at once. */
export function countLabels({ data, shape, voxelToWorldMm }: Image): Map<number, LabelCount> {
  const sums = new Map<number, { voxels: number; i: number; j: number; k: number }>()
  const [ni, nj, nk] = shape as [number, number, number]
  let at = 0
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      let i = 0
      while (i < ni) {
        const label = data[at + i]!
        const start = i
        do i++
        while (i < ni && data[at + i] === label)
        if (label === 0) continue
        let sum = sums.get(label)
        if (!sum) {
          sum = { voxels: 0, i: 0, j: 0, k: 0 }
          sums.set(label, sum)
        }
        const length = i - start
        sum.voxels += length
        sum.i += ((start + i - 1) / 2) * length
        sum.j += j * length
        sum.k += k * length
      }
      at += ni
    }
  }
  return new Map(
    [...sums]
      .sort(([a], [b]) => a - b)
      .map(([label, { voxels, i, j, k }]) => [
        label,
        { label, voxels, centroidMm: applyAffine(voxelToWorldMm, [i / voxels, j / voxels, k / voxels]) },
      ]),
  )
}

/** Values that lie further from whole numbers are no labels. */
const MAX_OFF = 0.1

export interface WholeLabels {
  image: Image
  /** Voxels were changed, or their type: the file cannot be served as it is. */
  isRewritten: boolean
  notes: string[]
}

/**
 * The voxels as whole numbers from 0, in the smallest type that holds them. Floats up to 0.1 off are rounded, with a word; others are
 * refused. What is below 0 or no number becomes background, with a word.
 */
export function toWholeLabels({ image, file }: ReadVolume): WholeLabels {
  const { data, dtype, shape } = image
  const isFloat = dtype === 'float32' || dtype === 'float64'
  let largest = 0
  let negative = 0
  let missing = 0
  let rounded = 0
  let furthest = 0
  for (let at = 0; at < data.length; at++) {
    const value = data[at]!
    if (value > largest) largest = value
    if (value < -MAX_OFF) negative++
    if (!isFloat) continue
    if (Number.isNaN(value)) {
      missing++
      continue
    }
    const off = Math.abs(value - Math.round(value))
    if (off === 0) continue
    if (!(off <= MAX_OFF)) {
      const [ni, nj] = shape as [number, number]
      const voxel = [at % ni, Math.floor(at / ni) % nj, Math.floor(at / (ni * nj))]
      throw badSource(
        file,
        `voxel (${voxel.join(', ')}) is ${value}, which is no label: labels are whole numbers (up to ${MAX_OFF} off)`,
        'Was it resampled with interpolation? Take the nearest neighbour. Probabilities belong into a 4D file.',
      )
    }
    rounded++
    if (off > furthest) furthest = off
  }
  if (largest > 2 ** 32 - 1)
    throw badSource(file, `the label ${largest} is beyond ${2 ** 32 - 1}`, 'Number the regions anew.')
  if (dtype === 'float32' && largest > 2 ** 24) {
    throw badSource(
      file,
      `the label ${largest} stands in floats of 32 bits, which hold no whole numbers beyond ${2 ** 24} exactly`,
      'Labels have been changed already: save the volume with integers of 32 bits.',
    )
  }
  const notes: string[] = []
  if (rounded > 0) {
    notes.push(
      `${rounded} voxels were up to ${furthest.toPrecision(3)} beside whole numbers; they are rounded, and written as integers`,
    )
  }
  if (negative > 0) notes.push(`${negative} voxels are below 0; they are background now`)
  if (missing > 0) notes.push(`${missing} voxels are no numbers (NaN); they are background now`)
  if (!isFloat && negative === 0) return { image, isRewritten: false, notes }
  const type: VoxelType = largest < 255.5 ? 'uint8' : largest < 65_535.5 ? 'uint16' : 'uint32'
  const whole: VoxelArray = createVoxels(type, data.length)
  for (let at = 0; at < data.length; at++) {
    const value = Math.round(data[at]!)
    whole[at] = value > 0 ? value : 0
  }
  return { image: { ...image, data: whole, dtype: type }, isRewritten: true, notes }
}

/**
 * How much the volume looks like one of labels: the share of neighbours along the first axis, inside of the drawn, that are equal. Labels
 * are far above 0.5, intensities far below.
 */
export function evenness({ data, shape }: Image): number {
  const ni = shape[0]!
  let pairs = 0
  let equal = 0
  const stride = Math.max(1, Math.floor(data.length / ni / 20_000))
  for (let row = 0; row * ni < data.length; row += stride) {
    for (let i = 1; i < ni; i++) {
      const here = data[row * ni + i]!
      const before = data[row * ni + i - 1]!
      if (here === 0 || before === 0 || Number.isNaN(here) || Number.isNaN(before)) continue
      pairs++
      if (here === before) equal++
    }
  }
  return pairs === 0 ? 1 : equal / pairs
}
