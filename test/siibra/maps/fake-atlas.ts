import type { MapIndex, MapType, ParcellationMap, Region, Space, Volume } from '../../../src/siibra/core/types.ts'
import type { AtlasVolumes } from '../../../src/siibra/maps/atlas-volumes.ts'
import type { Retrieval } from '../../../src/siibra/retrieval/retrieval.ts'
import type { Image } from '../../../src/siibra/volumes/image.ts'
import { encodeNifti } from '../../../src/siibra/volumes/nifti/decode.ts'
import { createVolumeReader, type VolumeReader } from '../../../src/siibra/volumes/volume-reader.ts'
import { visitImage } from '../../../src/siibra/volumes/volume-scan.ts'
import { standInRetrieval } from '../retrieval/stand-in.ts'

/** An atlas of images in memory, for tests of what is done with maps. */
export interface FakeAtlas extends AtlasVolumes {
  retrieval: Retrieval
  space: Space
  /** URLs that were read, in order. */
  reads: string[]
  /** What is there, by URL. */
  files: Map<string, Uint8Array>
}

const concept = (id: string) => ({
  id,
  name: id,
  key: id.toUpperCase(),
  shortname: id,
  description: '',
  modality: null,
  publications: [],
  datasets: [],
  ebrains: {},
})

/** `images` by URL, as NIfTI files (so the affine is rounded to float32, unless they are given to `fakeReader`). */
export function createFakeAtlas(images: Record<string, Image>, maps: ParcellationMap[] = []): FakeAtlas {
  const reads: string[] = []
  const files = new Map(Object.entries(images).map(([url, image]) => [url, encodeNifti(image)]))
  const bytes = async (url: string) => {
    reads.push(url)
    return files.get(url)
  }
  const retrieval = standInRetrieval({ bytes })
  const registry = <T extends { id: string }>(all: T[]) => ({ all }) as never
  return {
    spaces: registry([fakeSpace]),
    maps: registry(maps),
    volumes: createVolumeReader({ retrieval }),
    retrieval,
    space: fakeSpace,
    reads,
    files,
  }
}

/** Gives images as they are: a NIfTI file would round the affine. */
export function fakeReader(images: Record<string, Image>): VolumeReader {
  const fetchImage: VolumeReader['fetchImage'] = async ({ providers }) => images[providers.nii as string]!
  return {
    ...createFakeAtlas({}).volumes,
    fetchImage,
    async scan(volumes, visit, { onVolume }) {
      for (const [number, volume] of volumes.entries()) {
        visitImage(await fetchImage(volume), visit(number))
        onVolume?.(number)
      }
    },
  }
}

export const fakeSpace: Space = { ...concept('space'), kind: 'space', species: 'Homo sapiens', volumes: [] }

export const fakeVolume = (url: string | Record<string, string>): Volume => ({
  name: null,
  variant: null,
  spaceId: fakeSpace.id,
  providers: { nii: url },
  datasets: [],
  z: null,
})

/** A parcellation of the given tree: names of regions, nested. */
export interface Tree {
  [name: string]: Tree
}

export function fakeParcellation(tree: Tree): Region {
  const root = {
    ...concept('parcellation'),
    kind: 'parcellation',
    species: 'Homo sapiens',
    depth: 0,
  } as unknown as Region
  const grow = (parent: Region, children: Tree) => {
    parent.children = Object.entries(children).map(([name, below]) => {
      const region = { ...concept(name), kind: 'region', species: 'Homo sapiens', rgb: null } as unknown as Region
      Object.assign(region, { parent, parcellation: root, depth: parent.depth + 1 })
      grow(region, below)
      return region
    })
  }
  Object.assign(root, { parent: null, parcellation: root, version: null })
  grow(root, tree)
  const list = (region: Region): Region[] => [region, ...region.children.flatMap(list)]
  Object.assign(root, { regions: list(root) })
  return root
}

export interface FakeMap {
  parcellation?: Region
  mapType?: MapType
  isSparse?: boolean
  volumes: Volume[]
  indices: Record<string, MapIndex[]>
}

export function fakeMap({
  parcellation,
  mapType = 'LABELLED',
  isSparse = false,
  volumes,
  indices,
}: FakeMap): ParcellationMap {
  return {
    ...concept('map'),
    kind: 'map',
    species: 'Homo sapiens',
    space: fakeSpace,
    parcellation: (parcellation ?? fakeParcellation({})) as never,
    mapType,
    isSparse,
    indices: new Map(Object.entries(indices)),
    volumes,
  }
}
