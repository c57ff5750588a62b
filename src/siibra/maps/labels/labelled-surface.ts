import type { ParcellationMap, Volume } from '../../core/types.ts'
import { SiibraError } from '../../errors.ts'
import type { Retrieval } from '../../retrieval/retrieval.ts'
import type { Mesh } from '../../volumes/image.ts'
import { badData } from '../../volumes/inflate.ts'
import { fetchMesh, fetchSurfaceLabels } from '../../volumes/read-mesh.ts'

/** A surface of a space, with the label of each vertex in a map (0: none). */
export interface LabelledSurface extends Mesh {
  labels: Int32Array
}

export interface LabelledSurfaceOptions {
  /** Part of the name of a hemisphere; both, one after the other, where it is left out. */
  fragment?: string | undefined
  /** Part of the name of a variant of the surface (`pial`, `inflated`); the first where it is left out. */
  variant?: string | undefined
  signal?: AbortSignal | undefined
}

/** A parcellation drawn on a surface. NOT_AVAILABLE for maps of voxels, BAD_DATA where labels and vertices do not fit. */
export async function fetchLabelledSurface(
  core: { retrieval: Retrieval },
  map: ParcellationMap,
  { variant, ...options }: LabelledSurfaceOptions = {},
): Promise<LabelledSurface> {
  const [volume] = map.volumes
  if (!volume) throw new SiibraError('NOT_AVAILABLE', `The map '${map.name}' has no volumes`, { map: map.id })
  const [mesh, labels] = await Promise.all([
    fetchMesh(core.retrieval, templateVariant(map, variant), options),
    fetchSurfaceLabels(core.retrieval, volume, options),
  ])
  if (labels.length * 3 === mesh.vertices.length) return { ...mesh, labels }
  const vertices = mesh.vertices.length / 3
  throw badData(`The map '${map.name}'`, `${labels.length} labels, but the surface has ${vertices} vertices`)
}

function templateVariant({ space }: ParcellationMap, variant = ''): Volume {
  const template = space.volumes.find((volume) => (volume.variant ?? '').toLowerCase().includes(variant.toLowerCase()))
  if (template) return template
  const variants = space.volumes.map((volume) => volume.variant)
  throw new SiibraError('NOT_AVAILABLE', `The space '${space.name}' has no surface '${variant}'`, {
    candidates: variants,
  })
}
