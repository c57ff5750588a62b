import { gzipSync } from 'node:zlib'
import type { Image } from '../../siibra/index.ts'
import { type DemoPart, jsonBytes } from '../part.ts'

const CHUNK = 16

const TYPES = { uint8: 'uint8', int16: 'int16', uint16: 'uint16', float32: 'float32' } as const

interface ZarrGrid {
  voxelMm: number
  /** Centre of the first voxel. */
  originMm: readonly [number, number, number]
}

/**
 * An image as OME-Zarr 0.5 (Zarr version 3, gzip) under `path`: each level after the first has every second voxel of the one before. x, y, z
 * of the image are those of the space.
 */
export function omeZarr(
  path: string,
  shape: readonly [number, number, number],
  { voxelMm, originMm }: ZarrGrid,
  { dtype, levels = 2 }: { dtype: keyof typeof TYPES; levels?: number },
  makeImage: () => Image,
): DemoPart['objects'] {
  const zyx = <T>([x, y, z]: readonly [T, T, T]): T[] => [z, y, x]
  const attributes = {
    ome: {
      version: '0.5',
      multiscales: [
        {
          name: path,
          axes: ['z', 'y', 'x'].map((name) => ({ name, type: 'space', unit: 'millimeter' })),
          datasets: Array.from({ length: levels }, (_, level) => ({
            path: String(level),
            coordinateTransformations: [
              { type: 'scale', scale: [1, 1, 1].map((one) => one * voxelMm * 2 ** level) },
              { type: 'translation', translation: zyx(originMm) },
            ],
          })),
        },
      ],
    },
  }
  const objects: DemoPart['objects'] = {
    [`${path}/zarr.json`]: () => jsonBytes({ zarr_format: 3, node_type: 'group', attributes }),
  }
  let image: Image | undefined
  for (let level = 0; level < levels; level++) {
    const step = 2 ** level
    const sizes = shape.map((size) => Math.ceil(size / step)) as [number, number, number]
    objects[`${path}/${level}/zarr.json`] = () => jsonBytes(arrayOf(zyx(sizes), TYPES[dtype]))
    const counts = sizes.map((size) => Math.ceil(size / CHUNK)) as [number, number, number]
    for (let n = 0; n < counts[0] * counts[1] * counts[2]; n++) {
      const at = [n % counts[0], Math.floor(n / counts[0]) % counts[1], Math.floor(n / counts[0] / counts[1])] as const
      objects[`${path}/${level}/c/${zyx(at).join('/')}`] = () => {
        image ??= makeImage()
        return gzipSync(cut(image, at, step))
      }
    }
  }
  return objects
}

const arrayOf = (shape: number[], dtype: string) => ({
  zarr_format: 3,
  node_type: 'array',
  shape,
  data_type: dtype,
  chunk_grid: { name: 'regular', configuration: { chunk_shape: [CHUNK, CHUNK, CHUNK] } },
  chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
  fill_value: 0,
  codecs: [
    { name: 'bytes', configuration: { endian: 'little' } },
    { name: 'gzip', configuration: { level: 6 } },
  ],
  attributes: {},
  dimension_names: ['z', 'y', 'x'],
})

/** The voxels of a chunk, x fastest; 0 beyond the image. */
function cut({ data, shape }: Image, at: readonly [number, number, number], step: number): Uint8Array {
  const voxels = new (data.constructor as Uint8ArrayConstructor)(CHUNK ** 3)
  const [nx, ny, nz] = shape as [number, number, number]
  let to = 0
  for (let k = 0; k < CHUNK; k++) {
    for (let j = 0; j < CHUNK; j++) {
      for (let i = 0; i < CHUNK; i++, to++) {
        const [x, y, z] = [i, j, k].map((n, axis) => (at[axis]! * CHUNK + n) * step) as [number, number, number]
        if (x < nx && y < ny && z < nz) voxels[to] = data[(z * ny + y) * nx + x]!
      }
    }
  }
  return new Uint8Array(voxels.buffer)
}
