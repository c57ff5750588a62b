import { expect, test } from 'vitest'
import { headerList } from '../../../src/tasks/answer/header-values.ts'

const x = (count: number) => 'x'.repeat(count)

test.each([
  ['nothing', [], ''],
  ['names that are encoded', ['a b', 'ü'], 'a%20b, %C3%BC'],
  ['a name of 100 characters', [x(100)], x(100)],
  ['a longer one', [x(101)], `${x(100)}...`],
  ['half of a pair, as a cut leaves it', [`${x(99)}\ud83e\udde0`], `${x(99)}%EF%BF%BD...`],
  ['507 characters', [x(100), x(100), x(100), x(100), x(99)], [x(100), x(100), x(100), x(100), x(99)].join(', ')],
  ['one more', [x(100), x(100), x(100), x(100), x(100)], [x(100), x(100), x(100), x(100), '...'].join(', ')],
  ['a first one that is too long by its encoding', ['ü'.repeat(100), 'b'], '...'],
])('%s', (_, names, value) => {
  expect(headerList(names)).toBe(value)
})
