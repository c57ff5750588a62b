/** Which vertices with a profile lie in a region. */
import type { AtlasCore } from '../../atlas/atlas-core.ts'
import { isMappedIn } from '../../core/supported-spaces.ts'
import { leaves } from '../../core/tree.ts'
import type { Region, Space } from '../../core/types.ts'
import { findImageSpace, loadRegionVoxels, type RegionVoxels } from '../../features/anchors/region-voxels.ts'
import { loadParsed } from '../../features/load/parsed-files.ts'
import type { PointMm } from '../../features/location.ts'
import { canWarp, warpPoints } from '../../locations/warp.ts'
import { firstVoxelFrom } from '../../maps/sparse/sparse-index.ts'
import { applyAffine } from '../../volumes/affine.ts'
import { findReferenceSpace } from '../reference-space.ts'
import { loadProfiles, type Profiles, REPOSITORY } from './profiles.ts'

export const SPECIES = 'Homo sapiens'

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
  /** Those of one voxel in any order. */
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
  const vertex = Int32Array.from(inside).sort((a, b) => voxelOf[a]! - voxelOf[b]!)
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
export async function matchRegion(core: AtlasCore, region: Region, signal?: AbortSignal) {
  const bigBrain = findReferenceSpace(core, 'bigbrain')
  if (region.species !== SPECIES || !bigBrain) return undefined
  const space = findImageSpace(core, region, bigBrain.id)
  if (!space || !canWarp(bigBrain.id, space.id)) return undefined
  const profiles = await loadProfiles(core.retrieval, signal)
  const parts = leaves(region).filter((part) => isMappedIn(core, part, space))
  const matches = await Promise.all(
    parts.map(async (part) => ({ part, vertices: await matchVertices(core, profiles, part, bigBrain, space, signal) })),
  )
  return { bigBrain, profiles, matches: matches.filter(({ vertices }) => vertices.length > 0) }
}
