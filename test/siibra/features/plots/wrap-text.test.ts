import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { wrapText } from '../../../../src/siibra/features/plots/wrap-text.ts'

const fixture = new URL('../../../fixtures/plots/wrapped-texts.json', import.meta.url)
const cases = JSON.parse(readFileSync(fixture, 'utf8')) as { text: string; lines: string[] }[]

test.each(cases)('breaks $text as Python does', ({ text, lines }) => {
  expect(wrapText(text, 40)).toEqual(lines)
})

/** By `textwrap.wrap(text, 10)`. */
test.each([
  ['a 1234567890', ['a', '1234567890']],
  ['ab 12345678901234', ['ab 1234567', '8901234']],
  ['abcdefghij', ['abcdefghij']],
  ['abcdefghijk', ['abcdefghij', 'k']],
  ['a --------------', ['a --------', '------']],
  ['b abcdef-ghijklmn', ['b abcdef-', 'ghijklmn']],
  ['---------------', ['----------', '-----']],
  ['1-23456789012345', ['1-', '2345678901', '2345']],
  ['ab -1234567890123', ['ab -123456', '7890123']],
  ['x a1-2b3-4567890123', ['x a1-2b3-', '4567890123']],
  ['aaaaaaaaa bb  cc  ddddddddddddd', ['aaaaaaaaa', 'bb  cc  dd', 'dddddddddd', 'd']],
])('%j is broken into %j', (text, lines) => {
  expect(wrapText(text, 10)).toEqual(lines)
})
