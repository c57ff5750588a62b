import type { ProviderUrl, Volume, VolumeFormat } from '../core/types.ts'
import { parseSurfaceUrl } from '../core/volume.ts'
import { MESH_FORMATS, VERTEX_LABEL_FORMATS, type VertexLabelFormat } from '../core/volume-formats.ts'
import { SiibraError } from '../errors.ts'
import type { Retrieval } from '../retrieval/retrieval.ts'
import { required } from '../retrieval/upstream-errors.ts'
import { type Reads, verified } from '../retrieval/verified.ts'
import type { Mesh, SurfaceLabels } from './image.ts'
import type { DecodeOptions } from './inflate.ts'
import { loadPrecomputedMesh, openPrecomputedMeshes } from './precomputed/mesh.ts'
import { decodeAnnot } from './surfaces/freesurfer.ts'
import { decodeGiftiLabels, decodeGiftiMesh } from './surfaces/gifti.ts'
import { mergeMeshes } from './surfaces/mesh.ts'

export interface SurfaceOptions {
  /** Fragments whose name contains this (`left`); all of them, one after the other, where it is left out. */
  fragment?: string | undefined
  /** Which segment of a volume of meshes; surfaces have theirs in the configuration. */
  label?: number | undefined
  signal?: AbortSignal | undefined
}

const LABEL_DECODERS: Record<VertexLabelFormat, (bytes: Uint8Array, options: DecodeOptions) => SurfaceLabels> = {
  'gii-label': decodeGiftiLabels,
  'freesurfer-annot': decodeAnnot,
  'zip/freesurfer-annot': decodeAnnot,
}

/** The triangles of a volume, from the provider that siibra prefers, in mm. NOT_AVAILABLE where it has none. */
export function fetchMesh(retrieval: Retrieval, volume: Volume, options: SurfaceOptions = {}): Promise<Mesh> {
  return verified(retrieval, (reads) => readMesh(reads, volume, options))
}

async function readMesh(reads: Reads, volume: Volume, options: SurfaceOptions): Promise<Mesh> {
  const format = preferredOf(MESH_FORMATS, volume, 'mesh')
  const source = volume.providers[format]!
  const { fragment, label, signal } = options
  const ofSegment = async (url: string, segment: number, part?: string) => {
    const meshes = await openPrecomputedMeshes(reads.store, url, { signal })
    return loadPrecomputedMesh(meshes, segment, { signal, ...(part === undefined ? {} : { fragment: part }) })
  }
  if (format === 'neuroglancer/precompmesh/surface') {
    const surface = parseSurfaceUrl(selectUrls(source, undefined)[0]!)
    return ofSegment(surface.url, surface.label, fragment)
  }
  if (format === 'neuroglancer/precompmesh') {
    if (label === undefined) throw new SiibraError('INVALID_PARAMETER', 'Which label?', { parameter: 'label' })
    // A single provider may have several fragments below it, several providers have one each.
    const part = typeof source === 'string' ? fragment : undefined
    return mergeMeshes(await Promise.all(selectUrls(source, fragment).map((url) => ofSegment(url, label, part))))
  }
  const files = await readAll(reads, selectUrls(source, fragment), signal)
  return mergeMeshes(files.map(({ bytes, url }) => decodeGiftiMesh(bytes, { source: url })))
}

/** The labels of the vertices of a surface, those of its fragments one after the other; 0 is background. */
export async function fetchSurfaceLabels(
  retrieval: Retrieval,
  volume: Volume,
  { fragment, signal }: SurfaceOptions = {},
): Promise<Int32Array> {
  const format = preferredOf(VERTEX_LABEL_FORMATS, volume, 'labels of vertices')
  const urls = selectUrls(volume.providers[format]!, fragment)
  const decode = LABEL_DECODERS[format]
  const parts = await verified(retrieval, async (reads) =>
    (await readAll(reads, urls, signal)).map(({ bytes, url }) => decode(bytes, { source: url }).labels),
  )
  const labels = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    // FreeSurfer writes -1 for background.
    for (const label of part) labels[at++] = Math.max(label, 0)
  }
  return labels
}

/** A file of labels of vertices; `fragment` is empty where the volume is not cut, `name` is that of the file. */
export interface SurfaceLabelFile {
  fragment: string
  name: string
  format: VertexLabelFormat
  url: string
}

/** The files of labels of vertices of a volume, from the provider that siibra prefers; none where it has no such. */
export function surfaceLabelFiles({ providers }: Volume): SurfaceLabelFile[] {
  const format = VERTEX_LABEL_FORMATS.find((candidate) => providers[candidate])
  const source = (format && providers[format]) ?? {}
  const files = typeof source === 'string' ? [['', source] as const] : Object.entries(source)
  const nameOf = (url: string) =>
    url
      .replace(/[?#].*$/, '')
      .split(/[/ ]/)
      .at(-1) ?? ''
  return format ? files.map(([fragment, url]) => ({ fragment, name: nameOf(url), format, url })) : []
}

/** The file as it is, of which it was seen that it can be read. UPSTREAM_UNAVAILABLE where it is not there, BAD_DATA where it is broken. */
export function fetchSurfaceLabelFile(
  retrieval: Retrieval,
  { format, url }: SurfaceLabelFile,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  return verified(retrieval, async (reads) => {
    const [file] = await readAll(reads, [url], signal)
    if (!file) throw new SiibraError('INTERNAL', `${url} was not read`)
    LABEL_DECODERS[format](file.bytes, { source: url })
    return file.bytes
  })
}

/** A GIFTI file as it is, of which it was seen that it holds a mesh. UPSTREAM_UNAVAILABLE where it is not there, BAD_DATA where it is broken. */
export function fetchMeshFile(retrieval: Retrieval, url: string, signal?: AbortSignal): Promise<Uint8Array> {
  return verified(retrieval, async (reads) => {
    const bytes = required(await reads.bytes(url, { signal }), url)
    decodeGiftiMesh(bytes, { source: url })
    return bytes
  })
}

function preferredOf<Format extends VolumeFormat>(formats: readonly Format[], volume: Volume, what: string): Format {
  const format = formats.find((candidate) => volume.providers[candidate])
  if (format) return format
  const which = volume.name ? `The volume '${volume.name}'` : 'The volume'
  const offered = Object.keys(volume.providers)
  throw new SiibraError('NOT_AVAILABLE', `${which} has no ${what}, only ${offered.join(', ')}`, { formats: offered })
}

function selectUrls(source: ProviderUrl, fragment: string | undefined): string[] {
  if (typeof source === 'string') return [source]
  const fitting = Object.entries(source).filter(([name]) => name.toLowerCase().includes((fragment ?? '').toLowerCase()))
  if (fitting.length > 0) return fitting.map(([, url]) => url)
  const names = Object.keys(source)
  throw new SiibraError('INVALID_PARAMETER', `Fragment '${fragment}' is not one of ${names.join(', ')}`, {
    parameter: 'fragment',
    allowed: names,
  })
}

/** Files, or members of archives (`<url> <member>`). */
function readAll(reads: Reads, urls: readonly string[], signal?: AbortSignal) {
  return Promise.all(
    urls.map(async (url) => {
      const [file, member] = url.split(/ (.*)/s) as [string, string?]
      const read = member === undefined ? reads.bytes(file, { signal }) : reads.zipMember(file, member, { signal })
      return { bytes: required(await read, url), url }
    }),
  )
}
