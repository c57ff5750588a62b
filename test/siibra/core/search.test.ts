import { describe, expect, test } from 'vitest'
import { findRegions, getRegion, lookUpRegion, regionModelId, suggestRegions } from '../../../src/siibra/index.ts'
import { loadExample, recorded } from './fixtures.ts'

const core = await loadExample()

/** siibra's exceptions in our words. */
const CODES: Record<string, string> = {
  IndexError: 'NOT_FOUND',
  ValueError: 'NOT_FOUND',
  RuntimeError: 'AMBIGUOUS',
  error: 'INVALID_PARAMETER',
  Exception: 'INVALID_PARAMETER',
}

function expectAsRecorded<T>(answer: () => T, expected: T | { error: string }): void {
  if (typeof expected === 'object' && expected !== null && 'error' in expected) {
    expect(answer).toThrow(expect.objectContaining({ code: CODES[expected.error] }))
  } else {
    expect(answer()).toEqual(expected)
  }
}

describe('look-ups as siibra has them', () => {
  test.each(recorded.lookUps)('%s: %j', (registry, spec, id) => {
    expectAsRecorded(() => core[registry].get(spec).id, id)
  })

  test('an empty id is not found', () => {
    expect(() => core.spaces.get('')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
  })

  test('a guess is told from an exact match', () => {
    expect(core.spaces.lookUp('example/space/v1/surface').exact).toBe(true)
    expect(core.spaces.lookUp('EXAMPLE_SURFACE').exact).toBe(true)
    expect(core.spaces.lookUp('Example Surface').exact).toBe(true)
    expect(core.spaces.lookUp('surface').exact).toBe(false)
  })

  test('what is not found names what there is, and cuts long specifications', () => {
    expect(() => core.spaces.get('x'.repeat(5000))).toThrow(
      /^No space matches 'x{200}\.\.\.'\. Known: EXAMPLE_TEMPLATE/,
    )
  })
})

describe('regions as siibra finds them', () => {
  // other letters than those of ASCII are searched here, while siibra passes them over: any-script.test.ts
  test.each(recorded.regions.filter(([, spec]) => !spec.includes('é')))(
    '%s: %.60j',
    (parcellationId, spec, found, chosen) => {
      const parcellation = core.parcellations.get(parcellationId)
      expectAsRecorded(
        () =>
          findRegions(parcellation, spec)
            .map(({ id }) => id)
            .sort(),
        found,
      )
      expectAsRecorded(() => getRegion(parcellation, spec).id, chosen)
    },
  )

  test.each(Object.entries(recorded.modelIds))('%s: ids of answers', (parcellationId, ids) => {
    const [, ...regions] = core.parcellations.get(parcellationId).regions
    const prefix = 'https://openminds.ebrains.eu/instances/parcellationEntityVersion/'
    expect(regions.map((region) => [region.name, regionModelId(region)])).toEqual(
      ids.map(([name, md5]) => [name, prefix + md5]),
    )
  })
})

describe('beyond siibra', () => {
  const areas = core.parcellations.get('example/parcellation/v1/areas-2')

  test('the most similar names come first', () => {
    expect(findRegions(areas, 'ab1').map(({ name }) => name)[0]).toBe('Area aB1 (OutR, 17)')
    expect(findRegions(areas, 'ab1 left').map(({ name }) => name)).toEqual(['Area aB1 (OutR, 17) left'])
  })

  test('every region is found by the @id of answers', () => {
    for (const region of areas.regions.slice(1)) {
      const { object, exact } = lookUpRegion(areas, regionModelId(region))
      expect([object.name, regionModelId(object), exact]).toEqual([region.name, regionModelId(region), true])
    }
  })

  test('regions of one name are told apart by their @id', () => {
    const [medial, lateral] = areas.regions.filter(({ name }) => name === 'Ch 12 (Knot)')
    expect(lookUpRegion(areas, regionModelId(medial!)).object.parent?.name).toBe('medial group')
    expect(lookUpRegion(areas, regionModelId(lateral!)).object.parent?.name).toBe('lateral group')
  })

  test('one region in a group is that region', () => {
    expect(getRegion(areas, 'Group: outer ridge').name).toBe('outer ridge')
    expect(getRegion(areas, 'Group: Area aB1 (OutR, 17) left').name).toBe('Area aB1 (OutR, 17) left')
  })

  test('a search under a region stays there', () => {
    const ridge = getRegion(areas, 'outer ridge')
    expect(findRegions(ridge, 'left').map(({ name }) => name)).toHaveLength(2)
    expect(findRegions(ridge, '/./')).toHaveLength(7)
  })

  test.each([
    ['aB1 lft', ['Area aB1 (OutR, 17) left']],
    ['Aera vC3 rihgt', ['Area vC3 (InR) right']],
    ['deep nuclie', ['deep nuclei']],
    ['zzzz', []],
    ['ridge zzzz', ['ridge', 'outer ridge']],
    ['x'.repeat(4096), []],
    ['', []],
  ])('instead of %.20j one may have meant %j', (spec, names) => {
    expect(suggestRegions(areas, spec).map(({ name }) => name)).toEqual(names)
  })

  test('an ambiguous name lists the candidates', () => {
    const failure = expect.objectContaining({ code: 'AMBIGUOUS', details: expect.objectContaining({ kind: 'region' }) })
    expect(() => getRegion(areas, 'right')).toThrow(failure)
    expect(() => getRegion(areas, 'right')).toThrow('Area aB2 (OutR, 18) right')
  })

  test.each([
    ['/\\u0041rea aB1/', '/Area aB1/'],
    ['/\\U00000041rea aB1/', '/Area aB1/'],
    ['/[[:alpha:]]/', '/[\\[:alph]\\]/'],
    ['/[[^]utR/', '/\\butR/'],
    ['/[§[]|OutR/', '/OutR/'],
  ])('%s means to Python what %s says', (pattern, plain) => {
    expect(findRegions(areas, pattern).map(({ id }) => id)).toEqual(findRegions(areas, plain).map(({ id }) => id))
  })

  test.each([
    '/(a+)+$/',
    '/(.*)*x/',
    '/(x+x+)+y/',
    '/(?=((.+)+)+$)(?!.)/',
    '/((((((((.*)*)*)*)*)*)*)*)\\1x/',
    `/${'(a?)'.repeat(200)}${'a'.repeat(150)}/`,
    `/${'a'.repeat(5000)}/`,
    '/((a{1,100}){1,100}){1,100}/',
  ])('%.40s comes to an end', (pattern) => {
    try {
      expect(findRegions(areas, pattern).length).toBeGreaterThanOrEqual(0)
    } catch (error) {
      expect(error).toMatchObject({ code: 'INVALID_PARAMETER', details: { parameter: 'find' } })
    }
  })
})
