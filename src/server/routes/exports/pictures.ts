import { PictureParams, SliceParams } from '../../../models/exports/pictures.ts'
import { ALWAYS, type RouteRecord, V3 } from '../route.ts'

const base = {
  method: 'GET',
  versions: V3,
  tag: 'maps',
  criticality: 'normal',
  cache: ALWAYS,
  extension: true,
} as const

const PNG = { file: { mediaType: 'image/png', description: 'The picture.' } } as const
const SVG = { file: { mediaType: 'image/svg+xml', description: 'The picture; voxels are embedded as PNG.' } } as const

const task = (form: 'png' | 'svg') =>
  ({ name: 'draw_picture', queue: 'volumes', fixed: { form }, isHeavy: () => true }) as const

const SLICE_SUMMARY = 'A slice of a space with the regions of a parcellation'
const SLICE_DESCRIPTION =
  'The template in grey, regions in their colours, the region that is asked for outlined and in the middle of the plane; with scale bar, place and letters of directions (left is left).'

/** The atlas in pictures, for documentation, notebooks and link previews. */
export const pictureRoutes: readonly RouteRecord[] = [
  {
    ...base,
    name: 'get_slice_png',
    tool: 'show_slice',
    path: '/map/slice.png',
    summary: `${SLICE_SUMMARY} (PNG)`,
    description: SLICE_DESCRIPTION,
    params: SliceParams,
    response: PNG,
    task: task('png'),
  },
  {
    ...base,
    name: 'get_slice_svg',
    path: '/map/slice.svg',
    summary: `${SLICE_SUMMARY} (SVG)`,
    description: SLICE_DESCRIPTION,
    params: SliceParams,
    response: SVG,
    task: task('svg'),
  },
  {
    ...base,
    name: 'get_picture_png',
    tool: 'show_brain',
    path: '/map/picture.png',
    summary: 'Three planes through a region, or through the middle of a space (PNG)',
    description: 'Sagittal, coronal and axial, side by side at one scale.',
    params: PictureParams,
    response: PNG,
    task: task('png'),
  },
]
