/** The profiles of a surface of the BigBrain: their files, and where layers end in them. */
import { SiibraError } from '../../errors.ts'
import { parseNpy } from '../../features/data/npy.ts'
import { float32Moments } from '../../features/data/pairwise-sum.ts'
import { LAYER_NAMES } from '../../features/load/layers.ts'
import { loadParsed } from '../../features/load/parsed-files.ts'
import type { PointMm } from '../../features/location.ts'
import type { Retrieval } from '../../retrieval/retrieval.ts'
import { required } from '../../retrieval/upstream-errors.ts'
import type { Reads } from '../../retrieval/verified.ts'
import { perAxis } from '../../volumes/affine.ts'
import { parseGifti } from '../../volumes/surfaces/gifti.ts'

export const REPOSITORY = 'https://github.com/kwagstyl/cortical_layers_tutorial/raw/main/data'

/** Vertices of the surface that have a thickness, with their profiles. */
export interface Profiles {
  /** BigBrain coordinates. */
  verticesMm: PointMm[]
  /** Intensities per depth, one row of `depthCount` per vertex. */
  intensities: Float32Array
  depthCount: number
  /** Depths of the boundaries 0-1 ... 6-7 and of the end of the white matter, eight per vertex. */
  boundaries: Float64Array
  heldBytes: number
}

/** Of each vertex. */
export const BOUNDARY_COUNT = 8

/** The files of the profiles, read once. */
export function loadProfiles(retrieval: Retrieval, signal?: AbortSignal): Promise<Profiles> {
  const load = async (shared: AbortSignal, reads: Reads): Promise<Profiles> => {
    const read = async (name: string) => {
      const url = `${REPOSITORY}/${name}`
      return required(await reads.bytes(url, { signal: shared }), url)
    }
    const [thicknessFile, profileFile, meshFile] = await Promise.all([
      read('thicknesses_left.npy'),
      read('profiles_left.npy'),
      read('gray_left_327680.surf.gii'),
    ])
    const thickness = parseNpy(thicknessFile)
    const profiles = parseNpy(profileFile)
    const vertices = parseGifti(meshFile).arrays.find(({ intent }) => intent === 'NIFTI_INTENT_POINTSET')
    const [layerCount = 0, vertexCount = 0] = thickness.shape
    const [profileCount, depthCount = 0] = profiles.shape
    if (layerCount !== 7 || profileCount !== vertexCount || vertices?.shape[0] !== vertexCount) {
      throw new SiibraError(
        'BAD_DATA',
        `${REPOSITORY}: ${vertexCount} vertices have a thickness, ${profileCount} a profile, ${vertices?.shape[0]} a position`,
        { url: REPOSITORY },
      )
    }
    const { valid, boundaries } = computeBoundaries(thickness.data, layerCount, vertexCount)
    const intensities = new Float32Array(valid.length * depthCount)
    valid.forEach((vertex, i) => {
      for (let d = 0; d < depthCount; d++) intensities[i * depthCount + d] = profiles.data[vertex * depthCount + d]!
    })
    const verticesMm = valid.map((vertex): PointMm => perAxis((axis) => vertices.data[vertex * 3 + axis]!))
    const heldBytes = intensities.byteLength + boundaries.byteLength + verticesMm.length * 64
    return { verticesMm, intensities, depthCount, boundaries, heldBytes }
  }
  return loadParsed(retrieval, REPOSITORY, 'profiles', load, signal)
}

/** Summed up layer by layer in float32, relative to the thickness of the cortex; vertices without any are left out. */
function computeBoundaries(thickness: ArrayLike<number>, layerCount: number, vertexCount: number) {
  const valid: number[] = []
  const depths: number[] = []
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    let total = 0
    for (let layer = 0; layer < layerCount - 1; layer++) {
      total = Math.fround(total + thickness[layer * vertexCount + vertex]!)
    }
    if (!(total > 0)) continue
    valid.push(vertex)
    depths.push(0)
    let depth = 0
    for (let layer = 0; layer < layerCount - 1; layer++) {
      depth = Math.fround(depth + Math.fround(thickness[layer * vertexCount + vertex]! / total))
      depths.push(depth)
    }
    depths.push(1)
  }
  return { valid, boundaries: Float64Array.from(depths) }
}

/** Layers 0 to VI and the white matter. */
const LABELS = LAYER_NAMES.length

/** Intensities of layers I to VI: a sample belongs to the layer between whose boundaries it lies. */
export function summariseLayers(profiles: Profiles, vertices: readonly number[]) {
  const { depthCount, intensities, boundaries } = profiles
  const samples: number[][] = Array.from({ length: LABELS }, () => [])
  for (const vertex of vertices) {
    const ends = boundaries
      .subarray(vertex * BOUNDARY_COUNT, (vertex + 1) * BOUNDARY_COUNT)
      .map((depth) => Math.trunc(depth * depthCount))
    for (let d = 0; d < depthCount; d++) {
      let layer = LABELS - 1
      for (const end of ends) if (d < end) layer--
      samples[layer]?.push(intensities[vertex * depthCount + d]!)
    }
  }
  return samples.slice(1, -1).map((values) => float32Moments(Float32Array.from(values)))
}
