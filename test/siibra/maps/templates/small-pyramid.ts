/** A volume of three scales, which lies in a memory. */
import type { Image } from '../../../../src/siibra/volumes/image.ts'
import { fakeVolume } from '../fake-atlas.ts'

export const PYRAMID = 'https://a.org/pyramid'
/** Of 4 x 4 x 6 mm; voxels of 1 mm are numbered from 0, those of 2 mm from 100, those of 4 mm from 200. Images have the axes the other way round. */
const SCALES = [
  { mm: 1, size: [4, 4, 6], first: 0 },
  { mm: 2, size: [2, 2, 3], first: 100 },
  { mm: 4, size: [1, 1, 2], first: 200 },
] as const
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
export const objects: Record<string, Uint8Array> = {
  'a.org/pyramid/info': json({
    ...{ '@type': 'neuroglancer_multiscale_volume', data_type: 'uint8', num_channels: 1, type: 'image' },
    scales: SCALES.map(({ mm, size }) => ({
      ...{ key: `${mm}mm`, encoding: 'raw', size, chunk_sizes: [size], voxel_offset: [0, 0, 0] },
      resolution: [mm * 1e6, mm * 1e6, mm * 1e6],
    })),
  }),
}
for (const { mm, size, first } of SCALES) {
  const voxels = Uint8Array.from({ length: size[0] * size[1] * size[2] }, (_, at) => first + at)
  objects[`a.org/pyramid/${mm}mm/${size.map((length) => `0-${length}`).join('_')}`] = voxels
}
/** An image that is no pyramid. */
export const whole: Image = {
  ...{ data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), dtype: 'uint8', shape: [2, 2, 2] },
  voxelToWorldMm: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
}
export const precomputed = (url: string | Record<string, string> = PYRAMID, more: object = {}) => ({
  ...fakeVolume('unused'),
  providers: { ...more, 'neuroglancer/precomputed': url },
})
