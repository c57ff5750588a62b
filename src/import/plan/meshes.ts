/** Meshes of single regions, as a precomputed folder that the service reads (single resolution, nm). */

import type { Affine } from '../../siibra/index.ts'
import { determinantOf } from '../../siibra/index.ts'
import { badSource } from '../errors.ts'
import type { PlannedFile } from '../types.ts'

/** Triangles, vertices as three numbers each. */
export interface TriangleMesh {
  vertices: Float32Array
  faces: Uint32Array
}

/** Wavefront's OBJ: `v x y z` and `f 1 2 3` (also `f 1/1/1 ...`, polygons as fans). */
export function parseObj(text: string, file: string): TriangleMesh {
  const vertices: number[] = []
  const faces: number[] = []
  text.split('\n').forEach((line, i) => {
    const [word, ...rest] = line.trim().split(/\s+/)
    if (word === 'v') vertices.push(Number(rest[0]), Number(rest[1]), Number(rest[2]))
    if (word !== 'f') return
    const corners = rest.map((corner) => {
      const index = Number(corner.split('/')[0])
      return index < 0 ? vertices.length / 3 + index : index - 1
    })
    if (corners.some((corner) => !(corner >= 0 && corner < vertices.length / 3)))
      throw badSource(file, 'a face names a vertex that is not there', undefined, i + 1)
    for (let corner = 2; corner < corners.length; corner++)
      faces.push(corners[0]!, corners[corner - 1]!, corners[corner]!)
  })
  if (vertices.length === 0 || !vertices.every(Number.isFinite)) throw badSource(file, 'it holds no mesh')
  return { vertices: Float32Array.from(vertices), faces: Uint32Array.from(faces) }
}

/** The files of a folder of meshes; `fileToMm` places the vertices. */
export function precomputedMeshFiles(
  folder: string,
  meshes: readonly { label: number; read: () => Promise<TriangleMesh> }[],
  fileToMm: Affine,
): PlannedFile[] {
  const text = (value: object) => new TextEncoder().encode(JSON.stringify(value))
  return [
    {
      path: `${folder}/info`,
      bytes: () =>
        text({
          '@type': 'neuroglancer_multiscale_volume',
          type: 'segmentation',
          mesh: 'mesh',
          scales: [],
          data_type: 'uint32',
          num_channels: 1,
        }),
    },
    // the files hold nm of the space itself
    {
      path: `${folder}/transform.json`,
      bytes: () =>
        text([
          [1, 0, 0, 0],
          [0, 1, 0, 0],
          [0, 0, 1, 0],
          [0, 0, 0, 1],
        ]),
    },
    { path: `${folder}/mesh/info`, bytes: () => text({ '@type': 'neuroglancer_legacy_mesh' }) },
    ...meshes.flatMap(({ label, read }): PlannedFile[] => [
      { path: `${folder}/mesh/${label}:0`, bytes: () => text({ fragments: [`${label}.mesh`] }) },
      { path: `${folder}/mesh/${label}.mesh`, bytes: async () => encodeFragment(await read(), fileToMm) },
    ]),
  ]
}

function encodeFragment({ vertices, faces }: TriangleMesh, fileToMm: Affine): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * vertices.length + 4 * faces.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, vertices.length / 3, true)
  const m = fileToMm
  for (let at = 0; at < vertices.length; at += 3) {
    const [x, y, z] = [vertices[at]!, vertices[at + 1]!, vertices[at + 2]!]
    for (let row = 0; row < 3; row++) {
      const mm = m[4 * row]! * x + m[4 * row + 1]! * y + m[4 * row + 2]! * z + m[4 * row + 3]!
      view.setFloat32(4 + 4 * (at + row), mm * 1e6, true)
    }
  }
  // where the axes are mirrored, triangles turn, so that outside stays outside
  const isMirrored = determinantOf(fileToMm) < 0
  for (let at = 0; at < faces.length; at += 3) {
    const corners = isMirrored
      ? [faces[at]!, faces[at + 2]!, faces[at + 1]!]
      : [faces[at]!, faces[at + 1]!, faces[at + 2]!]
    corners.forEach((corner, i) => {
      view.setUint32(4 + 4 * (vertices.length + at + i), corner, true)
    })
  }
  return bytes
}
