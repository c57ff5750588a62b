import { AREAS, regionName, SIDES } from './anatomy.ts'
import {
  BURROW_ID,
  demoUuid,
  HARBOUR_V1_ID,
  HARBOUR_V2_ID,
  HUMAN,
  HUMAN_SPECIES_ID,
  RAT,
  RAT_SPECIES_ID,
  SHELLS_ID,
} from './ids.ts'
import { type DemoPart, demoUrl } from './part.ts'

interface RegionSpec {
  name: string
  rgb?: string
  description?: string
  children?: RegionSpec[]
  ebrains?: Record<string, string | string[]>
}

/** Concentric layers of the ellipsoid, from outside in: name and the normalised radius at which it begins. */
export const SHELLS = [
  { name: 'Outer shell', label: 1, fromRadius: 0.8, rgb: '#4d908e' },
  { name: 'Middle shell', label: 2, fromRadius: 0.55, rgb: '#90be6d' },
  { name: 'Inner shell', label: 3, fromRadius: 0, rgb: '#f9c74f' },
] as const

/** The three areas of the rodent atlas, along its y axis. */
export const BURROW_AREAS = [
  { name: 'Mouth (Burrow)', label: 1, rgb: '#577590' },
  { name: 'Tunnel (Burrow)', label: 2, rgb: '#43aa8b' },
  { name: 'Chamber (Burrow)', label: 3, rgb: '#f94144' },
] as const

/** Two versions of one parcellation, one of another kind, and a small one of another species. */
export const parcellations: DemoPart = {
  files: {
    'parcellations/harbour-1.json': {
      '@id': HARBOUR_V1_ID,
      '@type': 'siibra/parcellation/v0.0.1',
      name: 'Demo Harbour Parcellation (v1.0)',
      shortName: 'Harbour v1',
      modality: 'cytoarchitecture',
      species: HUMAN,
      description: 'The first version, which drew the areas B1 and B2 as one.',
      '@version': { name: '1.0', collection: 'Demo Harbour Parcellation', '@next': HARBOUR_V2_ID, deprecated: true },
      ebrains: { 'openminds/Species': HUMAN_SPECIES_ID, 'openminds/DatasetVersion': demoUuid(0x11) },
      regions: mantleAndCore(firstVersionAreas(), 1),
    },
    'parcellations/harbour-2.json': {
      '@id': HARBOUR_V2_ID,
      '@type': 'siibra/parcellation/v0.0.1',
      name: 'Demo Harbour Parcellation (v2.0)',
      shortName: 'Harbour v2',
      modality: 'cytoarchitecture',
      species: HUMAN,
      description: 'Seven areas on each side of an ellipsoid, named like the parts of a ship. Invented.',
      '@version': { name: '2.0', collection: 'Demo Harbour Parcellation', '@prev': HARBOUR_V1_ID },
      ebrains: {
        'openminds/Species': HUMAN_SPECIES_ID,
        'openminds/Dataset': demoUuid(0x21),
        'openminds/DatasetVersion': demoUuid(0x12),
      },
      publications: [
        {
          name: 'The Demo Harbour Parcellation',
          url: demoUrl('about.html'),
          authors: ['The siibra-api demo'],
          description: 'How the areas of the demo are computed.',
          citation: 'The siibra-api demo atlas. Invented data.',
        },
      ],
      regions: mantleAndCore(AREAS, 2),
    },
    'parcellations/shells.json': {
      '@id': SHELLS_ID,
      '@type': 'siibra/parcellation/v0.0.1',
      name: 'Demo Shells',
      shortName: 'Shells',
      modality: 'depth',
      species: HUMAN,
      ebrains: { 'openminds/Species': HUMAN_SPECIES_ID },
      regions: SHELLS.map(({ name, rgb }) => ({ name, rgb })),
    },
    'parcellations/burrow.json': {
      '@id': BURROW_ID,
      '@type': 'siibra/parcellation/v0.0.1',
      name: 'Demo Burrow Parcellation',
      shortName: 'Burrow',
      modality: 'anatomy',
      species: RAT,
      ebrains: { 'openminds/Species': RAT_SPECIES_ID },
      regions: [
        {
          name: 'Burrow',
          children: BURROW_AREAS.map(({ name, rgb }) => ({
            name,
            rgb,
            ebrains: { 'openminds/ParcellationEntityVersion': entityVersionId(name, 1) },
          })),
        },
      ],
    },
  },
  objects: {},
}

/** Areas of the first version, each once, in the order of the second. */
export function firstVersionAreas() {
  const seen = new Map(AREAS.map((area) => [area.nameInFirstVersion, { ...area, name: area.nameInFirstVersion }]))
  return [...seen.values()]
}

/** The knowledge graph's (made-up) id of a region in one version of a parcellation; equal names give equal ids. */
export function entityVersionId(name: string, version: number): string {
  let hash = 7
  for (const char of name) hash = (hash * 31 + char.charCodeAt(0)) % 0xffffff
  return demoUuid(0x1000000 * (0xe0 + version) + hash)
}

function mantleAndCore(areas: readonly { name: string; lobe: string; rgb: string }[], version: number): RegionSpec[] {
  const lobes = [...new Set(areas.map(({ lobe }) => lobe))]
  const groups = lobes.map((lobe) => ({
    name: lobe,
    children: areas.filter((area) => area.lobe === lobe).map((area) => areaWithSides(area, version)),
  }))
  return [
    { name: 'mantle', children: groups.filter(({ name }) => name !== 'core') },
    ...groups.filter(({ name }) => name === 'core'),
  ]
}

function areaWithSides({ name, rgb }: { name: string; rgb: string }, version: number): RegionSpec {
  const ebrains = { 'openminds/ParcellationEntityVersion': entityVersionId(name, version) }
  return { name, rgb, ebrains, children: SIDES.map((side) => ({ name: regionName(name, side), rgb, ebrains })) }
}
