import { RegionMeshTask, SurfaceLabelParams, TemplateMeshTask } from '../../../models/exports/meshes.ts'
import {
  fetchLabelledSurfaceFile,
  fetchRegionMesh,
  fetchTemplateMesh,
  finishMesh,
  type Mesh,
  type MeshForm,
  parseHexColour,
  type Region,
  SiibraError,
} from '../../../siibra/index.ts'
import type { DataHandler, HandlerAnswer } from '../../../tasks/task.ts'
import { lookUpRequestedRegion } from '../../look-up-region.ts'
import { matchHeaders } from '../../match-header.ts'
import { provenanceOf } from '../../provenance.ts'
import { requireMap } from '../find-map.ts'

const CONTENT_TYPES: Readonly<Record<MeshForm, string>> = {
  gii: 'application/xml',
  glb: 'model/gltf-binary',
  obj: 'model/obj',
}

/** The mesh of a region, or of all regions of a parcellation together. */
export const regionMesh: DataHandler<RegionMeshTask> = {
  name: 'region_mesh',
  queue: 'volumes',
  params: RegionMeshTask,
  async run({ form, smooth, decimate, region_id, ...query }, context) {
    const core = await context.core()
    const parcellation = core.parcellations.lookUp(query.parcellation_id)
    const space = core.spaces.lookUp(query.space_id)
    const region = region_id ? lookUpRequestedRegion(parcellation.object, region_id) : undefined
    const { fragment, variant, extent } = query
    const wanted: Region = region?.object ?? parcellation.object
    const mesh = await fetchRegionMesh(core, wanted, space.object, {
      fragment,
      variant,
      extent,
      signal: context.signal,
    })
    const origin = { parcellation: parcellation.object, space: space.object }
    const file = await finishMesh(requireTriangles(mesh, wanted.name), {
      form,
      name: wanted.name,
      smoothRounds: smooth,
      share: decimate,
      rgb: colourOf(wanted),
      meta: { region: wanted.name, ...(await provenanceOf(core, origin)) },
    })
    return meshAnswer(file, form, matchHeaders({ parcellation, region, space }))
  },
}

/** The surface of a space. */
export const templateMesh: DataHandler<TemplateMeshTask> = {
  name: 'template_mesh',
  queue: 'volumes',
  params: TemplateMeshTask,
  async run({ form, smooth, decimate, space_id, variant, fragment }, context) {
    const core = await context.core()
    const space = core.spaces.lookUp(space_id)
    const mesh = await fetchTemplateMesh(core, space.object, { variant, fragment, signal: context.signal })
    const name = space.object.name
    const file = await finishMesh(requireTriangles(mesh, name), {
      form,
      name,
      smoothRounds: smooth,
      share: decimate,
      meta: await provenanceOf(core, { space: space.object }),
    })
    return meshAnswer(file, form, matchHeaders({ space }))
  },
}

/** Labels of the vertices of a surface with their regions' names and colours. */
export const labelledSurface: DataHandler<SurfaceLabelParams> = {
  name: 'labelled_surface',
  queue: 'volumes',
  params: SurfaceLabelParams,
  async run({ fragment, ...query }, context) {
    const core = await context.core()
    const { map, parcellation, headers } = requireMap(core, query, 'LABELLED')
    const meta = await provenanceOf(core, { parcellation: parcellation.object, map })
    const bytes = await fetchLabelledSurfaceFile(core, map, { fragment, meta, signal: context.signal })
    return {
      bytes,
      contentType: CONTENT_TYPES.gii,
      headers: { ...headers, 'content-disposition': 'attachment; filename="labelled_surface.label.gii"' },
    }
  },
}

function requireTriangles(mesh: Mesh, name: string): Mesh {
  if (mesh.faces.length > 0) return mesh
  throw new SiibraError('NOT_AVAILABLE', `The mesh of '${name}' has no triangles: it is drawn nowhere`, {
    region: name,
  })
}

/** Of the region, or of the nearest one above it that has one; 0 to 1, and linear, as glTF wants it. */
function colourOf(region: Region): [number, number, number] | undefined {
  for (let node: Region | null = region; node !== null; node = node.parent) {
    const rgb = node.rgb === null ? undefined : parseHexColour(node.rgb)
    if (rgb) return [toLinear(rgb[0]), toLinear(rgb[1]), toLinear(rgb[2])]
  }
  return undefined
}

/** The transfer function of sRGB (IEC 61966-2-1). */
function toLinear(value: number): number {
  const share = value / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}

function meshAnswer(bytes: Uint8Array, form: MeshForm, headers: Record<string, string>): HandlerAnswer {
  const fileName = form === 'gii' ? 'mesh.surf.gii' : `mesh.${form}`
  return {
    bytes,
    contentType: CONTENT_TYPES[form],
    headers: { ...headers, 'content-disposition': `attachment; filename="${fileName}"` },
  }
}
