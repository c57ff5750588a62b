import { describe, expect, test } from 'vitest'
import {
  listImages,
  listPreconfigured,
  listRegionFeatures,
  parseAskedTypes,
  parseBox,
} from '../../../src/siibra/listing/list-features.ts'
import { searchFeatures } from '../../../src/siibra/listing/search-features.ts'
import { labelFile, labelledMap, loadSmallAtlas, parcellation, space } from '../small-atlas.ts'

const of = (type: string, id: string, more: object) => ({
  '@id': id,
  '@type': `siibra/feature/${type}`,
  species: 'Homo sapiens',
  ...more,
})
const fingerprint = (id: string, more: object) =>
  of('fingerprint/receptor/v0.1', id, { file: 'https://example.org/a.tsv', ...more })
const layers = (id: string, region: string) =>
  of('fingerprint/celldensity/v0.1', id, { region, segmentfiles: [], layerfiles: [] })
const image = (id: string, spaceId: string, type: string, modality: string) =>
  of(type, id, { name: id, modality, space: { '@id': spaceId }, providers: { nii: 'https://example.org/i.nii' } })
const at = (coordinate: number[]) => ({
  location: { '@type': 'siibra/location/point/v0.1', space: { '@id': 's-1' }, coordinate },
})

const core = await loadSmallAtlas(
  {
    'spaces/one.json': { ...space('s-1', 'One'), volumes: [{ providers: { nii: 'https://example.org/labels.nii' } }] },
    'spaces/two.json': space('s-2', 'Two'),
    'parcellations/one.json': parcellation('p-1', [{ name: 'A' }, { name: 'B' }]),
    'maps/one.json': labelledMap('p-1', 's-1', { A: 1, B: 2 }),
    'features/a.json': fingerprint('at-a', at([0, 0, 0])),
    'features/b.json': fingerprint('on-a', { region: 'A', ebrains: { 'openminds/Dataset': 'https://kg/0a' } }),
    'features/c.json': fingerprint('at-b', at([1, 0, 0])),
    'features/d.json': layers('layers-of-a', 'A'),
    'features/e.json': fingerprint('on-b', { region: 'B', ebrains: { 'openminds/Dataset': 'https://kg/0b' } }),
    'features/i1.json': image('blockface', 's-1', 'voi/v0.1', 'blockface'),
    'features/i2.json': image('mri', 's-1', 'voi/v0.1', 'T1 MRI'),
    'features/i3.json': image('section', 's-1', 'section/v0.1', 'cell body staining'),
    'features/i4.json': image('mri elsewhere', 's-2', 'voi/v0.1', 'T1 MRI'),
    'features/i5.json': image('stained', 's-1', 'voi/v0.1', 'cell body staining'),
  },
  { 'example.org/labels.nii': labelFile([3, 1, 1], [1, 2, 0]) },
)
const [A, B] = core.parcellations.get('p-1').children
const ids = (features: readonly { id: string }[]) => features.map(({ id }) => id)

test('a region has the features that are anchored at it, and those whose place lies in it', async () => {
  const types = ['ReceptorDensityFingerprint', 'LayerwiseCellDensity'] as const
  expect(ids(await listPreconfigured(core, A!, types))).toEqual(['layers-of-a', 'at-a', 'on-a'])
  expect(ids(await listPreconfigured(core, A!, types.slice(1)))).toEqual(['layers-of-a'])
  expect(ids(await listPreconfigured(core, B!, types))).toEqual(['at-b', 'on-b'])
})

test('they are listed type by type', async () => {
  const names = ['LayerwiseCellDensity', 'ReceptorDensityFingerprint'] as const
  const listed = await listRegionFeatures(core, A!, { names, isGeneral: false })
  expect(ids(listed)).toEqual(['layers-of-a', 'at-a', 'on-a'])
})

test('a search by data set takes the end of its id', async () => {
  expect(ids(await searchFeatures(core, { dataset: '/0a' }))).toEqual(['on-a'])
  expect(ids(await searchFeatures(core, { dataset: 'kg' }))).toEqual([])
})

test.each([
  ['s-1', undefined, ['blockface', 'mri', 'section', 'stained']],
  ['s-2', undefined, ['mri elsewhere']],
  ['s-1', 'MRIVolumeOfInterest', ['mri']],
  ['s-1', 'CellbodyStainedSection', ['section']],
  // names that stand for their category
  ['s-1', 'BlockfaceVolumeOfInterest', ['blockface', 'mri']],
  ['s-1', 'CellBodyStainedVolumeOfInterest', ['section', 'stained']],
  ['s-1', 'DTIVolumeOfInterest', []],
  // several types
  ['s-1', 'VolumeOfInterest', ['blockface', 'mri', 'stained']],
])('images of %s of the type %s', async (spaceId, type, listed) => {
  expect(ids(await listImages(core, core.spaces.get(spaceId), type, undefined)).sort()).toEqual(listed)
})

describe('types that are asked for', () => {
  test('are general where none is named, or the name stands for several', () => {
    expect(parseAskedTypes(undefined, 'Image').isGeneral).toBe(true)
    expect(parseAskedTypes('RegionalBOLD', 'Tabular')).toEqual({ names: ['RegionalBOLD'], isGeneral: false })
    expect(parseAskedTypes('ReceptorDensity', 'Tabular')).toEqual({
      names: ['ReceptorDensityFingerprint', 'ReceptorDensityProfile'],
      isGeneral: true,
    })
    expect(parseAskedTypes(undefined, 'RegionalTimeseriesActivity').names).toEqual([])
  })

  test.each([
    ['', 'INVALID_COMBINATION', 'type: is empty'],
    ['Image', 'INVALID_PARAMETER', 'type: Image is not a kind of Tabular'],
  ])('may not be %j', (spec, code, message) => {
    expect(() => parseAskedTypes(spec, 'Tabular')).toThrow(expect.objectContaining({ code, message }))
  })
})

describe('a box', () => {
  const one = core.spaces.get('s-1')
  test('has its least and its greatest corner, however it is written', () => {
    expect(parseBox('[[1, 5, 3], [4, 2, 6]]', one)).toEqual({
      kind: 'box',
      space: one,
      minMm: [1, 2, 3],
      maxMm: [4, 5, 6],
    })
  })

  test.each([
    '',
    'x',
    '{}',
    '[[1,2,3]]',
    '[[1,2,3],[1,2,3],[1,2,3]]',
    '[[1,2],[3,4]]',
    '[[1,2,3],[1,2,"3"]]',
    '["abc","def"]',
  ])('is not %s', (text) => {
    expect(() => parseBox(text, one)).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER' }))
  })
})
