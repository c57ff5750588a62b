import type { Parcellation, Region, Space } from '../core/types.ts'
import { providesImage } from '../core/volume.ts'
import { SiibraError } from '../errors.ts'
import type { BoundingBox } from '../locations/bounding-box.ts'
import { unionBoxes } from '../locations/bounding-box.ts'
import type { AtlasVolumes } from '../maps/atlas-volumes.ts'
import { voxelAt } from '../maps/grids/grid.ts'
import { boxOfGrid } from '../maps/grids/grid-boxes.ts'
import { centreOfMask } from '../maps/labels/mask-centre.ts'
import { fetchRegionMask, findRegionMask } from '../maps/labels/region-mask.ts'
import { fetchTemplateCutout } from '../maps/templates/template-cutout.ts'
import { createSlices, runInSlices } from '../slices.ts'
import { applyAffine, type Triple } from '../volumes/affine.ts'
import type { Image } from '../volumes/image.ts'
import { colourOfValue, type Rgb } from './colours.ts'
import { composePng } from './compose-png.ts'
import { composeSvg, type Panel } from './compose-svg.ts'
import { drawSlice, type Overlay } from './draw-slice.ts'
import { labelOverlays, maskOutline, type RegionColours } from './label-overlays.ts'
import { acrossOf, type Plane, pixelSizeMm, viewPlane } from './plane.ts'

export interface PictureOptions {
  form: 'png' | 'svg'
  planes: readonly Plane[]
  /** Where a single plane cuts its axis, mm; else through the region, or the middle. */
  atMm?: number | undefined
  /** Pixels of the longest side of the box that is seen. */
  sizePx: number
  parcellation?: Parcellation | undefined
  region?: Region | undefined
  colours?: RegionColours | undefined
  /** The statistical map of the region, which is then drawn instead of labels. */
  statistical?: Image | undefined
  /** Transparent where it is left out. */
  background?: Rgb | undefined
  signal?: AbortSignal | undefined
}

/** Voxels of the template that a picture is made of: of a pyramid, the scale with about so many. */
const TEMPLATE_VOXELS = 4 * 1024 ** 2
const STATISTICAL_OPACITY = 0.85

/**
 * Slices of a space: its template, over it the regions of a parcellation (or values of them, or the statistical map of one), the outline of
 * one region, through which the planes go. NOT_AVAILABLE for spaces without voxels and for what is not drawn there, INVALID_PARAMETER (`at_mm`) beside the box.
 */
export async function drawAtlasPicture(core: AtlasVolumes, space: Space, options: PictureOptions): Promise<Uint8Array> {
  const { planes, parcellation, region, statistical, signal, sizePx, background } = options
  const [template, mask, labels] = await Promise.all([
    fetchPictureTemplate(core, space, signal),
    region &&
      (statistical
        ? findRegionMask(core, region, space, { signal })
        : fetchRegionMask(core, region, space, { signal })),
    parcellation && !statistical ? labelOverlays(core, parcellation, space, { ...options, selected: region }) : [],
  ])
  const overlays = [...(statistical ? [valueOverlay(statistical)] : labels), ...(mask ? [maskOutline(mask)] : [])]
  const box = boxOf(space, template, overlays)
  const centreMm =
    (mask && (await runInSlices(centreOfMask(mask), createSlices(signal)))) ??
    (statistical && peakOf(statistical)) ??
    middleOf(box)
  const atOf = (plane: Plane) => requireInside(plane, options.atMm ?? acrossOf(plane, centreMm), box)
  const mmPerPx = pixelSizeMm(planes, box, sizePx)
  const ink = inkOn(background)
  const slices = createSlices(signal)
  const panels: Panel[] = []
  for (const plane of planes) {
    const view = viewPlane(plane, atOf(plane), box, mmPerPx)
    panels.push({ view, raster: drawSlice(view, { template, overlays, background, ink }) })
    await slices.pause()
  }
  const look = { background, ink, title: titleOf(space, options) }
  return options.form === 'png' ? composePng(panels, look) : Buffer.from(composeSvg(panels, look))
}

/** Kept: of a pyramid it takes many chunks. A space that has no template with voxels may still have maps. */
async function fetchPictureTemplate(
  core: AtlasVolumes,
  space: Space,
  signal?: AbortSignal,
): Promise<Image | undefined> {
  if (!space.volumes.some(providesImage)) return undefined
  const make = (shared: AbortSignal) => fetchTemplateCutout(core, space, { maxVoxels: TEMPLATE_VOXELS, signal: shared })
  return core.volumes.keep(
    JSON.stringify(['template of pictures', space.id]),
    ({ data }) => data.byteLength,
    make,
    signal,
  )
}

function valueOverlay(image: Image): Overlay {
  let high = 0
  for (const value of image.data) if (value < Number.POSITIVE_INFINITY) high = Math.max(high, value)
  return {
    grid: { shape: image.shape.slice(0, 3), voxelToWorldMm: image.voxelToWorldMm },
    lookUp: (at) => Math.max(0, image.data[at]! || 0),
    colourOf: (value) => ({ rgb: colourOfValue(value, 0, high), opacity: STATISTICAL_OPACITY }),
  }
}

function boxOf(space: Space, template: Image | undefined, overlays: readonly Overlay[]): BoundingBox {
  const grids = template ? [{ ...template, shape: template.shape.slice(0, 3) }] : overlays.map(({ grid }) => grid)
  const boxes = grids.map((grid) => boxOfGrid(grid) as BoundingBox)
  if (boxes.length > 0) return boxes.reduce(unionBoxes)
  throw new SiibraError('NOT_AVAILABLE', `The space '${space.name}' has no template with voxels to be shown`, {
    space: space.id,
  })
}

const middleOf = ({ minMm, maxMm }: BoundingBox): Triple => [
  (minMm[0] + maxMm[0]) / 2,
  (minMm[1] + maxMm[1]) / 2,
  (minMm[2] + maxMm[2]) / 2,
]

/** Where an image is largest, mm. */
function peakOf({ data, shape, voxelToWorldMm }: Image): Triple {
  let best = 0
  for (let at = 0; at < data.length; at++) if (data[at]! > data[best]! || Number.isNaN(data[best])) best = at
  return applyAffine(voxelToWorldMm, voxelAt(best, shape))
}

function requireInside(plane: Plane, atMm: number, { minMm, maxMm }: BoundingBox): number {
  const [low, high] = [acrossOf(plane, minMm), acrossOf(plane, maxMm)]
  if (atMm >= low && atMm <= high) return atMm
  const allowed = `${Number(low.toFixed(3))} to ${Number(high.toFixed(3))}`
  throw new SiibraError(
    'INVALID_PARAMETER',
    `at_mm: a ${plane} plane at ${atMm} mm lies beside the space (${allowed} mm)`,
    {
      parameter: 'at_mm',
      allowed,
    },
  )
}

/** Black or white, whichever is seen better. */
export function inkOn(background: Rgb | undefined): Rgb {
  if (!background) return [0, 0, 0]
  const [red, green, blue] = background
  return 0.3 * red + 0.59 * green + 0.11 * blue > 127 ? [0, 0, 0] : [255, 255, 255]
}

function titleOf(space: Space, { region, parcellation }: PictureOptions): string {
  return [region?.name, parcellation?.name, space.name].filter((name) => name !== undefined).join(', ')
}
