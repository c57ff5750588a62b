import {
  ATLAS_ID,
  BURROW_ID,
  demoUuid,
  HARBOUR_V1_ID,
  HARBOUR_V2_ID,
  HUMAN,
  HUMAN_SPECIES_ID,
  MICROSCOPIC_SPACE_ID,
  RAT,
  RAT_SPECIES_ID,
  RODENT_ATLAS_ID,
  RODENT_SPACE_ID,
  SHELLS_ID,
  SURFACE_SPACE_ID,
  TEMPLATE_SPACE_ID,
} from './ids.ts'
import { type DemoPart, demoUrl } from './part.ts'

/**
 * Two atlases and their spaces. The names of three spaces hold the words by which live queries look for the space in which
 * their data lie (`mni152`, `bigbrain`, `waxholm`), so that these queries work on the demo as well.
 */
export const atlases: DemoPart = {
  files: {
    'atlases/harbour.json': {
      '@id': ATLAS_ID,
      '@type': 'juelich/iav/atlas/v1.0.0',
      name: 'Demo Harbour Atlas',
      order: 1,
      species: HUMAN,
      spaces: [TEMPLATE_SPACE_ID, MICROSCOPIC_SPACE_ID, SURFACE_SPACE_ID],
      parcellations: [HARBOUR_V2_ID, HARBOUR_V1_ID, SHELLS_ID],
    },
    'atlases/burrow.json': {
      '@id': RODENT_ATLAS_ID,
      '@type': 'juelich/iav/atlas/v1.0.0',
      name: 'Demo Burrow Atlas',
      order: 2,
      species: RAT,
      spaces: [RODENT_SPACE_ID],
      parcellations: [BURROW_ID],
    },
    'spaces/harbour-mean.json': {
      '@id': TEMPLATE_SPACE_ID,
      '@type': 'siibra/space/v0.0.1',
      name: 'Demo mean template (in the place of MNI 152)',
      shortName: 'Demo mean',
      modality: 'mri',
      species: HUMAN,
      description:
        'An ellipsoid of 120 x 144 x 108 mm on a grid of 24 x 28 x 24 voxels of 6 mm. Invented for trying the service without ' +
        'network; no brain was measured.',
      ebrains: { 'openminds/Species': HUMAN_SPECIES_ID, 'openminds/DatasetVersion': demoUuid(0x10) },
      publications: [
        {
          name: 'Demo templates',
          url: demoUrl('about.html'),
          authors: ['The siibra-api demo'],
          description: 'How the templates of the demo atlas are computed: formulas, no measurements.',
          citation: 'The siibra-api demo atlas. Invented data.',
          license: 'CC0-1.0',
        },
      ],
      volumes: [
        {
          '@type': 'siibra/volume/v0.0.1',
          variant: 'mean',
          providers: {
            nii: demoUrl('templates/mean.nii.gz'),
            'neuroglancer/precomputed': demoUrl('templates/mean'),
            'neuroglancer/precompmesh/surface': `${demoUrl('templates/hull')} 1`,
          },
        },
        {
          '@type': 'siibra/volume/v0.0.1',
          variant: 'inverted',
          providers: { nii: demoUrl('templates/inverted.nii.gz') },
        },
      ],
    },
    'spaces/harbour-microscopic.json': {
      '@id': MICROSCOPIC_SPACE_ID,
      '@type': 'siibra/space/v0.0.1',
      name: 'Demo microscopic template (in the place of BigBrain)',
      shortName: 'Demo microscopic',
      modality: 'histology',
      species: HUMAN,
      ebrains: { 'openminds/Species': HUMAN_SPECIES_ID },
      volumes: [
        {
          '@type': 'siibra/volume/v0.0.1',
          providers: {
            'neuroglancer/precomputed': demoUrl('templates/microscopic'),
            'neuroglancer/precompmesh/surface': `${demoUrl('templates/hull')} 1`,
          },
        },
      ],
    },
    'spaces/harbour-surface.json': {
      '@id': SURFACE_SPACE_ID,
      '@type': 'siibra/space/v0.0.1',
      name: 'Demo surface',
      shortName: 'Demo surface',
      modality: 'surface',
      species: HUMAN,
      ebrains: { 'openminds/Species': HUMAN_SPECIES_ID },
      volumes: ['white matter', 'pial', 'inflated'].map((variant) => ({
        '@type': 'siibra/volume/v0.0.1',
        variant,
        providers: {
          'gii-mesh': {
            'left hemisphere': demoUrl(`surfaces/lh.${variant.replace(' ', '-')}.gii`),
            'right hemisphere': demoUrl(`surfaces/rh.${variant.replace(' ', '-')}.gii`),
          },
        },
      })),
    },
    'spaces/burrow.json': {
      '@id': RODENT_SPACE_ID,
      '@type': 'siibra/space/v0.0.1',
      name: 'Demo burrow template (in the place of Waxholm)',
      shortName: 'Demo burrow',
      modality: 'mri',
      species: RAT,
      ebrains: { 'openminds/Species': RAT_SPECIES_ID },
      volumes: [{ '@type': 'siibra/volume/v0.0.1', providers: { nii: demoUrl('templates/burrow.nii.gz') } }],
    },
  },
  objects: {},
}
