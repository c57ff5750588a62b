import { expect, test } from 'vitest'
import { plainHead } from '../../../../src/server/http/kept/plain-head.ts'

const NOTHING = { accept: undefined, acceptEncoding: undefined, ifNoneMatch: undefined, requestId: undefined }

test('of a head is read what decides the form of the answer, whatever its case', () => {
  expect(plainHead([])).toEqual(NOTHING)
  // the first two have lengths that matter, and other names
  expect(plainHead(['origin', 'a', 'x-header-of-fifteen', 'b', 'Host', 'c'])).toEqual(NOTHING)
  const all = ['Accept', '*/*', 'ACCEPT-ENCODING', 'br', 'if-none-match', '"e"', 'X-Request-Id', 'r']
  expect(plainHead(all)).toEqual({ accept: '*/*', acceptEncoding: 'br', ifNoneMatch: '"e"', requestId: 'r' })
})

test.each([
  [['Authorization', 'Basic x']],
  [['Cache-Control', 'no-cache']],
  [['host', 'x', 'Range', 'bytes=0-1']],
  [['accept', 'text/x-sapi-python']],
  [['accept', 'a', 'Accept', 'b']],
])('%j is not answered the short way', (headers) => {
  expect(plainHead(headers)).toBeUndefined()
})
