import { describe, expect, test } from 'vitest'
import { answerPreflight, baseHeaders } from '../../../src/server/http/headers.ts'
import { toRecord } from '../../../src/server/http/reply.ts'

test('every answer has its headers, in both forms; the demo says what it is', () => {
  const { record, list } = baseHeaders('1.2.3', false)
  expect(toRecord([...list])).toEqual(record)
  expect(record).toMatchObject({ 'access-control-allow-origin': '*', 'x-siibra-api-version': '1.2.3' })
  expect(record).not.toHaveProperty('x-siibra-api-configuration')
  expect(baseHeaders('1', true).record).toMatchObject({ 'x-siibra-api-configuration': 'demo' })
})

describe('a preflight', () => {
  const ALWAYS =
    'Accept, Accept-Language, Content-Language, Content-Type, Authorization, Cache-Control, If-None-Match, Range, x-bypass-fastapi-cache'
  const allowed = (methods: string, headers = ALWAYS) => ({
    ok: true,
    headers: {
      'access-control-allow-methods': methods,
      'access-control-allow-headers': headers,
      'access-control-max-age': '600',
    },
  })
  const OTHER_METHOD = { ok: false, reason: 'Disallowed CORS method' }
  const OTHER_HEADERS = { ok: false, reason: 'Disallowed CORS headers' }

  test.each([
    ['GET', undefined, [], allowed('GET')],
    ['HEAD', '', ['GET', 'HEAD'], allowed('GET')],
    ['GET', ' accept ,, RANGE', [], allowed('GET')],
    ['GET', 'accept, x-other', [], OTHER_HEADERS],
    ['GET', 'prefer', ['GET', 'HEAD'], OTHER_HEADERS],
    ['POST', undefined, ['GET', 'HEAD'], OTHER_METHOD],
    ['POST', 'prefer', ['GET', 'HEAD', 'POST'], allowed('GET, POST', `${ALWAYS}, Content-Encoding, Prefer`)],
    ['GET', 'prefer', ['POST'], allowed('GET, POST', `${ALWAYS}, Content-Encoding, Prefer`)],
    ['DELETE', undefined, ['POST'], OTHER_METHOD],
  ])('for %s with %s, of a path with %j', (asked, headers, methods, expected) => {
    expect(answerPreflight(asked, headers, methods)).toEqual(expected)
  })
})
