/**
 * Meshes of precomputed volumes in the single-resolution ("legacy") format
 * (https://github.com/google/neuroglancer/blob/master/src/datasource/precomputed/meshes.rst): for each label a manifest `<label>:0` that
 * names fragments, each of them a triangle mesh in nm.
 */
import { SiibraError } from '../../errors.ts'
import type { ReadOptions, Store } from '../../retrieval/stores/store.ts'
import { applyAffineToPoints, determinantOf, identityAffine } from '../affine.ts'
import type { Affine, Mesh } from '../image.ts'
import { badData, type DecodeOptions, defaultMaxBytes, gunzipIfNeeded } from '../inflate.ts'
import { mergeMeshes, toFaces } from '../surfaces/mesh.ts'
import { readTyped } from '../typed-bytes.ts'
import { parseJsonObject } from './info.ts'
import { findTransformNm, precomputedBase } from './volume.ts'

/** One fragment, in the file's own nm. Errors: BAD_DATA. */
export function decodePrecomputedMesh(bytes: Uint8Array, options: DecodeOptions = {}): Mesh {
  const { source = 'the mesh', maxBytes = defaultMaxBytes } = options
  const plain = gunzipIfNeeded(bytes, { source, maxBytes })
  if (plain.length < 4) throw badData(source, `${plain.length} bytes are too few for a mesh`)
  const vertexCount = new DataView(plain.buffer, plain.byteOffset).getUint32(0, true)
  const faceBytes = plain.length - 4 - 12 * vertexCount
  if (faceBytes < 0 || faceBytes % 12 !== 0) {
    throw badData(
      source,
      `${vertexCount} vertices take 4 + ${12 * vertexCount} bytes, and the rest of ${plain.length} bytes, ${faceBytes}, ` +
        'is no multiple of 12 bytes a triangle',
    )
  }
  const order = { littleEndian: true, source }
  const vertices = readTyped(plain.subarray(4), 'float32', 3 * vertexCount, order).data as Float32Array
  const indices = readTyped(plain.subarray(4 + 12 * vertexCount), 'uint32', faceBytes / 4, order).data
  return { vertices, faces: toFaces(indices, vertexCount, source) }
}

/** From the volume's nm to mm of the space; where the transform mirrors, triangles are turned so that outside stays outside. */
export function transformMeshToMm(mesh: Mesh, transformNm: Affine): Mesh {
  const nmToMm = transformNm.map((value, index) => (index < 12 ? value / 1e6 : value))
  const vertices = applyAffineToPoints(nmToMm, mesh.vertices)
  if (determinantOf(transformNm) >= 0) return { vertices, faces: mesh.faces }
  const faces = mesh.faces.slice()
  for (let at = 0; at + 2 < faces.length; at += 3) {
    faces[at] = mesh.faces[at + 2]!
    faces[at + 2] = mesh.faces[at]!
  }
  return { vertices, faces }
}

/** Meshes of a volume: where they lie and how they are placed. */
export interface MeshSource {
  store: Store
  /** Of the volume, without a slash at its end. */
  url: string
  /** Folder of the meshes, relative to the volume. */
  mesh: string
  transformNm: Affine
}

/** Reads `info` and `transform.json`. NOT_FOUND without info, NOT_AVAILABLE where it names no meshes. */
export async function openPrecomputedMeshes(store: Store, url: string, options: ReadOptions = {}): Promise<MeshSource> {
  const base = precomputedBase(url)
  const source = `${base}/info`
  const [bytes, transformNm = identityAffine()] = await Promise.all([
    store.get(source, options),
    findTransformNm(store, base, options),
  ])
  if (!bytes) throw new SiibraError('NOT_FOUND', `There is no precomputed volume at ${base}`, { url: source })
  const { mesh } = parseJsonObject(bytes, source)
  if (typeof mesh !== 'string') {
    throw new SiibraError('NOT_AVAILABLE', `${base} has no meshes: its info names no folder for them`, { url: source })
  }
  return { store, url: base, mesh, transformNm }
}

/** The names of the fragments of a label; undefined where the label has no mesh. UNSUPPORTED for multi-resolution meshes. */
export async function loadMeshFragmentNames(
  { store, url, mesh }: MeshSource,
  label: number,
  options: ReadOptions = {},
): Promise<string[] | undefined> {
  const source = `${url}/${mesh}/${label}:0`
  const bytes = await store.get(source, options)
  if (!bytes) {
    await refuseMultiResolution(store, `${url}/${mesh}/info`, options)
    return undefined
  }
  const { fragments } = parseJsonObject(bytes, source)
  if (!Array.isArray(fragments) || !fragments.every((name) => typeof name === 'string')) {
    throw badData(source, `fragments is ${JSON.stringify(fragments)}, no list of names`)
  }
  return fragments
}

async function refuseMultiResolution(store: Store, source: string, options: ReadOptions) {
  const bytes = await store.get(source, options)
  const type = bytes && parseJsonObject(bytes, source)['@type']
  if (type !== undefined && type !== 'neuroglancer_legacy_mesh') {
    const message = `${source}: meshes of type ${JSON.stringify(type)} (multi-resolution) cannot be read, only single-resolution ones`
    throw new SiibraError('UNSUPPORTED', message, { url: source })
  }
}

/** One fragment, in mm. */
export async function loadMeshFragment(source: MeshSource, fragment: string, options: ReadOptions = {}): Promise<Mesh> {
  const { store, mesh, transformNm } = source
  const url = `${source.url}/${mesh}/${fragment}`
  const bytes = await store.get(url, options)
  if (!bytes) throw badData(url, 'a manifest names this fragment of a mesh, but it is missing')
  return transformMeshToMm(decodePrecomputedMesh(bytes, { source: url }), transformNm)
}

/** All fragments of a label, or those whose name contains `fragment`, as one mesh in mm. NOT_AVAILABLE where there are none. */
export async function loadPrecomputedMesh(
  source: MeshSource,
  label: number,
  { fragment, ...options }: ReadOptions & { fragment?: string } = {},
): Promise<Mesh> {
  const names = (await loadMeshFragmentNames(source, label, options)) ?? []
  const wanted =
    fragment === undefined ? names : names.filter((name) => name.toLowerCase().includes(fragment.toLowerCase()))
  if (wanted.length === 0) {
    const what = fragment === undefined ? `label ${label}` : `fragment ${JSON.stringify(fragment)} of label ${label}`
    throw new SiibraError('NOT_AVAILABLE', `${source.url} has no mesh for ${what}`, {
      url: source.url,
      candidates: names,
    })
  }
  return mergeMeshes(await Promise.all(wanted.map((name) => loadMeshFragment(source, name, options))))
}
