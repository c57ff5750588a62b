import { RegionMeshParams, SurfaceLabelParams, TemplateMeshParams } from '../../../models/exports/meshes.ts'
import { ALWAYS, type FileAnswer, type RouteRecord, V3 } from '../route.ts'

const base = { method: 'GET', versions: V3, criticality: 'normal', cache: ALWAYS, extension: true } as const

const FORMS = {
  gii: { mediaType: 'application/xml', description: 'GIFTI: vertices in mm, RAS, and triangles.' },
  glb: { mediaType: 'model/gltf-binary', description: 'glTF 2.0: coordinates in mm, RAS (`extras` say so).' },
  obj: { mediaType: 'model/obj', description: 'Wavefront OBJ: coordinates in mm, RAS.' },
} as const satisfies Record<string, FileAnswer>
type Form = keyof typeof FORMS

const isHeavy = () => true

const ofRegion = (form: Form): RouteRecord => ({
  ...base,
  tag: 'maps',
  name: `get_region_mesh_${form}`,
  ...(form === 'glb' && { tool: 'mesh_file' }),
  path: `/map/mesh.${form}`,
  summary: `The mesh of a region, or of a whole parcellation (${form.toUpperCase()})`,
  description:
    'Meshes that the map provides; on a space of surfaces the triangles of the region; else the closed surface of its voxels. Triangles are counter-clockwise as seen from outside.',
  params: RegionMeshParams,
  response: { file: FORMS[form] },
  task: { name: 'region_mesh', queue: 'volumes', fixed: { form }, isHeavy },
  python: [
    'parcellation_map = siibra.get_map(parcellation_id, space_id, "labelled")',
    'mesh = parcellation_map.fetch(region=region_id, format="mesh")',
    'print(mesh["verts"].shape, mesh["faces"].shape)',
  ].join('\n'),
})

const ofTemplate = (form: Form): RouteRecord => ({
  ...base,
  tag: 'space',
  name: `get_template_mesh_${form}`,
  path: `/spaces/{space_id}/mesh.${form}`,
  summary: `The surface of a space (${form.toUpperCase()})`,
  description:
    'The mesh that the space provides, else the closed surface of its template (above the threshold after Otsu).',
  params: TemplateMeshParams,
  response: { file: FORMS[form] },
  task: { name: 'template_mesh', queue: 'volumes', fixed: { form }, isHeavy },
  python: [
    'template = siibra.spaces[space_id].get_template(variant=variant)',
    'mesh = template.fetch(format="mesh")',
    'print(mesh["verts"].shape, mesh["faces"].shape)',
  ].join('\n'),
})

/** Meshes of regions and spaces, and labels of surfaces. */
export const meshRoutes: readonly RouteRecord[] = [
  ...(['gii', 'glb', 'obj'] as const).flatMap((form) => [ofRegion(form), ofTemplate(form)]),
  {
    ...base,
    tag: 'maps',
    name: 'get_labelled_surface',
    path: '/map/labelled_surface.label.gii',
    summary: 'A parcellation on a surface: the label of each vertex, with names and colours',
    description:
      'Vertices are in the order of those of `/spaces/{space_id}/mesh.gii` with the same `fragment`. Where a label means different regions in the two hemispheres and both are asked for, those of the second are counted on behind the largest of the first.',
    params: SurfaceLabelParams,
    response: { file: { mediaType: 'application/xml', description: 'GIFTI labels.' } },
    task: { name: 'labelled_surface', queue: 'volumes' },
    python: [
      'parcellation_map = siibra.get_map(parcellation_id, space_id, "labelled")',
      'print(parcellation_map.fetch(format="mesh")["labels"])',
    ].join('\n'),
  },
]
