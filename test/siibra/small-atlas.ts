/** Atlases of a few voxels, made in a test: what lies where is seen beside what is expected of it. */

import {
  type AtlasCore,
  createRetrieval,
  type Image,
  loadConfiguration,
  type Retrieval,
} from '../../src/siibra/index.ts'
import { createMemoryStore } from '../../src/siibra/retrieval/stores/memory-store.ts'
import { encodeNifti } from '../../src/siibra/volumes/nifti/encode.ts'

/** A configuration of these files, with nothing in the network but these objects (by `<host>/<path>`), and what `answer` gives. */
export function loadSmallAtlas(
  files: Readonly<Record<string, unknown>>,
  objects: Readonly<Record<string, Uint8Array>> = {},
  answer: (url: string) => Uint8Array | undefined = () => undefined,
): Promise<AtlasCore> {
  return loadConfiguration({
    configuration: {
      source: 'a small atlas',
      commit: null,
      list: async () => Object.keys(files),
      read: (path: string) => new TextEncoder().encode(JSON.stringify(files[path])),
    },
    retrieval: answeringRetrieval(answer, objects),
  })
}

/** Gives what `answer` says of a URL, else what is among the objects (by `<host>/<path>`). */
export function answeringRetrieval(
  answer: (url: string) => Uint8Array | undefined,
  objects: Readonly<Record<string, Uint8Array>> = {},
): Retrieval {
  const retrieval = createRetrieval({ mirror: createMemoryStore(new Map(Object.entries(objects))), offline: true })
  return {
    ...retrieval,
    bytes: async (url, options) => answer(url) ?? retrieval.bytes(url, options),
    json: async <T>(url: string) => {
      const bytes = answer(url) ?? (await retrieval.bytes(url))
      return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as T)
    },
  }
}

export const space = (id: string, name: string, species = 'Homo sapiens') => ({
  '@id': id,
  '@type': 'siibra/space/v0.0.1',
  name,
  species,
})

interface RegionSpec {
  name: string
  children?: RegionSpec[]
}

export const parcellation = (id: string, regions: RegionSpec[], species = 'Homo sapiens') => ({
  '@id': id,
  '@type': 'siibra/parcellation/v0.0.1',
  name: `Parcellation ${id}`,
  species,
  regions,
})

/** A labelled map, drawn in the file at https://example.org/labels.nii. */
export const labelledMap = (parcellationId: string, spaceId: string, labels: Readonly<Record<string, number>>) => ({
  '@type': 'siibra/map/v0.0.1',
  space: { '@id': spaceId },
  parcellation: { '@id': parcellationId },
  volumes: [{ '@type': 'siibra/volume/v0.0.1', providers: { nii: 'https://example.org/labels.nii' } }],
  indices: Object.fromEntries(Object.entries(labels).map(([name, label]) => [name, [{ volume: 0, label }]])),
})

/** The file of such a map: a label for each voxel (x fastest), voxels of 1 mm, the first one centred at the origin. */
export function labelFile(shape: readonly [number, number, number], labels: ArrayLike<number>): Uint8Array {
  const voxelToWorldMm = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)
  return encodeNifti({ data: Uint8Array.from(labels), dtype: 'uint8', shape: [...shape], voxelToWorldMm } as Image)
}
