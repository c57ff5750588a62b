import { expect, test } from 'vitest'
import { chooseColumns } from '../../../../src/siibra/features/plots/choose-regions.ts'
import type { Region } from '../../../../src/siibra/index.ts'

const named = (name: string) => ({ name }) as Region
const NAMES = ['V1', 'V1, left', 'TE', '']
/** The third stands for two regions, the fourth for one, the others for none that the parcellation knows. */
const LABELS = ['V1', 'V1, left', [named('Temporal one'), named('v1')], named('Nameless')]
const choose = (text: string) => chooseColumns(text, NAMES, LABELS)

test.each([
  ['V1', [0]],
  ['v1', [0]],
  [' , v1 , te,', [0, 2]],
  ['V1, left', [1]],
  ['V1, TE', [0, 2]],
  ['V1 TE V1', [0, 2]],
  ['te v1, LEFT v1', [2, 1, 0]],
  ['temporal one', [2]],
  ['Nameless', [3]],
  ['', []],
  [' , ', []],
])('%j asks for the columns %j', (text, columns) => {
  expect(choose(text)).toEqual(columns)
})

test.each([
  ['V2', '"v2"'],
  ['V12', '"v12"'],
  ['V1 V2, TE', '"v2, te"'],
])('%j is refused, with what is not known', (text, told) => {
  expect(() => choose(text)).toThrow(
    expect.objectContaining({
      code: 'INVALID_PARAMETER',
      message: `regions: ${told} is none of this feature's regions`,
      details: expect.objectContaining({ parameter: 'regions', allowed: NAMES }),
    }),
  )
})
