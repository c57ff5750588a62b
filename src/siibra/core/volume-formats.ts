/**
 * The formats in which volumes are provided, each once, in the order in which they are preferred; siibra's names, `mgh`, `ome-zarr` and `zarr` (two names of one format) beside them. What a
 * format needs elsewhere is a table by its name, so that the compiler tells where a new one is missing: what reads voxels
 * (volumes/providers.ts), triangles and labels of vertices (volumes/read-mesh.ts).
 */
export const VOLUME_FORMATS = [
  { name: 'nii', holds: 'voxels', tellsFragments: true },
  { name: 'zip/nii', holds: 'voxels', tellsFragments: true },
  { name: 'mgh', holds: 'voxels', tellsFragments: true },
  { name: 'neuroglancer/precomputed', holds: 'voxels', tellsFragments: false, isPyramid: true },
  { name: 'ome-zarr', holds: 'voxels', tellsFragments: true, isPyramid: true },
  { name: 'zarr', holds: 'voxels', tellsFragments: true, isPyramid: true },
  { name: 'neuroglancer/precompmesh', holds: 'triangles', tellsFragments: false },
  { name: 'neuroglancer/precompmesh/surface', holds: 'triangles', tellsFragments: false },
  { name: 'gii-mesh', holds: 'triangles', tellsFragments: true },
  { name: 'gii-label', holds: 'labels', tellsFragments: false },
  { name: 'freesurfer-annot', holds: 'labels', tellsFragments: true },
  { name: 'zip/freesurfer-annot', holds: 'labels', tellsFragments: true },
] as const satisfies readonly VolumeFormatRecord[]

interface VolumeFormatRecord {
  name: string
  /** Voxels, triangles of a surface, or labels of the vertices of one. */
  holds: 'voxels' | 'triangles' | 'labels'
  /** Whether providers that are cut into fragments name them in listings (the others may have them, but do not tell: siibra's `fragments`). */
  tellsFragments: boolean
  /** Voxels at several resolutions, of which a part can be read. */
  isPyramid?: true
}

type Formats = (typeof VOLUME_FORMATS)[number]
type Holding<T extends VolumeFormatRecord['holds']> = Extract<Formats, { holds: T }>['name']

export type VolumeFormat = Formats['name']
export type ImageFormat = Holding<'voxels'>
export type PyramidFormat = Extract<Formats, { isPyramid: true }>['name']
export type VertexLabelFormat = Holding<'labels'>

const holding = <T extends VolumeFormatRecord['holds']>(what: T) =>
  VOLUME_FORMATS.filter(({ holds }) => holds === what).map(({ name }) => name as Holding<T>)

export const IMAGE_FORMATS = holding('voxels')
export const PYRAMID_FORMATS = VOLUME_FORMATS.flatMap((format) => ('isPyramid' in format ? [format.name] : []))
export const isPyramidFormat = (format: VolumeFormat): format is PyramidFormat =>
  PYRAMID_FORMATS.some((known) => known === format)
export const MESH_FORMATS = holding('triangles')
export const VERTEX_LABEL_FORMATS = holding('labels')
