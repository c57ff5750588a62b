/** Names of any script, names that are made of signs, and groups, in a configuration of their own. */
import { describe, expect, test } from 'vitest'
import { findSpecies } from '../../../src/siibra/core/species.ts'
import { findRegions, getRegion, loadConfiguration, lookUpRegion, suggestRegions } from '../../../src/siibra/index.ts'

const NAMES = [
  'A+B',
  'A-B',
  'A B',
  'Größe',
  'Straße',
  '海馬',
  '海馬体 左',
  'précunéus',
  'étage',
  'ΛΟΒΌΣ',
  'हिन्दी',
  '١٢',
  'UPPER',
  'upper',
  '*',
  '/a+/',
  '/(/',
  'Group A',
  'Group: A, B',
  'constructor',
  '__proto__',
]

async function load(regions: readonly (string | object)[]) {
  const specs = regions.map((region) => (typeof region === 'string' ? { name: region } : region))
  const spec = { '@id': 'lab/names', name: 'Names', species: 'Homo sapiens', regions: specs }
  const core = await loadConfiguration({
    configuration: {
      source: 'test',
      commit: null,
      list: async () => ['parcellations/names.json'],
      read: () => new TextEncoder().encode(JSON.stringify(spec)),
    },
  })
  return { parcellation: core.parcellations.get('lab/names'), problems: core.configuration.problems }
}

const { parcellation, problems } = await load(NAMES)
const find = (spec: string) => findRegions(parcellation, spec).map(({ name }) => name)

describe('regions are found by letters and digits of any script', () => {
  test.each([
    ['海馬', ['海馬']],
    ['左', ['海馬体 左']],
    ['é', []],
    ['日本', []],
    ['PRÉCUNÉUS', ['précunéus']],
    ['pre\u0301cune\u0301us', ['précunéus']],
    ['E\u0301TAGE', ['étage']],
    ['grösse', ['Größe']],
    ['größ', []],
    ['GRÖSSE', ['Größe']],
    ['strasse', ['Straße']],
    ['λοβός', ['ΛΟΒΌΣ']],
    ['हिन्दी', ['हिन्दी']],
    ['हिन्द', []],
    ['١٢', ['١٢']],
    ['12', []],
    ['/é/', ['précunéus', 'étage']],
  ])('%j', (spec, names) => {
    expect(find(spec).sort()).toEqual([...names].sort())
  })

  test.each(['+', ' ', '*', '(', '🧠', '、'])('signs alone and blanks find all: %j', (spec) => {
    expect(find(spec).length).toBeGreaterThan(NAMES.length - 5)
  })

  test('parcellations are looked up so, too; where none has such letters, they are passed over as siibra does', async () => {
    const files = ['海馬 atlas', 'Other atlas'].map((name, i) => {
      return JSON.stringify({ '@id': `lab/${i}`, name, species: 'Homo sapiens', regions: [] })
    })
    const core = await loadConfiguration({
      configuration: {
        source: 'test',
        commit: null,
        list: async () => files.map((_, i) => `parcellations/${i}.json`),
        read: (path) => new TextEncoder().encode(files[Number.parseInt(path.split('/')[1] ?? '', 10)]),
      },
    })
    expect(core.parcellations.find('海馬').map(({ id }) => id)).toEqual(['lab/0'])
    expect(core.parcellations.find('日本')).toHaveLength(2)
  })

  test('a full stop, which is part of words, finds none', () => {
    expect(find('.')).toEqual([])
  })
})

describe('a region is found by its exact name, whatever it is made of', () => {
  test.each(NAMES)('%j', (name) => {
    expect(find(name)).toContain(name)
    expect(getRegion(parcellation, name).name).toBe(name)
  })

  test('of names that share an id, the one that is asked for stands for all', () => {
    expect(find('A B')).toEqual(['A B', 'Group: A, B'])
    expect(find('upper')).toEqual(['upper'])
    expect(find('Upper')).toEqual(['UPPER'])
  })

  test('a part that differs from its whole in signs is itself, one that differs in case is its whole', async () => {
    const { parcellation } = await load([
      { name: 'C D', children: [{ name: 'C+D' }] },
      { name: 'Ef', children: [{ name: 'ef' }] },
    ])
    const found = (spec: string) => findRegions(parcellation, spec).map(({ name }) => name)
    expect(found('C+D')).toEqual(['C+D'])
    expect(found('ef')).toEqual(['Ef'])
  })

  test('such names are told when the configuration is loaded', () => {
    expect(problems.map(({ file, property, message }) => `${file} ${property} ${message}`)).toEqual([
      expect.stringMatching(/^parcellations\/names\.json regions .* differ only in .*: 'A\+B', 'A-B', 'A B'$/),
      expect.stringMatching(/'UPPER', 'upper'$/),
      expect.stringMatching(/'\*', '\/\(\/'$/),
    ])
  })
})

test('a tree deeper than anatomy is refused, not a stack that overflows', async () => {
  const deep = `${'{"name":"a","children":['.repeat(100_000)}${']}'.repeat(100_000)}`
  const text = `{"@id":"lab/deep","name":"Deep","species":"Homo sapiens","regions":[${deep}]}`
  const files: Record<string, string> = {
    'parcellations/deep.json': text,
    'parcellations/flat.json': text.replace(deep, '{"name":"a"}').replace('lab/deep', 'lab/flat'),
  }
  const core = await loadConfiguration({
    configuration: {
      source: 'test',
      commit: null,
      list: async () => Object.keys(files),
      read: (path) => new TextEncoder().encode(files[path]),
    },
  })
  expect(core.parcellations.all.map(({ id }) => id)).toEqual(['lab/flat'])
  expect(core.configuration.problems).toEqual([
    expect.objectContaining({ file: 'parcellations/deep.json', message: 'are more than 200 levels deep' }),
  ])
})

test('a species nested deeper than specifications are names none', () => {
  const nested = (depth: number) => JSON.parse(`${'['.repeat(depth)}"Homo sapiens"${']'.repeat(depth)}`)
  expect(findSpecies(nested(3))).toBe('Homo sapiens')
  expect(findSpecies(nested(5000))).toBeUndefined()
})

describe('groups', () => {
  const areas = load(['A', 'B (x, y)', 'C'])

  test.each([
    'Group',
    'Group:',
    'Grouping',
    'Group A',
    'GroupGroup',
    'Group: Group',
    'Group: Group: Group',
    'Group: Q',
  ])('without such regions nothing is found, and nothing repeats itself: %j', async (spec) => {
    const { parcellation } = await areas
    expect(() => lookUpRegion(parcellation, spec)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/NOT_FOUND|AMBIGUOUS/) }),
    )
    expect(suggestRegions(parcellation, spec).length).toBeLessThanOrEqual(3)
  })

  test('name their regions', async () => {
    const { parcellation } = await areas
    expect(getRegion(parcellation, 'Group: C').name).toBe('C')
    expect(() => getRegion(parcellation, 'Group: A, C')).toThrow(
      expect.objectContaining({ code: 'AMBIGUOUS', details: expect.objectContaining({ candidates: ['A', 'C'] }) }),
    )
  })

  test('of too many names are refused', async () => {
    const { parcellation } = await areas
    const spec = `Group: ${Array.from({ length: 51 }, (_, i) => `A${i}`).join(', ')}`
    expect(() => getRegion(parcellation, spec)).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER' }))
  })
})
