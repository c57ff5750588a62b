import { expect, test } from 'vitest'
import {
  demandOf,
  demands,
  etagOfEncoding,
  keptHeaders,
  matchesEtag,
  publicCacheControl,
} from '../../../../src/server/http/kept/kept-rules.ts'
import { createEntry } from '../../cache/conformance.ts'

test.each([
  ['authorization', '', 'private'],
  ['x-bypass-fastapi-cache', '1', 'fresh'],
  ['x-bypass-fastapi-cache', '', undefined],
  ['cache-control', 'no-cache', 'fresh'],
  ['cache-control', 'max-age=0', undefined],
  ['accept', 'text/x-sapi-python', 'other'],
  ['accept', '*/*', undefined],
  ['range', '', 'other'],
  ['constructor', 'x', undefined],
])('%s: %s asks for what is %s', (name, value, what) => {
  expect(demandOf(name, value)).toBe(what)
  for (const one of ['private', 'fresh', 'other'] as const)
    expect(demands({ host: 'x', range: undefined, [name]: value }, one)).toBe(one === what)
})

test('each encoding has a validator of its own, and all of them stand for the answer', () => {
  expect([etagOfEncoding('"e"', 'identity'), etagOfEncoding('"e"', 'br')]).toEqual(['"e"', '"e-br"'])
  for (const known of ['"e"', 'W/"e"', '*', '"x", "e-gzip"', '"e-br"', ' "e-zstd" '])
    expect(matchesEtag(known, '"e"')).toBe(true)
  for (const other of [undefined, '', '"f"', '"e-deflate"', 'e']) expect(matchesEtag(other, '"e"')).toBe(false)
})

test('a kept answer has its headers, and how long it may be kept', () => {
  const entry = createEntry({
    contentType: 'application/json',
    etag: '"e"',
    headers: { 'x-siibra-note': 'n', 'cache-control': 'no-store' },
  })
  const [etag, vary, type] = [
    ['etag', '"e"'],
    ['vary', 'Accept-Encoding, Accept'],
    ['content-type', 'application/json'],
  ]
  const rest = ['cache-control', 'public', 'x-siibra-note', 'n']
  expect(keptHeaders(entry, 'identity', 'public')).toEqual([etag, vary, type, rest].flat())
  expect(keptHeaders(entry, 'br', 'public')).toEqual(
    [['etag', '"e-br"'], vary, type, rest, ['content-encoding', 'br']].flat(),
  )
  expect(keptHeaders({ ...entry, contentType: 'text/csv' }, 'identity', 'public')).toEqual(
    [etag, vary, ['accept-ranges', 'bytes', 'content-type', 'text/csv'], rest].flat(),
  )
})

test.each([
  [{ browserCacheS: 60, edgeCacheS: 0, edgeStaleS: 0 }, 'public, max-age=60'],
  [{ browserCacheS: 0, edgeCacheS: 5, edgeStaleS: 0 }, 'public, max-age=0, s-maxage=5'],
  [{ browserCacheS: 1, edgeCacheS: 0, edgeStaleS: 7 }, 'public, max-age=1, stale-while-revalidate=7, stale-if-error=7'],
])('%j is said as %s', (config, value) => expect(publicCacheControl(config)).toBe(value))
