import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { wrapText } from '../../../../src/siibra/features/plots/wrap-text.ts'

const fixture = new URL('../../../fixtures/plots/wrapped-texts.json', import.meta.url)
const cases = JSON.parse(readFileSync(fixture, 'utf8')) as { text: string; lines: string[] }[]

test.each(cases)('breaks $text as Python does', ({ text, lines }) => {
  expect(wrapText(text, 40)).toEqual(lines)
})
