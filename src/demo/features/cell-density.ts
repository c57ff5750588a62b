import { centreOf, requireArea } from '../anatomy.ts'
import { demoUuid, HUMAN, HUMAN_SPECIES_ID, MICROSCOPIC_SPACE_ID } from '../ids.ts'
import { type DemoPart, demoUrl, jsonBytes, onDemoHost, textBytes } from '../part.ts'
import { createRandom, decimals } from '../random.ts'

/** Cortical patches that were "scanned": two of one area. */
const AREA = 0
const PATCHES = [
  { section: '0101', patch: '0001' },
  { section: '0202', patch: '0002' },
]

/** Size of a patch and mean depth of each layer boundary, in micrometres (one pixel each). */
const WIDTH = 300
const HEIGHT = 600
const BOUNDARIES = { '0': 30, I_II: 90, II_III: 150, III_IV: 270, IV_V: 340, V_VI: 440, VI_WM: 560 }
const CELLS = 600

const ebrains = { 'openminds/Species': HUMAN_SPECIES_ID, 'openminds/DatasetVersion': demoUuid(0x43) }

/** Cell densities: a profile per patch, and the statistics by layer over all patches. */
export const cellDensity: DemoPart = {
  files: {
    ...Object.fromEntries(
      PATCHES.map(({ section, patch }, position) => [
        `features/tabular/corticalprofiles/celldensity/b1-${section}-${patch}.json`,
        {
          '@id': `${demoUuid(0x43)}--profile-${section}-${patch}`,
          '@type': 'siibra/feature/profile/celldensity/v0.1',
          region: requireArea(AREA).name,
          species: HUMAN,
          unit: 'detected cells / 0.1mm3',
          location: {
            '@type': 'siibra/location/point/v0.1',
            space: { '@id': MICROSCOPIC_SPACE_ID },
            coordinate: siteOf(position),
          },
          ebrains,
          file: patchUrl(section, patch, 'segments.txt'),
          patch,
          section,
        },
      ]),
    ),
    'features/tabular/layerstatistics/celldensity/b1.json': {
      '@id': `${demoUuid(0x43)}--layers-b1`,
      '@type': 'siibra/feature/fingerprint/celldensity/v0.1',
      region: requireArea(AREA).name,
      species: HUMAN,
      unit: 'detected cells / 0.1mm3',
      location: {
        '@type': 'siibra/location/pointcloud/v0.1',
        space: { '@id': MICROSCOPIC_SPACE_ID },
        coordinates: PATCHES.map((_, position) => siteOf(position)),
      },
      ebrains,
      segmentfiles: PATCHES.map(({ section, patch }) => patchUrl(section, patch, 'segments.txt')),
      layerfiles: PATCHES.map(({ section, patch }) => patchUrl(section, patch, 'layerinfo.txt')),
    },
  },
  objects: onDemoHost(
    Object.fromEntries(
      PATCHES.flatMap(({ section, patch }) => [
        [patchPath(section, patch, 'segments.txt'), () => textBytes(cellTable(section))],
        [patchPath(section, patch, 'layerinfo.txt'), () => textBytes(layerTable())],
        ...Object.entries(BOUNDARIES).map(([name, depth]) => [
          patchPath(section, patch, `${name}.json`),
          () => jsonBytes({ segments: boundaryLine(depth) }),
        ]),
      ]),
    ),
  ),
}

function patchPath(section: string, patch: string, file: string): string {
  return `cells/b1/${section}/${patch}/${file}`
}

function patchUrl(section: string, patch: string, file: string): string {
  return demoUrl(patchPath(section, patch, file))
}

function siteOf(position: number): number[] {
  const [x, y, z] = centreOf(AREA, 'left')
  return [x + 2 * position, y - 1.5 * position, z]
}

/** A gently waving line across the patch: [x, y] every 25 micrometres. */
function boundaryLine(depth: number): [number, number][] {
  return Array.from({ length: WIDTH / 25 + 1 }, (_, step) => [25 * step, depth + Math.round(5 * Math.cos(step / 2))])
}

/** Layer 1 to 6, or 7 for white matter; nothing (0) above the surface. */
function layerAt(y: number): number {
  return Object.values(BOUNDARIES).filter((depth) => y >= depth).length
}

/** How many of the cells that are thrown stay, layer by layer (0: none of the cortex). */
const SHARE_OF_CELLS = [0, 0.15, 0.9, 0.5, 0.9, 0.5, 0.55, 0.2]

function cellTable(section: string): string {
  const random = createRandom(`cells ${section}`)
  const rows: string[] = []
  while (rows.length < CELLS) {
    const [x, y] = [WIDTH * random(), HEIGHT * random()]
    const layer = layerAt(y)
    // layers II and IV are dense, layer I is sparse
    if (layer === 0 || random() > (SHARE_OF_CELLS[layer] ?? 0)) continue
    rows.push([decimals(x, 3), decimals(y, 3), decimals(40 + 150 * random(), 2), layer, rows.length + 1].join(' '))
  }
  return `# x y area(micron**2) layer label\n${rows.join('\n')}\n`
}

function layerTable(): string {
  const depths = Object.values(BOUNDARIES)
  const rows = depths.slice(1).map((depth, index) => {
    const thickness = depth - (depths[index] ?? 0)
    return [index + 1, decimals(WIDTH * thickness, 2), decimals(thickness, 2)].join(' ')
  })
  return `# layer Area(micron**2) AvgThickness(micron)\n${rows.join('\n')}\n`
}
