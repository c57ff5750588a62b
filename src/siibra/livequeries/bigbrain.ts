/**
 * Staining intensities of the BigBrain along the depth of the cortex, by the profiles that Konrad Wagstyl extracted at
 * the vertices of a surface of the left hemisphere (https://github.com/kwagstyl/cortical_layers_tutorial).
 */

import type { AtlasCore } from '../atlas/atlas-core.ts'
import { isMappedIn } from '../core/supported-spaces.ts'
import { leaves } from '../core/tree.ts'
import type { DatasetReference, Region, Space } from '../core/types.ts'
import { SiibraError } from '../errors.ts'
import { findImageSpace, loadRegionVoxels, type RegionVoxels } from '../features/anchors/region-voxels.ts'
import { parseNpy } from '../features/data/npy.ts'
import { float32Moments } from '../features/data/pairwise-sum.ts'
import type { Anchor, BigBrainProfileFeature, TableFeature } from '../features/feature.ts'
import { anchoredName, featureId, LIVE_CATEGORY, liveFeatureId } from '../features/feature.ts'
import { LAYER_NAMES } from '../features/load/layers.ts'
import { loadParsed } from '../features/load/parsed-files.ts'
import type { PointMm } from '../features/location.ts'
import { canWarp, warpPoints } from '../locations/warp.ts'
import { firstVoxelFrom } from '../maps/sparse/sparse-index.ts'
import type { Retrieval } from '../retrieval/retrieval.ts'
import { required } from '../retrieval/upstream-errors.ts'
import type { Reads } from '../retrieval/verified.ts'
import { applyAffine, perAxis } from '../volumes/affine.ts'
import { parseGifti } from '../volumes/surfaces/gifti.ts'
import type { LiveQuery } from './live-query.ts'
import { findReferenceSpace } from './reference-space.ts'

const REPOSITORY = 'https://github.com/kwagstyl/cortical_layers_tutorial/raw/main/data'
const SPECIES = 'Homo sapiens'
const MODALITY = 'Modified silver staining'

const PUBLICATION =
  "as described in the publication 'Wagstyl, K., et al (2020). BigBrain 3D atlas of " +
  'cortical layers: Cortical and laminar thickness gradients diverge in sensory and ' +
  'motor cortices. PLoS Biology, 18(4), e3000678. ' +
  'http://dx.doi.org/10.1371/journal.pbio.3000678'
const SOURCE =
  'The data is taken from the tutorial at ' +
  'https://github.com/kwagstyl/cortical_layers_tutorial. Each vertex is assigned to the regional map when queried.'

/** Texts of the original, part of its contract. */
const PROFILE_DESCRIPTION = `Cortical profiles of BigBrain staining intensities computed by Konrad Wagstyl, ${PUBLICATION}'.${SOURCE}`
const LAYER_DESCRIPTION = `Layerwise averages and standard deviations of of BigBrain staining intensities computed by Konrad Wagstyl, ${PUBLICATION}'.${SOURCE}`

const DATASET: DatasetReference = {
  kind: 'GenericDataset',
  name: 'HIBALL workshop on cortical layers',
  contributors: [
    'Konrad Wagstyl',
    'Stéphanie Larocque',
    'Guillem Cucurull',
    'Claude Lepage',
    'Joseph Paul Cohen',
    'Sebastian Bludau',
    'Nicola Palomero-Gallagher',
    'Lindsay B. Lewis',
    'Thomas Funck',
    'Hannah Spitzer',
    'Timo Dickscheid',
    'Paul C. Fletcher',
    'Adriana Romero',
    'Karl Zilles',
    'Katrin Amunts',
    'Yoshua Bengio',
    'Alan C. Evans',
  ],
  url: 'https://github.com/kwagstyl/cortical_layers_tutorial/',
  description: `Cortical profiles of BigBrain staining intensities computed by Konrad Wagstyl, ${PUBLICATION}.${SOURCE}`,
}

/** Vertices of the surface that have a thickness, with their profiles. */
interface Profiles {
  /** BigBrain coordinates. */
  verticesMm: PointMm[]
  /** Intensities per depth, one row of `depthCount` per vertex. */
  intensities: Float32Array
  depthCount: number
  /** Depths of the boundaries 0-1 ... 6-7 and of the end of the white matter, eight per vertex. */
  boundaries: Float64Array
  heldBytes: number
}

const BOUNDARY_COUNT = 8

function loadProfiles(retrieval: Retrieval, signal?: AbortSignal): Promise<Profiles> {
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

/** Vertices in the coordinates of a space, `undefined` where the way there does not reach; moved once per space. */
async function verticesIn(core: AtlasCore, profiles: Profiles, bigBrain: Space, space: Space, signal?: AbortSignal) {
  if (space === bigBrain) return profiles.verticesMm
  const warp = async (shared: AbortSignal) => ({
    points: await warpPoints(profiles.verticesMm, bigBrain.id, space.id, core.retrieval, shared),
    heldBytes: profiles.verticesMm.length * 64,
  })
  const warped = await loadParsed(core.retrieval, REPOSITORY, `vertices in ${space.id}`, warp, signal)
  return warped.points
}

/** The vertices that lie in the voxels of a grid, ordered by voxel. */
interface VerticesByVoxel {
  /** Voxel of each, first axis fastest, ascending. */
  voxel: Int32Array
  vertex: Int32Array
  heldBytes: number
}

/** Voxel coordinates are cut off, and the first voxels of each axis not counted, as in siibra. */
function sortByVoxel(
  vertices: readonly (PointMm | undefined)[],
  { worldToVoxel, shape }: RegionVoxels,
): VerticesByVoxel {
  const [nx, ny, nz] = shape
  const voxelOf = new Int32Array(vertices.length)
  const inside: number[] = []
  vertices.forEach((vertex, number) => {
    if (!vertex) return
    const [x, y, z] = applyAffine(worldToVoxel, vertex)
    const [i, j, k] = [Math.trunc(x), Math.trunc(y), Math.trunc(z)]
    if (!(i > 0 && j > 0 && k > 0 && i < nx && j < ny && k < nz)) return
    voxelOf[number] = i + nx * (j + ny * k)
    inside.push(number)
  })
  const vertex = Int32Array.from(inside).sort((a, b) => voxelOf[a]! - voxelOf[b]! || a - b)
  return { voxel: vertex.map((number) => voxelOf[number]!), vertex, heldBytes: vertex.byteLength * 2 }
}

/** Numbers of the vertices that lie in a region. */
async function matchVertices(
  core: AtlasCore,
  profiles: Profiles,
  region: Region,
  bigBrain: Space,
  space: Space,
  signal?: AbortSignal,
): Promise<number[]> {
  const voxels = await loadRegionVoxels(core, region, space, signal)
  if (!voxels) return []
  const grid = `${space.id} ${voxels.shape} ${voxels.worldToVoxel}`
  const sort = async (shared: AbortSignal) =>
    sortByVoxel(await verticesIn(core, profiles, bigBrain, space, shared), voxels)
  const what = `vertices by voxel of ${grid}`
  const { voxel, vertex } = await loadParsed(core.retrieval, REPOSITORY, what, sort, signal)
  const { startVox, lengthVox } = voxels.runs
  const found: number[] = []
  for (let run = 0; run < startVox.length; run++) {
    const end = startVox[run]! + lengthVox[run]!
    for (let at = firstVoxelFrom({ voxel }, startVox[run]!); at < voxel.length && voxel[at]! < end; at++)
      found.push(vertex[at]!)
  }
  return found.sort((a, b) => a - b)
}

/** The parts of a region that have profiles, with the numbers of their vertices. */
async function matchRegion(core: AtlasCore, region: Region, signal?: AbortSignal) {
  const bigBrain = findReferenceSpace(core, 'bigbrain')
  if (region.species !== SPECIES || !bigBrain) return undefined
  const space = findImageSpace(core, region, bigBrain.id)
  if (!space || !canWarp(bigBrain.id, space.id)) return undefined
  const profiles = await loadProfiles(core.retrieval, signal)
  const parts = leaves(region).filter((part) => part === region || isMappedIn(core, part, space))
  const matches = await Promise.all(
    parts.map(async (part) => ({ part, vertices: await matchVertices(core, profiles, part, bigBrain, space, signal) })),
  )
  return { bigBrain, profiles, matches: matches.filter(({ vertices }) => vertices.length > 0) }
}

/** Layers 0 to VI and the white matter. */
const LABELS = LAYER_NAMES.length

/** One profile per vertex that lies in the region. */
export const queryIntensityProfiles: LiveQuery = async (core, region, { signal }) => {
  const found = await matchRegion(core, region, signal)
  if (!found) return []
  const { bigBrain, profiles, matches } = found
  const { depthCount } = profiles
  const depths = Array.from({ length: depthCount }, (_, i) => i * (1 / depthCount))
  return matches.flatMap(({ part, vertices }) =>
    vertices.map((vertex): BigBrainProfileFeature => {
      const location = { kind: 'point' as const, space: bigBrain, pointMm: profiles.verticesMm[vertex]! }
      const anchor: Anchor = { species: SPECIES, regionSpec: part.name, location }
      const name = anchoredName('BigBrainIntensityProfile', MODALITY, anchor)
      const own = profiles.boundaries.subarray(vertex * BOUNDARY_COUNT, (vertex + 1) * BOUNDARY_COUNT)
      return {
        kind: 'bigbrain-profile',
        type: 'BigBrainIntensityProfile',
        category: LIVE_CATEGORY,
        modality: MODALITY,
        id: liveFeatureId('BigBrainIntensityProfile', region, featureId(name, [DATASET])),
        name,
        description: PROFILE_DESCRIPTION,
        anchor,
        datasets: [DATASET],
        file: null,
        depths,
        values: profiles.intensities.subarray(vertex * depthCount, (vertex + 1) * depthCount),
        boundaries: Array.from(own.subarray(0, BOUNDARY_COUNT - 1)),
        location,
      }
    }),
  )
}

/** Mean and standard deviation of the intensities per layer, over all vertices of each part of the region. */
export const queryLayerwiseIntensities: LiveQuery = async (core, region, { signal }) => {
  const found = await matchRegion(core, region, signal)
  if (!found) return []
  return found.matches.map(({ part, vertices }): TableFeature => {
    const anchor: Anchor = { species: SPECIES, regionSpec: part.name, location: null }
    const name = anchoredName('LayerwiseBigBrainIntensities', MODALITY, anchor)
    const layers = summariseLayers(found.profiles, vertices)
    const finite = (value: number) => (Number.isFinite(value) ? value : null)
    return {
      kind: 'table',
      type: 'LayerwiseBigBrainIntensities',
      category: LIVE_CATEGORY,
      modality: MODALITY,
      id: liveFeatureId('LayerwiseBigBrainIntensities', region, featureId(name, [DATASET])),
      name,
      description: LAYER_DESCRIPTION,
      anchor,
      datasets: [DATASET],
      file: null,
      table: {
        indexName: 'layer',
        indexType: 'object',
        index: LAYER_NAMES.slice(1, -1),
        columns: [
          { name: 'mean', type: 'float32', values: layers.map(({ mean }) => finite(mean)) },
          { name: 'std', type: 'float32', values: layers.map(({ deviation }) => finite(deviation)) },
        ],
      },
    }
  })
}

/** Intensities of layers I to VI: a sample belongs to the layer between whose boundaries it lies. */
function summariseLayers(profiles: Profiles, vertices: readonly number[]) {
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
