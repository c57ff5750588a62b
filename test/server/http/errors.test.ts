import { expect, test } from 'vitest'
import { errorBody, retryAfterS } from '../../../src/server/http/errors.ts'
import { errorOf } from '../fake-app.ts'

test.each([
  ['UNAVAILABLE', {}, 10],
  ['UPSTREAM_UNAVAILABLE', {}, 10],
  ['OVERLOADED', {}, 2],
  ['DEADLINE_EXCEEDED', {}, 2],
  ['OVERLOADED', { retryAfterS: 2.5 }, 3],
  ['NOT_FOUND', {}, undefined],
] as const)('after %s with %j one may come again in %s s', (code, details, seconds) => {
  expect(retryAfterS(code, details)).toBe(seconds)
})

test('an error has a detail and a code, whatever its status', () => {
  const told = (status: number, detail: string | []) => {
    const { detail: said, code } = errorOf(errorBody(status, detail))
    return [said, code]
  }
  expect([told(418, 'a'), told(499, []), told(500, ''), told(404, 'b')]).toEqual([
    ['a', 'BAD_REQUEST'],
    ['Error 499', 'BAD_REQUEST'],
    ['Error 500', 'INTERNAL'],
    ['b', 'NOT_FOUND'],
  ])
})
