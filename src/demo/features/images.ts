import { centreOf, type Point } from '../anatomy.ts'
import { omeZarr } from '../encoders/ome-zarr.ts'
import { precomputedVolume } from '../encoders/precomputed.ts'
import { type Grid, MICROSCOPIC_GRID, sampleImage } from '../grid.ts'
import { demoUuid, HUMAN_SPECIES_ID, MICROSCOPIC_SPACE_ID, TEMPLATE_SPACE_ID } from '../ids.ts'
import { type DemoPart, demoUrl, onDemoHost } from '../part.ts'

interface DemoImage {
  /** Name of its file and of its folder on the demo's host. */
  slug: string
  name: string
  modality: string
  spaceId: string
  grid: Grid
  /** Wavelength of the pattern that fills it, in mm: images of different modalities look different. */
  waveMm: number
  /** Default: neuroglancer precomputed. */
  format?: 'ome-zarr'
}

const SECTION_POSITIONS_MM = [-40, 0, 40]

const SECTIONS: DemoImage[] = SECTION_POSITIONS_MM.map((y, index) => ({
  slug: `section-${index + 1}`,
  name: `#${index + 1}: demo section at y = ${y} mm`,
  modality: 'cell body staining',
  spaceId: MICROSCOPIC_SPACE_ID,
  grid: coronalSlice(y),
  waveMm: 11,
}))

/** One volume of interest for every modality that siibra knows, beside each other along the areas. */
const VOLUMES_OF_INTEREST: DemoImage[] = [
  voi('blockface', 'Demo blockface images', 'blockface', 0, 5),
  voi('cellbody', 'Demo cell bodies', 'cell body staining', 1, 3),
  voi('pli-fom', 'Demo fibre orientations', 'PLI HSV fibre orientation map', 2, 4),
  voi('pli-transmittance', 'Demo transmittance', 'transmittance', 2, 6),
  voi('xpct', 'Demo X-ray tomography', 'XPCT', 3, 2.5),
  { ...voi('lsfm', 'Demo light sheet', 'LSFM', 4, 3.5), format: 'ome-zarr' },
  voi('mri', 'Demo T2 weighted MRI', 'T2 weighted MRI', 5, 8, TEMPLATE_SPACE_ID),
  voi('dti', 'Demo fractional anisotropy', 'DTI', 0, 7, TEMPLATE_SPACE_ID),
  voi('morphometry', 'Demo thickness', 'morphometry', 1, 9, TEMPLATE_SPACE_ID),
]

const FOLDERS: Record<string, string> = { 'pli-fom': 'pli', 'pli-transmittance': 'pli' }

/** Sections and volumes of interest, each in a neuroglancer precomputed volume of its own; the light sheet, as such data are, in an OME-Zarr. */
export const images: DemoPart = {
  files: Object.fromEntries([
    ...SECTIONS.map((image) => [
      `features/images/sections/cellbody/${image.slug}.json`,
      imageFile('siibra/feature/section/v0.1', image),
    ]),
    ...VOLUMES_OF_INTEREST.map((image) => [
      `features/images/vois/${FOLDERS[image.slug] ?? image.slug}/${image.slug}.json`,
      imageFile('siibra/feature/voi/v0.1', image),
    ]),
  ]),
  objects: onDemoHost(
    Object.assign(
      {},
      ...[...SECTIONS, ...VOLUMES_OF_INTEREST].map(({ slug, grid, waveMm, format }) => {
        const make = () => sampleImage(grid, 'uint8', (x, y, z) => pattern(x, y, z, waveMm))
        return format === 'ome-zarr'
          ? omeZarr(`images/${slug}.zarr`, grid.shape, grid, { dtype: 'uint8' }, make)
          : precomputedVolume(`images/${slug}`, 'image', grid.shape, grid.voxelMm, grid.originMm, make)
      }),
    ),
  ),
}

function imageFile(type: string, { slug, name, modality, spaceId, grid, format }: DemoImage) {
  return {
    '@id': `${demoUuid(0x50)}--${slug}`,
    '@type': type,
    name,
    modality,
    ebrains: { 'openminds/Species': HUMAN_SPECIES_ID, 'openminds/DatasetVersion': demoUuid(0x50) },
    space: { '@id': spaceId },
    providers:
      format === 'ome-zarr'
        ? { 'ome-zarr': demoUrl(`images/${slug}.zarr`) }
        : { 'neuroglancer/precomputed': demoUrl(`images/${slug}`) },
    boundingbox: {
      '@type': 'siibra/location/boundingbox/v0.1',
      space: { '@id': spaceId },
      coordinates: [
        grid.originMm,
        grid.originMm.map((origin, axis) => origin + (grid.shape[axis]! - 1) * grid.voxelMm),
      ],
    },
  }
}

function voi(
  slug: string,
  name: string,
  modality: string,
  area: number,
  waveMm: number,
  spaceId: string = MICROSCOPIC_SPACE_ID,
): DemoImage {
  return { slug, name, modality, spaceId, grid: boxAround(centreOf(area, 'left')), waveMm }
}

/** 20 x 24 x 20 mm in voxels of 2 mm. */
function boxAround([x, y, z]: Point): Grid {
  return { shape: [10, 12, 10], voxelMm: 2, originMm: [x - 9, y - 11, z - 9] }
}

/** A slice of the microscopic template's grid, two voxels thick. */
function coronalSlice(y: number): Grid {
  const { shape, voxelMm, originMm } = MICROSCOPIC_GRID
  return { shape: [shape[0], 2, shape[2]], voxelMm, originMm: [originMm[0], y, originMm[2]] }
}

function pattern(x: number, y: number, z: number, waveMm: number): number {
  return Math.round(128 + 60 * Math.sin(x / waveMm) * Math.cos(z / waveMm) + 40 * Math.sin(y / waveMm))
}
