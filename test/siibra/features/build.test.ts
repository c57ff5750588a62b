/** What features are made of, by their specifications. */
import { describe, expect, test } from 'vitest'
import { buildSpecified, isKnownFeatureSpec } from '../../../src/siibra/features/build.ts'
import { buildFeatureIndex } from '../../../src/siibra/features/feature-index.ts'
import type { Space } from '../../../src/siibra/index.ts'

const space = { id: 's-1', name: 'Space one', species: 'Rattus norvegicus' } as Space
const spaces = { byId: (id: string) => (id === 's-1' ? space : undefined) }
const FINGERPRINT = 'siibra/feature/fingerprint/receptor/v0.1'
const PROFILE = 'siibra/feature/profile/receptor/v0.1'
const CONNECTIVITY = 'siibra/feature/connectivitymatrix/v0.3'
const TIMESERIES = 'siibra/feature/timeseries/activity/v0.1'
const VALUES = 'siibra/feature/tabular/regionalvalues/v0.1'
const IMAGE = 'siibra/feature/section/v0.1'
const anywhere = { region: 'area A', species: 'Homo sapiens', file: 'https://example.org/a.tsv' }
const matrices = {
  ...{ ...anywhere, decoder: { '@type': 'siibra/decoder/csv' }, base_url: 'https://example.org/files' },
  ...{ files: { b: 'b.csv', a: 'a.csv' }, modality: 'StreamlineCounts', cohort: 'hcp', regions: ['area A', 7] },
}
const bold = { ...matrices, modality: 'RegionalBOLD', paradigm: 'rest' }
const values = {
  ...{ ...anywhere, '@id': 'v-1', modality: 'thickness', regions: ['b', 'a', 'b'] },
  parcellation: { '@id': 'p-1' },
}
const section = { '@type': IMAGE, name: 'one', modality: 'cell body staining', space: { '@id': 's-1' }, providers: {} }

const build = (type: string, spec: object) => buildSpecified({ file: 'a.json', type, spec: { ...spec } }, spaces)
const first = (type: string, spec: object) => build(type, spec)[0]

describe('a feature', () => {
  test.each([
    [true, '[PRERELEASE] ReceptorDensityFingerprint'],
    [false, 'ReceptorDensityFingerprint'],
    ['true', 'ReceptorDensityFingerprint'],
  ])('that is a prerelease (%j) says so in its name', (prerelease, name) => {
    const feature = first(FINGERPRINT, { ...anywhere, prerelease })
    expect(feature?.name).toBe(`${name} (Neurotransmitter receptor density) anchored at area A`)
  })

  test.each([
    [FINGERPRINT, anywhere, /^Fingerprint .* classical neurotransmitters obtained .* standard deviations\. $/],
    [PROFILE, { ...anywhere, receptor: '5-HT1A' }, /^Cortical profile .* provide, for a single tissue .* matter\.$/],
    ['siibra/feature/profile/celldensity/v0.1', anywhere, /^Cortical profile .* cell bodies .* layer thicknesses\.$/],
    ['siibra/feature/fingerprint/celldensity/v0.1', anywhere, /^Layerwise estimated .* bodies {2}\(.* thicknesses\.$/],
  ])('has a description that is one text: %s', (type, spec, text) => {
    expect(first(type, spec)?.description).toMatch(text)
  })

  test.each([
    [CONNECTIVITY, { ...matrices, description: 'mine' }, 'mine'],
    [CONNECTIVITY, { ...matrices, description: '' }, null],
    [TIMESERIES, { ...bold, description: 'mine' }, 'mine'],
    [TIMESERIES, { ...bold, description: '' }, null],
    [VALUES, { ...values, description: 'mine' }, 'mine'],
    [VALUES, { ...values, description: '' }, 'Values by region: thickness'],
    [VALUES, values, 'Values by region: thickness'],
  ])('has its own description, if that is not empty: %s', (type, spec, description) => {
    expect(first(type, spec)?.description).toBe(description)
  })

  test.each([
    [{ species: undefined }, 'species: is not known'],
    [{ region: undefined }, 'region: there is neither region nor location'],
    [{ file: '' }, 'file: is not a text'],
  ])('is not made of %j', (change, message) => {
    expect(() => build(FINGERPRINT, { ...anywhere, ...change })).toThrow(`a.json: ${message}`)
  })

  test('has a type that is known', () => {
    expect([IMAGE, VALUES, 'nothing'].map(isKnownFeatureSpec)).toEqual([true, true, false])
    expect(() => build('nothing', anywhere)).toThrow('a.json: @type: "nothing" is not known')
  })
})

describe('matrices', () => {
  test.each([
    [undefined, ['b', 'a']],
    [[], ['b', 'a']],
    [['a'], ['a']],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
  ])('have files in the order that is told: %j', (files_order, keys) => {
    const feature = first(CONNECTIVITY, { ...matrices, files_order })
    expect(feature).toMatchObject({
      ...{ kind: 'connectivity', cohort: 'HCP', regionNames: ['area A', '7'], paradigm: null },
      files: new Map(keys.map((key) => [key, `${key}.csv`])),
    })
  })

  test.each([
    ['https://example.org/files', { kind: 'folder', url: 'https://example.org/files/' }],
    ['https://example.org/files/', { kind: 'folder', url: 'https://example.org/files/' }],
  ])('lie in a folder %s', (base_url, repository) => {
    expect(first(TIMESERIES, { ...bold, base_url })).toMatchObject({
      ...{ repository, kind: 'timeseries', paradigm: 'rest', timestep: '1 no_unit' },
      name: 'RegionalBOLD (RegionalBOLD) anchored at area A with paradigm rest',
    })
  })

  test.each<[string, object, string]>([
    [CONNECTIVITY, { ...matrices, files: {} }, 'files: is empty'],
    [CONNECTIVITY, { ...matrices, modality: 'friendship' }, 'modality: "friendship" is not known'],
    [TIMESERIES, { ...bold, modality: 'EEG' }, 'modality: "EEG" is not known'],
    [
      CONNECTIVITY,
      { ...matrices, base_url: null, repository: { '@type': 'tape' } },
      'repository.@type: "tape" is not known',
    ],
    [VALUES, { ...values, regions: [] }, 'regions: is empty'],
    [IMAGE, { ...section, space: { '@id': 's-2' } }, 'space: is "s-2", which the configuration does not have'],
    [IMAGE, { ...section, space: { '@id': 7 } }, 'space: is 7, which the configuration does not have'],
    ['siibra/feature/profile/marmosetcelldensity/v0.1', { '@id': 'x' }, '@id: "x" does not name a region'],
  ])('of %s are not made of %j', (type, spec, message) => {
    expect(() => build(type, spec)).toThrow(`a.json: ${message}`)
  })

  test.each([
    ['StreamlineCounts', undefined, null],
    ['RestingState', undefined, 'RestingState'],
    ['Functional', 'faces', 'faces'],
    ['StreamlineLengths', 'faces', null],
  ])('of connectivity %s have a paradigm where they are functional', (modality, paradigm, expected) => {
    expect(first(CONNECTIVITY, { ...matrices, modality, paradigm })).toMatchObject({ paradigm: expected })
  })

  test('of tracers are between areas', () => {
    const feature = first(CONNECTIVITY, { ...matrices, modality: 'RetrogradeTracer' })
    expect(feature).toMatchObject({ kind: 'interareal', type: 'InterarealConnectivityMatrix' })
    expect(feature).not.toHaveProperty('paradigm')
  })
})

describe('an image', () => {
  const location = (type: string, more: object) => ({
    ...{ '@type': `siibra/location/${type}/v0.1`, space: { '@id': 's-1' }, ...more },
  })
  const corners = [
    [3, 2, 1],
    [1, 5, 0],
  ]
  test.each([
    [location('boundingbox', { coordinates: corners }), { kind: 'box', space, minMm: [1, 2, 0], maxMm: [3, 5, 1] }],
    [location('point', { coordinate: [1, 2, 3] }), null],
    [undefined, null],
  ])('has a box, and the species of its space: %j', (boundingbox, boundingBox) => {
    expect(first(IMAGE, { ...section, boundingbox })).toMatchObject({
      ...{ kind: 'image', boundingBox, name: 'one (cell body staining)' },
      anchor: { species: 'Rattus norvegicus', regionSpec: null, location: boundingBox },
    })
  })
})

describe('an index', () => {
  const of = (type: string, ...specs: ({ file: string } & Record<string, unknown>)[]) =>
    [type, specs.map((spec) => ({ type, file: spec.file.slice(-6), spec: { ...spec } }))] as const
  const specs = new Map([
    of(VALUES, { ...values, file: 'https://example.org/b.json' }),
    of(IMAGE, { ...section, '@id': 'image', file: 'a.json' }),
    of(FINGERPRINT, ...['c.json', 'b.json'].map((file) => ({ ...anywhere, '@id': 'twin', file }))),
    of(PROFILE, { ...anywhere, '@id': 'twin', receptor: 'NMDA', file: 'd.json' }),
    of('nothing', { file: 'e.json' }),
  ])
  const index = buildFeatureIndex({ specs, spaces, parcellations: [], aliases: {} })

  test('is by type, then by file, then as the file has it', () => {
    expect(index.features.map(({ type, file, anchor }) => [type, file, anchor.regionSpec])).toEqual([
      ['ReceptorDensityFingerprint', 'b.json', 'area A'],
      ['ReceptorDensityFingerprint', 'c.json', 'area A'],
      ['ReceptorDensityProfile', 'd.json', 'area A'],
      ['CellbodyStainedSection', 'a.json', null],
      ['RegionalValues', 'b.json', 'b'],
      ['RegionalValues', 'b.json', 'a'],
    ])
    expect(index.problems).toEqual([{ file: 'e.json', property: '@type', message: '"nothing" is not known' }])
    expect(index.isComplete).toBe(true)
  })

  test('tells twins of different types apart, not those of one', () => {
    const ids = index.features.slice(0, 3).map(({ id }) => id)
    expect(ids).toEqual(['twin', 'twin', expect.stringMatching(/^[\da-f]{32}$/)])
    expect(index.byId.get('twin')).toBe(index.features[0])
  })
})
