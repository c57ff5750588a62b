import { expect, test } from 'vitest'
import { deprecationHeaders, deprecationInWords, linksBelow } from '../../../src/server/http/deprecation.ts'

const EXPOSED = ['access-control-expose-headers', 'deprecation, sunset, link']
const all = { since: '2027-01-31', sunset: '2027-08-01', successor: '/v3_0/things' }
const headers = [
  ...['deprecation', '@1801353600', 'sunset', 'Sun, 01 Aug 2027 00:00:00 GMT'],
  ...['link', '</v3_0/things>; rel="successor-version"', ...EXPOSED],
]

test.each([
  [undefined, []],
  [true as const, []],
  [{ since: '2027-01-31' }, ['deprecation', '@1801353600', ...EXPOSED]],
  [all, headers],
])('%j is told by headers', (deprecated, expected) => {
  expect(deprecationHeaders(deprecated === undefined ? {} : { deprecated })).toEqual(expected)
})

test.each([
  [{ since: 'a' }, 'Deprecated since a.'],
  [{ since: 'a', sunset: 'b' }, 'Deprecated since a, gone from b on.'],
  [{ since: 'a', successor: '/c' }, 'Deprecated since a: ask `/c`.'],
])('%j is told in words', (deprecated, words) => expect(deprecationInWords(deprecated)).toBe(words))

test('links lead below the path of the client', () => {
  expect(linksBelow('/atlas', headers)).toEqual(headers.map((text) => text.replace('</', '</atlas/')))
  expect(linksBelow('', headers)).toBe(headers)
})
