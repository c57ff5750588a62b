/** Objects made of their specifications, and what of these cannot be used. */
import { describe, expect, test } from 'vitest'
import { buildConcept, buildDatasets, buildSpecies } from '../../../src/siibra/configuration/concepts.ts'
import { buildMap } from '../../../src/siibra/configuration/maps.ts'
import { buildParcellation, regionsSharingIds } from '../../../src/siibra/configuration/parcellations.ts'
import { createReader, type Specification } from '../../../src/siibra/configuration/specification.ts'
import { buildVolume } from '../../../src/siibra/configuration/volumes.ts'
import { createRegistry } from '../../../src/siibra/core/registry.ts'
import type { Space } from '../../../src/siibra/core/types.ts'

const reader = createReader('folder/a-map_of.json')
const fails = (property: string, reason: string) =>
  expect.objectContaining({ code: 'BAD_CONFIGURATION', details: expect.objectContaining({ property, reason }) })

describe('concepts', () => {
  const build = (spec: Specification) => buildConcept(reader, spec, { id: 'a', name: 'A b' })

  test('have defaults for all that is left out', () => {
    expect(build({})).toEqual({
      id: 'a',
      name: 'A b',
      key: 'A_B',
      shortname: '',
      description: '',
      modality: null,
      publications: [],
      datasets: [],
      ebrains: {},
    })
    expect(build({ prerelease: 'yes' }).name).toBe('A b')
    expect(build({ publications: [{ url: 'u' }, 'no object'] }).publications).toEqual([{ url: 'u' }])
  })

  const publication = { kind: 'GenericDataset', name: 'P', contributors: [], url: '', description: '' }
  test.each<[string, Specification, unknown[]]>([
    ['none', {}, []],
    ['publications without names', { publications: [{ url: 'u' }, { name: '' }] }, []],
    ['a publication by its name', { publications: [{ name: 'P' }] }, [{ ...publication, license: undefined }]],
    [
      'a publication with all',
      { publications: [{ name: 'P', authors: ['A', 1], url: 'u', description: 'd', license: 'l' }] },
      [{ ...publication, contributors: ['A', '1'], url: 'u', description: 'd', license: 'l' }],
    ],
    [
      'an author that is no list',
      { publications: [{ name: 'P', authors: 'A' }] },
      [expect.objectContaining(publication)],
    ],
    [
      'ids of the knowledge graph, before publications',
      {
        ebrains: {
          'openminds/Dataset': 'c',
          'openminds/DatasetVersion': ['a', 'b'],
          'minds/core/dataset/v1.0.0': 'o',
          'openminds/Other': 'x',
        },
        publications: [{ name: 'P' }],
      },
      [
        { kind: 'EbrainsDataset', id: 'o' },
        { kind: 'EbrainsV3DatasetVersion', id: 'a' },
        { kind: 'EbrainsV3DatasetVersion', id: 'b' },
        { kind: 'EbrainsV3Dataset', id: 'c' },
        expect.objectContaining(publication),
      ],
    ],
  ])('have data sets: %s', (_, spec, datasets) => {
    expect(buildDatasets(reader, spec)).toEqual(datasets)
  })

  test.each([[1], [{}], [['a', 1]]])('refuse %j for an id of the knowledge graph', (id) => {
    const spec = { ebrains: { 'openminds/Dataset': id } }
    expect(() => buildDatasets(reader, spec)).toThrow(
      fails('ebrains.openminds/Dataset', 'is neither an id nor a list of ids'),
    )
  })

  test('refuse a species that nobody knows', () => {
    expect(() => buildSpecies(reader, { species: 'x' })).toThrow(fails('species', 'unknown species: "x"'))
  })
})

describe('volumes', () => {
  const build = (providers: unknown, more = {}) =>
    buildVolume(reader, { providers, ...more }, 'volumes[2]', { spaceId: 's', name: 'default' })
  const SURFACE = 'neuroglancer/precompmesh/surface'

  test('have URLs, or URLs by fragment, in formats that are known', () => {
    const providers = { nii: 'u', 'gii-mesh': { left: 'l', right: 'r' }, [SURFACE]: 'https://m 12' }
    expect(build({ ...providers, 'of/nobody': 7 })).toEqual({
      name: 'default',
      variant: null,
      spaceId: 's',
      providers,
      datasets: [],
      z: null,
    })
    expect(build({}, { name: 'own', variant: 'v' })).toMatchObject({ name: 'own', variant: 'v', providers: {} })
    expect(buildVolume(reader, {}, 'v', { spaceId: null })).toMatchObject({ name: null, spaceId: null })
  })

  test.each<[unknown, string, string]>([
    [{ nii: 7 }, 'nii', 'is neither a URL nor URLs by fragment'],
    [{ nii: ['u'] }, 'nii', 'is neither a URL nor URLs by fragment'],
    [{ nii: { left: 'l', right: 7 } }, 'nii', 'is neither a URL nor URLs by fragment'],
    [{ [SURFACE]: 'https://m' }, SURFACE, 'is not of the form "URL LABEL"'],
  ])('refuse the providers %j', (providers, format, reason) => {
    expect(() => build(providers)).toThrow(fails(`volumes[2].providers.${format}`, reason))
  })

  test.each(['nii', null, []])('that are %j are no volumes', (value) => {
    expect(() => buildVolume(reader, value, 'volumes[2]', { spaceId: 's' })).toThrow(
      fails('volumes[2]', 'is not an object'),
    )
  })
})

const parcellationOf = (spec: Specification) =>
  buildParcellation(reader, { '@id': 'p', name: 'P  - brain', species: 'Homo sapiens', ...spec })

describe('parcellations', () => {
  test('have defaults, and are their own first region', () => {
    const built = parcellationOf({})
    expect(built).toMatchObject({ name: 'P brain', depth: 0, rgb: null, version: null, modality: '', parent: null })
    expect(built).toMatchObject({ hasVerbatimNames: false, hasDrawnExtent: false })
    expect(built.regions).toEqual([built])
    expect(built.parcellation).toBe(built)
    expect(parcellationOf({ '@version': null, modality: null }).modality).toBeNull()
    expect(parcellationOf({ modality: 'm', names: 'verbatim', extent: 'drawn' })).toMatchObject({
      name: 'P  - brain',
      modality: 'm',
      hasVerbatimNames: true,
      hasDrawnExtent: true,
    })
  })

  test.each([
    [
      { name: 'v', deprecated: true },
      { name: 'v', collection: null, previousId: null, nextId: null, deprecated: true },
    ],
    [
      { name: 'v', collection: 'c', '@prev': 'a', '@next': 'b', deprecated: 'no' },
      { name: 'v', collection: 'c', previousId: 'a', nextId: 'b', deprecated: false },
    ],
  ])('have versions as %j', (version, built) => {
    expect(parcellationOf({ '@version': version }).version).toEqual(built)
  })

  test('have regions with parents, depths and colours', () => {
    const inner = { name: 'B', rgb: '#A0b1C2ff', '@id': 'own', shortname: 's', description: 'd' }
    const { regions } = parcellationOf({
      regions: [{ name: 'A - left hemisphere', prerelease: true, children: [inner] }, { name: 'C' }],
    })
    expect(regions.map(({ name, depth, rgb, parent }) => [name, depth, rgb, parent?.name])).toEqual([
      ['P brain', 0, null, undefined],
      ['[PRERELEASE] A left', 1, null, 'P brain'],
      ['B', 2, '#a0b1c2', '[PRERELEASE] A left'],
      ['C', 1, null, 'P brain'],
    ])
    expect(regions.map(({ id }) => id)).toEqual(['p', 'p_PRERELEASE_A_LEFT', 'own', 'p_C'])
    expect(regions[2]).toMatchObject({ kind: 'region', shortname: 's', description: 'd', species: 'Homo sapiens' })
  })

  test.each<[unknown[], string, string]>([
    [['A'], 'regions[0]', 'is not an object'],
    [[{ name: 'A' }, { name: 7 }], 'regions[1].name', 'is not a text'],
    [[{ name: 'A', rgb: 7 }], 'regions[0].rgb', 'is not "#rrggbb"'],
    [[{ name: 'A', children: [{ name: 'B', rgb: '#12345' }] }], 'regions[0].children[0].rgb', 'is not "#rrggbb"'],
  ])('refuse the regions %j', (regions, property, reason) => {
    expect(() => parcellationOf({ regions })).toThrow(fails(property, reason))
  })

  test('are two hundred levels deep at most', () => {
    const nested = (levels: number): Specification[] =>
      levels === 0 ? [] : [{ name: 'a', ...(levels > 1 && { children: nested(levels - 1) }) }]
    expect(parcellationOf({ regions: nested(200) }).regions.at(-1)?.depth).toBe(200)
    expect(() => parcellationOf({ regions: nested(201) })).toThrow('are more than 200 levels deep')
  })

  test('tell regions that share the id of answers, and no others', () => {
    const leaf = (name: string, more = {}) => ({ name, ...more })
    const shared = parcellationOf({ names: 'verbatim', regions: ['A+B', 'A-B', 'C', 'C'].map((name) => leaf(name)) })
    expect(regionsSharingIds(shared).map(({ names }) => names)).toEqual([['A+B', 'A-B']])
    // of the same own id, but with other parts
    const apart = parcellationOf({
      names: 'verbatim',
      regions: [leaf('A+B'), leaf('A-B', { children: [leaf('x')] })],
    })
    expect(regionsSharingIds(apart)).toEqual([])
  })
})

describe('maps', () => {
  const parcellation = parcellationOf({ regions: [{ name: 'A left' }, { name: 'B' }] })
  const space = { id: 's', name: 'S', key: 'S', species: 'Homo sapiens' } as Space
  const surroundings = {
    spaces: createRegistry({ kind: 'space', objects: [space] }),
    parcellations: createRegistry({ kind: 'parcellation', objects: [parcellation] }),
  }
  const build = (spec: Specification) =>
    buildMap(
      reader,
      {
        '@type': 'siibra/map/v0.0.1',
        space: { '@id': 's' },
        parcellation: { name: 'P brain' },
        volumes: [{ providers: { nii: 'zero' } }, { providers: { nii: 'one' }, name: 'n', variant: 'v' }],
        ...spec,
      },
      surroundings,
    )

  test('have an id and a name of their file where they have none of their own', () => {
    expect(build({})).toMatchObject({ id: 'siibra-map-v0.0.1_a-map_of', name: 'a map of', isSparse: false, space })
    expect(build({ '@id': 'own', name: 'Own' })).toMatchObject({ id: 'own', name: 'Own', parcellation })
    expect(build({})).toMatchObject({ mapType: 'LABELLED', volumes: [], species: 'Homo sapiens' })
  })

  test.each([
    [{ represented_as_sparsemap: true }, true],
    [{ represented_as_sparsemap: 'true' }, false],
    [{ sparsemap: { is_sparsemap: true } }, true],
    [{ sparsemap: { is_sparsemap: false } }, false],
    [{ represented_as_sparsemap: false, sparsemap: { is_sparsemap: true } }, true],
  ])('are sparse by %j: %s', (spec, isSparse) => {
    expect(build(spec).isSparse).toBe(isSparse)
  })

  test('number volumes by their first use', () => {
    const { indices, volumes, mapType } = build({
      indices: {
        'A - left hemisphere': [
          { volume: 1, label: 5 },
          { volume: 1, z: 0, label: 6, fragment: 'f' },
        ],
        B: [{ label: 7 }, { volume: 1, label: 8, z: null }, { volume: 1, z: 0, label: 9 }],
      },
    })
    expect(mapType).toBe('LABELLED')
    expect([...indices]).toEqual([
      [
        'A left',
        [
          { volume: 0, label: 5, fragment: null },
          { volume: 1, label: 6, fragment: 'f' },
        ],
      ],
      [
        'B',
        [
          { volume: 2, label: 7, fragment: null },
          { volume: 0, label: 8, fragment: null },
          { volume: 1, label: 9, fragment: null },
        ],
      ],
    ])
    expect(volumes.map(({ providers, z, name, variant }) => [providers.nii, z, name, variant])).toEqual([
      ['one', null, 'n', 'v'],
      ['one', 0, '', null],
      ['zero', null, null, null],
    ])
    expect(build({ indices: { B: [{}] } }).mapType).toBe('STATISTICAL')
  })

  test.each<[Specification, string, string]>([
    [{ space: {} }, 'space', 'has neither @id nor name'],
    [{ space: { name: 'X' } }, 'space', "is 'X', which the configuration does not have"],
    [{ parcellation: { '@id': 'x' } }, 'parcellation', "is 'x', which the configuration does not have"],
    [{ indices: { B: {} } }, 'indices.B', 'is not a list'],
    [{ indices: { B: ['x'] } }, 'indices.B', 'holds something that is not an object'],
    [{ indices: { B: [{ volume: 2 }] } }, 'indices.B', 'has no volume 2'],
    [{ indices: { B: [{ label: 1.5 }] } }, 'indices.B.label', 'is not a whole number'],
    [{ indices: { B: [{ label: 1 }, {}] } }, 'indices', 'has a label for some regions only'],
    [{ volumes: [{}, 7] }, 'volumes[1]', 'is not an object'],
  ])('refuse %j', (spec, property, reason) => {
    expect(() => build(spec)).toThrow(fails(property, reason))
  })
})
