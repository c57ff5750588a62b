import type { Image, Mesh } from '../../siibra/index.ts'
import { type DemoPart, jsonBytes } from '../part.ts'

const NM_PER_MM = 1e6
const CHUNK = 32

/**
 * A volume as neuroglancer "precomputed" objects under `path`: `info`, `transform.json` and raw chunks (x fastest) of one
 * scale. The transform maps voxel index x resolution to nanometres of the space, voxel centre to voxel centre.
 */
export function precomputedVolume(
  path: string,
  type: 'image' | 'segmentation',
  shape: readonly [number, number, number],
  voxelMm: number,
  originMm: readonly [number, number, number],
  makeImage: () => Image,
): DemoPart['objects'] {
  const info = {
    '@type': 'neuroglancer_multiscale_volume',
    type,
    data_type: 'uint8',
    num_channels: 1,
    scales: [
      {
        key: 'full',
        size: shape,
        resolution: [1, 1, 1].map((one) => one * voxelMm * NM_PER_MM),
        voxel_offset: [0, 0, 0],
        chunk_sizes: [[CHUNK, CHUNK, CHUNK]],
        encoding: 'raw',
      },
    ],
    ...(type === 'segmentation' ? { mesh: 'mesh' } : {}),
  }
  const objects = { ...descriptors(path, info, originMm) }
  let image: Image | undefined
  for (const chunk of chunksOf(shape)) {
    const name = chunk.map(([from, to]) => `${from}-${to}`).join('_')
    objects[`${path}/full/${name}`] = () => {
      image ??= makeImage()
      return cut(image, chunk)
    }
  }
  return objects
}

/**
 * Meshes in the legacy format under `path`/mesh: one manifest and one fragment per label. Vertices are nanometres before the
 * transform, that is relative to the origin.
 */
export function precomputedMeshes(
  path: string,
  originMm: readonly [number, number, number],
  meshes: Record<number, () => Mesh>,
): DemoPart['objects'] {
  const objects: DemoPart['objects'] = {}
  for (const [label, make] of Object.entries(meshes)) {
    objects[`${path}/mesh/${label}:0`] = () => jsonBytes({ fragments: [`${label}.frag`] })
    objects[`${path}/mesh/${label}.frag`] = () => encodeFragment(make(), originMm)
  }
  return objects
}

/** `info` and `transform.json` of a source that has meshes only. */
export function meshSource(path: string, originMm: readonly [number, number, number]): DemoPart['objects'] {
  const info = { '@type': 'neuroglancer_multiscale_volume', type: 'segmentation', data_type: 'uint8', num_channels: 1 }
  return descriptors(path, { ...info, scales: [], mesh: 'mesh' }, originMm)
}

function descriptors(path: string, info: unknown, [x, y, z]: readonly [number, number, number]): DemoPart['objects'] {
  const transform = [
    [1, 0, 0, x * NM_PER_MM],
    [0, 1, 0, y * NM_PER_MM],
    [0, 0, 1, z * NM_PER_MM],
    [0, 0, 0, 1],
  ]
  return { [`${path}/info`]: () => jsonBytes(info), [`${path}/transform.json`]: () => jsonBytes(transform) }
}

type Chunk = [number, number][]

function chunksOf(shape: readonly number[]): Chunk[] {
  const ranges = shape.map((size) =>
    Array.from({ length: Math.ceil(size / CHUNK) }, (_, n): [number, number] => [
      n * CHUNK,
      Math.min(size, (n + 1) * CHUNK),
    ]),
  )
  return ranges[0]!.flatMap((x) => ranges[1]!.flatMap((y) => ranges[2]!.map((z) => [x, y, z])))
}

function cut({ data, shape }: Image, chunk: Chunk): Uint8Array {
  const [[x0, x1], [y0, y1], [z0, z1]] = chunk as [[number, number], [number, number], [number, number]]
  const bytes = new Uint8Array((x1 - x0) * (y1 - y0) * (z1 - z0))
  let written = 0
  for (let z = z0; z < z1; z++) {
    for (let y = y0; y < y1; y++) {
      const row = (z * shape[1]! + y) * shape[0]!
      bytes.set(data.subarray(row + x0, row + x1), written)
      written += x1 - x0
    }
  }
  return bytes
}

/** Count of vertices (uint32), their coordinates (float32, nm), triangles (uint32); little-endian. */
function encodeFragment({ vertices, faces }: Mesh, originMm: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * vertices.length + 4 * faces.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, vertices.length / 3, true)
  vertices.forEach((value, index) => {
    view.setFloat32(4 + 4 * index, (value - originMm[index % 3]!) * NM_PER_MM, true)
  })
  faces.forEach((vertex, index) => {
    view.setUint32(4 + 4 * (vertices.length + index), vertex, true)
  })
  return bytes
}
