import type { VoxelArray } from '../../volumes/image.ts'

/** Gives the first voxel from `at` on that is not 0: four bytes at a time, since most of a map is background. */
export function createZeroSkipper(data: VoxelArray): (at: number) => number {
  const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT, length } = data
  const perWord = 4 / BYTES_PER_ELEMENT
  const words = byteOffset % 4 === 0 && perWord >= 1 ? new Int32Array(buffer, byteOffset, byteLength >> 2) : undefined
  return (from) => {
    let at = from
    while (at < length && data[at] === 0) {
      if (words && at % perWord === 0) {
        let word = at / perWord
        while (word < words.length && words[word] === 0) word++
        at = Math.max(at + 1, word * perWord)
      } else at++
    }
    return at
  }
}
