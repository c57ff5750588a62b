import { AREAS, LEAF_REGIONS, regionName, requireArea, SIDES } from './anatomy.ts'
import {
  BURROW_ID,
  demoUuid,
  HARBOUR_V1_ID,
  HARBOUR_V2_ID,
  HUMAN_SPECIES_ID,
  MICROSCOPIC_SPACE_ID,
  RAT_SPECIES_ID,
  RODENT_SPACE_ID,
  SHELLS_ID,
  SURFACE_SPACE_ID,
  TEMPLATE_SPACE_ID,
} from './ids.ts'
import { BURROW_AREAS, firstVersionAreas, SHELLS } from './parcellations.ts'
import { type DemoPart, demoUrl } from './part.ts'

/** In maps with one volume for both sides, labels of the right side are this much higher. */
export const RIGHT_LABEL_OFFSET = 100

/** Regions with a statistical map: the first three areas, both sides. */
export const STATISTICAL_REGIONS = LEAF_REGIONS.filter(({ index }) => index < 3)

const human = { 'openminds/Species': HUMAN_SPECIES_ID }

/** Every kind of map: one volume or a fragment per hemisphere, voxels or surface, labelled or statistical (sparse). */
export const maps: DemoPart = {
  files: {
    'maps/mean-harbour2-labelled.json': map(TEMPLATE_SPACE_ID, HARBOUR_V2_ID, {
      volumes: [
        volume(
          {
            nii: perHemisphere((side) => demoUrl(`maps/harbour2-${side}.nii.gz`)),
            'neuroglancer/precomputed': perHemisphere((side) => demoUrl(`maps/harbour2-${side}`)),
          },
          { ...human, 'openminds/DatasetVersion': demoUuid(0x12) },
        ),
      ],
      indices: labelPerHemisphere(),
    }),
    'maps/mean-harbour1-labelled.json': map(TEMPLATE_SPACE_ID, HARBOUR_V1_ID, {
      volumes: [volume({ nii: demoUrl('maps/harbour1.nii.gz') })],
      indices: labelsInOneVolume(firstVersionAreas().map(({ name }) => name)),
    }),
    'maps/mean-harbour2-continuous.json': map(TEMPLATE_SPACE_ID, HARBOUR_V2_ID, {
      sparsemap: { is_sparsemap: true, cached: false, url: '' },
      volumes: STATISTICAL_REGIONS.map(({ index, side }) =>
        volume({ nii: demoUrl(`maps/harbour2-area${index + 1}-${side}.nii.gz`) }),
      ),
      indices: Object.fromEntries(STATISTICAL_REGIONS.map(({ name }, position) => [name, [{ volume: position }]])),
    }),
    'maps/surface-harbour2-labelled.json': map(SURFACE_SPACE_ID, HARBOUR_V2_ID, {
      volumes: [
        volume({
          'gii-label': perHemisphere((side) => demoUrl(`surfaces/${side === 'left' ? 'lh' : 'rh'}.harbour2.label.gii`)),
        }),
      ],
      indices: labelPerHemisphere({ withoutCore: true }),
    }),
    'maps/microscopic-harbour2-labelled.json': map(MICROSCOPIC_SPACE_ID, HARBOUR_V2_ID, {
      volumes: [
        volume({
          'neuroglancer/precomputed': demoUrl('maps/microscopic-harbour2'),
          'neuroglancer/precompmesh': demoUrl('maps/microscopic-harbour2'),
        }),
      ],
      indices: labelsInOneVolume(AREAS.map(({ name }) => name)),
    }),
    'maps/mean-shells-labelled.json': map(TEMPLATE_SPACE_ID, SHELLS_ID, {
      volumes: [volume({ nii: demoUrl('maps/shells.nii.gz') })],
      indices: Object.fromEntries(SHELLS.map(({ name, label }) => [name, [{ volume: 0, label }]])),
    }),
    'maps/burrow-labelled.json': map(RODENT_SPACE_ID, BURROW_ID, {
      volumes: [volume({ nii: demoUrl('maps/burrow.nii.gz') }, { 'openminds/Species': RAT_SPECIES_ID })],
      indices: Object.fromEntries(BURROW_AREAS.map(({ name, label }) => [name, [{ volume: 0, label }]])),
    }),
  },
  objects: {},
}

function map(spaceId: string, parcellationId: string, content: Record<string, unknown>) {
  return {
    '@type': 'siibra/map/v0.0.1',
    space: { '@id': spaceId },
    parcellation: { '@id': parcellationId },
    ...content,
  }
}

function volume(providers: Record<string, unknown>, ebrains: Record<string, string> = human) {
  return { '@type': 'siibra/volume/v0.0.1', providers, ebrains }
}

function perHemisphere(urlOf: (side: 'left' | 'right') => string) {
  return Object.fromEntries(SIDES.map((side) => [`${side} hemisphere`, urlOf(side)]))
}

function labelPerHemisphere({ withoutCore = false } = {}) {
  const regions = LEAF_REGIONS.filter(({ index }) => !withoutCore || requireArea(index).lobe !== 'core')
  return Object.fromEntries(
    regions.map(({ name, index, side }) => [name, [{ volume: 0, label: index + 1, fragment: `${side} hemisphere` }]]),
  )
}

function labelsInOneVolume(areaNames: readonly string[]) {
  return Object.fromEntries(
    areaNames.flatMap((name, index) =>
      SIDES.map((side) => [
        regionName(name, side),
        [{ volume: 0, label: index + 1 + (side === 'right' ? RIGHT_LABEL_OFFSET : 0) }],
      ]),
    ),
  )
}
