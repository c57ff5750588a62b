/** Precomputed volumes as tensorstore and siibra wrote and read them. */
import type { Image } from '../../../../src/siibra/volumes/image.ts'
import { type Files, fromBase64, readJsonFixture } from '../fixtures.ts'

export interface VolumeCase {
  name: string
  offset: [number, number, number]
  size: [number, number, number]
  /** Per channel the voxels with x fastest. */
  channels: number[][]
  tolerance: number
  files: Record<string, string>
}

export const url = 'https://a.org/volume'
export const cases = readJsonFixture<VolumeCase[]>('precomputed.json')

export function filesOf(fixture: { files: Record<string, string> }): Files {
  return Object.fromEntries(Object.entries(fixture.files).map(([path, text]) => [`${url}/${path}`, fromBase64(text)]))
}

/** Voxel (x, y, z), counted from the box's corner. */
export function voxelAt({ data, shape }: Image, x: number, y: number, z: number): number {
  return data[z + shape[0]! * (y + shape[1]! * x)]!
}

export function fixtureNamed(name: string): VolumeCase {
  return cases.find((each) => each.name === name)!
}
