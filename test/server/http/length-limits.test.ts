import type { IncomingMessage, ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { baseHeaders } from '../../../src/server/http/headers.ts'
import { createExpressionLimit, createUrlLimit } from '../../../src/server/http/length-limits.ts'
import { errorOf } from '../fake-app.ts'

test('a URL is as long as it may be', () => {
  const base = () => baseHeaders('1', false)
  expect(createUrlLimit({ maxUrlBytes: undefined }, base)).toBeUndefined()
  const refuse = createUrlLimit({ maxUrlBytes: 4 }, base)
  const sent: unknown[] = []
  const response = { writeHead: (...head: unknown[]) => sent.push(...head), end: (text: string) => sent.push(text) }
  const ask = (url: string) => refuse?.({ url } as IncomingMessage, response as unknown as ServerResponse)
  expect([ask('/123'), sent]).toEqual([false, []])
  expect(ask('/1234')).toBe(true)
  const [status, headers, text] = sent
  expect([status, errorOf(String(text)).code]).toEqual([414, 'INVALID_PARAMETER'])
  expect(headers).toMatchObject({ ...base().record, 'content-length': String(text).length })
})

test('an expression is as long as it may be', () => {
  expect(createExpressionLimit({ maxExpressionChars: 1000 })).toBeUndefined()
  expect(createExpressionLimit({ maxExpressionChars: 999 })).toBeDefined()
  const refuse = createExpressionLimit({ maxExpressionChars: 3 })
  for (const value of ['/abc/', '/abc/i', 'abcdef', '/abcdef', 'a/bcdef/', ['/abcd/'], 7])
    expect(refuse?.({ other: undefined, value }), String(value)).toBeUndefined()
  for (const value of ['/abcd/', '/abcd/i', '/a\nbcd/\n']) {
    const answer = refuse?.({ other: 'x', value })
    expect([answer?.status, errorOf(String(answer?.body))]).toEqual([
      400,
      { detail: 'The regular expression has more than 3 characters', code: 'BAD_REQUEST', parameter: 'value' },
    ])
  }
})
