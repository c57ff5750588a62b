import { gzipSync } from 'node:zlib'
import type { MapIndex, MapType, Parcellation, ParcellationMap, Space, Volume } from '../../src/siibra/core/types.ts'
import type { AtlasVolumes } from '../../src/siibra/maps/atlas-volumes.ts'
import type { Retrieval } from '../../src/siibra/retrieval/retrieval.ts'
import type { Image } from '../../src/siibra/volumes/image.ts'
import { encodeNifti } from '../../src/siibra/volumes/nifti/decode.ts'
import { createVolumeReader, type VolumeReaderOptions } from '../../src/siibra/volumes/volume-reader.ts'

/** An atlas of made-up volumes of realistic size, whose files (gzipped NIfTI) are in memory. */
export interface MadeUpAtlas extends AtlasVolumes {
  retrieval: Retrieval
  files: Map<string, Uint8Array>
}

const concept = (id: string) => ({
  id,
  name: id,
  key: id,
  shortname: id,
  description: '',
  modality: null,
  publications: [],
  datasets: [],
  ebrains: {},
  species: 'Homo sapiens',
})

export const space: Space = { ...concept('space'), kind: 'space', volumes: [] }
export const volumeOf = (url: string): Volume => ({
  name: url,
  variant: null,
  spaceId: space.id,
  providers: { nii: url },
  datasets: [],
  z: null,
})

export function mapOf(mapType: MapType, urls: string[], indices: Map<string, MapIndex[]>): ParcellationMap {
  return {
    ...concept(`${mapType} ${urls[0]}`),
    kind: 'map',
    space,
    parcellation: concept('parcellation') as unknown as Parcellation,
    mapType,
    isSparse: mapType === 'STATISTICAL',
    indices,
    volumes: urls.map(volumeOf),
  }
}

export function createAtlas(
  files: Map<string, Uint8Array>,
  options?: Omit<VolumeReaderOptions, 'retrieval'>,
): MadeUpAtlas {
  const retrieval = { bytes: async (url: string) => files.get(url) } as unknown as Retrieval
  const empty = { all: [] } as never
  return { spaces: empty, maps: empty, volumes: createVolumeReader({ ...options, retrieval }), retrieval, files }
}

export const toFile = (image: Image): Uint8Array => gzipSync(encodeNifti(image))

/** An ellipsoid in a box of cubic voxels around the origin, cut into cubes of `cubeVox` voxels, numbered from 1. */
export function createLabels(shape: readonly [number, number, number], voxelMm: number, cubeVox: number): Image {
  const [nx, ny, nz] = shape
  const data = new Int16Array(nx * ny * nz)
  const perRow = Math.ceil(nx / cubeVox)
  const perSlice = perRow * Math.ceil(ny / cubeVox)
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        const r = ((2 * i) / nx - 1) ** 2 + ((2 * j) / ny - 1) ** 2 + ((2 * k) / nz - 1) ** 2
        if (r >= 0.8) continue
        const cube = (n: number) => Math.floor(n / cubeVox)
        data[at] = 1 + cube(i) + perRow * cube(j) + perSlice * cube(k)
      }
    }
  }
  return { data, dtype: 'int16', shape: [...shape], voxelToWorldMm: centred(shape, voxelMm) }
}

/** A Gaussian blob that ends where it falls below a hundredth. */
export function createBlob(shape: readonly [number, number, number], voxelMm: number, seed: number): Image {
  const [nx, ny, nz] = shape
  const data = new Float32Array(nx * ny * nz)
  const random = (n: number) => Math.abs(Math.sin(seed * 12.9898 + n * 78.233) * 43758.5453) % 1
  const centre = shape.map((size, axis) => size * (0.25 + 0.5 * random(axis)))
  const width = 3 + 3 * random(3)
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        const distance = ((i - centre[0]!) ** 2 + (j - centre[1]!) ** 2 + (k - centre[2]!) ** 2) / width ** 2
        if (distance < 4.6) data[at] = Math.exp(-distance)
      }
    }
  }
  return { data, dtype: 'float32', shape: [...shape], voxelToWorldMm: centred(shape, voxelMm) }
}

const centred = ([nx, ny, nz]: readonly [number, number, number], mm: number) =>
  Float64Array.of(mm, 0, 0, (-nx * mm) / 2, 0, mm, 0, (-ny * mm) / 2, 0, 0, mm, (-nz * mm) / 2, 0, 0, 0, 1)
