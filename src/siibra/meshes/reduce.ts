import { MeshoptSimplifier } from 'meshoptimizer'
import type { Mesh } from '../volumes/image.ts'
import { withoutUnused } from './surface-part.ts'

/** How far the surface may move, relative to the size of the mesh: in practice the number of triangles decides. */
const MAX_ERROR = 1

/**
 * A mesh with fewer triangles, by meshoptimizer's edge collapses, which keep a closed mesh closed. Fewer than asked for are left where the
 * shape cannot be kept otherwise; vertices that no triangle needs any more are left out.
 * @param share Of the triangles, how many are to stay: above 0, up to 1 (nothing changes).
 */
export async function reduceMesh(mesh: Mesh, share: number): Promise<Mesh> {
  if (share >= 1 || mesh.faces.length === 0) return mesh
  await MeshoptSimplifier.ready
  const target = Math.max(3 * Math.round((mesh.faces.length / 3) * share), 12)
  const [faces] = MeshoptSimplifier.simplify(mesh.faces, mesh.vertices, 3, target, MAX_ERROR)
  return withoutUnused({ vertices: mesh.vertices, faces })
}
