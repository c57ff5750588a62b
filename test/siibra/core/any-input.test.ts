import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findRegions, lookUpRegion, SiibraError } from '../../../src/siibra/index.ts'
import { loadExample } from './fixtures.ts'

const core = await loadExample()
const parcellation = core.parcellations.get('example/parcellation/v1/areas-2')
const names = parcellation.regions.map(({ name }) => name)

/** Anything, parts of real names, and what looks like a regular expression or a group. */
const spec = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom(...names).chain((name) => fc.nat(name.length).map((length) => name.slice(0, length))),
  fc
    .array(
      fc.constantFrom(
        'left',
        'Area',
        'aB1',
        '17',
        '(',
        ')',
        ',',
        ' ',
        '/',
        '-',
        '.',
        '*',
        '+',
        '[',
        ']',
        '\\',
        '?',
        '|',
      ),
    )
    .map((parts) => parts.join('')),
  fc.string({ maxLength: 40 }).map((pattern) => `/${pattern}/`),
  fc
    .array(
      fc.constantFrom('a', '(', ')', '*', '+', '?', '[', ']', '{,2}', '\\w', '\\1', '(?=', '(?P<n>', '(?#', '|', '.'),
    )
    .map((parts) => `/${parts.join('')}/ix`),
  fc.string({ maxLength: 60 }).map((text) => `Group: ${text}`),
)

/** The codes that a search may fail with. */
const REFUSALS = ['NOT_FOUND', 'AMBIGUOUS', 'INVALID_PARAMETER']

function expectAnswerOrRefusal(search: () => unknown): void {
  try {
    expect(search()).toBeDefined()
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(SiibraError)
    expect(REFUSALS).toContain((thrown as SiibraError).code)
  }
}

test('whatever is asked for is found or refused', { timeout: 180_000 }, () => {
  fc.assert(
    fc.property(spec, (text) => {
      expectAnswerOrRefusal(() => core.atlases.lookUp(text))
      expectAnswerOrRefusal(() => core.spaces.lookUp(text))
      expectAnswerOrRefusal(() => core.parcellations.lookUp(text))
      expectAnswerOrRefusal(() => lookUpRegion(parcellation, text))
      expectAnswerOrRefusal(() => findRegions(parcellation, text))
    }),
    { numRuns: 500 },
  )
})
