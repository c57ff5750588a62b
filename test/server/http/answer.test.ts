import { describe, expect, test } from 'vitest'
import {
  answerRequest,
  errorAnswer,
  failureAnswer,
  jsonAnswer,
  parseRange,
  plainAnswer,
  prepareAnswer,
} from '../../../src/server/http/answer.ts'
import { toRecord } from '../../../src/server/http/reply.ts'
import { createEntry } from '../cache/conformance.ts'
import { errorOf } from '../fake-app.ts'

const asking = (headers: Record<string, string> = {}, method = 'GET') => answerRequest({ method, headers })

describe('a range of bytes', () => {
  const WHOLE = undefined
  const NOWHERE = 'unsatisfiable'
  test.each([
    ['bytes=0-9', { start: 0, end: 9 }],
    [' bytes=0-0 ', { start: 0, end: 0 }],
    ['bytes=3-', { start: 3, end: 9 }],
    ['bytes=9-', { start: 9, end: 9 }],
    ['bytes=10-', NOWHERE],
    ['bytes=2-99', { start: 2, end: 9 }],
    ['bytes=5-4', WHOLE],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-10', { start: 0, end: 9 }],
    ['bytes=-99', { start: 0, end: 9 }],
    ['bytes=-0', NOWHERE],
    ['bytes=-', WHOLE],
    ['bytes=0-1,3-4', WHOLE],
    ['lines=0-1', WHOLE],
  ])('%s of ten is %j', (range, expected) => {
    expect(parseRange(asking({ range }), '"e"', 10)).toEqual(expected)
  })

  test('of nothing there is none', () => {
    expect(['bytes=-1', 'bytes=0-'].map((range) => parseRange(asking({ range }), '"e"', 0))).toEqual([NOWHERE, NOWHERE])
  })

  test('is for GET, and for the bytes that the client has a part of', () => {
    const range = 'bytes=0-1'
    expect(parseRange(asking({}), '"e"', 10)).toBe(WHOLE)
    expect(parseRange(asking({ range }, 'HEAD'), '"e"', 10)).toBe(WHOLE)
    expect(parseRange(asking({ range, 'if-range': '"e"' }), '"e"', 10)).toEqual({ start: 0, end: 1 })
    expect(parseRange(asking({ range, 'if-range': '"f"' }), '"e"', 10)).toBe(WHOLE)
  })
})

describe('a kept answer', () => {
  const bodies = { identity: Buffer.from('0123456789'), gzip: Buffer.from('zip') }
  const json = createEntry({ status: 200, contentType: 'application/json', headers: {}, etag: '"e"', bodies })
  const file = { ...json, contentType: 'application/octet-stream' }
  const send = (entry: typeof json, headers: Record<string, string> = {}, method = 'GET') => {
    const { status, body, headers: list } = prepareAnswer(entry, asking(headers, method), 'public')
    const { etag, 'content-length': length, 'content-range': range, 'content-encoding': encoding } = toRecord(list)
    return [status, body && Buffer.from(body).toString(), etag, length, range, encoding]
  }
  const NONE = undefined

  test('is sent as the client likes it, or told to be known', () => {
    expect(send(json)).toEqual([200, '0123456789', '"e"', '10', NONE, NONE])
    expect(send(json, {}, 'HEAD')).toEqual([200, NONE, '"e"', '10', NONE, NONE])
    expect(send(json, { 'accept-encoding': 'gzip' })).toEqual([200, 'zip', '"e-gzip"', '3', NONE, 'gzip'])
    expect(send(json, { 'if-none-match': '"e-gzip"' })).toEqual([304, NONE, '"e"', NONE, NONE, NONE])
  })

  test('has ranges where it is a file', () => {
    const range = 'bytes=2-4'
    expect(send(json, { range })).toEqual([200, '0123456789', '"e"', '10', NONE, NONE])
    const part = [206, '234', '"e"', '3', 'bytes 2-4/10', NONE]
    expect(send(file, { range, 'accept-encoding': 'gzip' })).toEqual(part)
    expect(send(file, { range, 'if-none-match': '"e"' })).toEqual([304, NONE, '"e"', NONE, NONE, NONE])
    const [status, body, ...headers] = send(file, { range: 'bytes=10-' })
    expect([status, errorOf(String(body)).detail, ...headers]).toEqual([
      416,
      'The header Range asks for bytes behind the end: there are 10',
      '"e"',
      String(String(body).length),
      'bytes */10',
      NONE,
    ])
  })
})

describe('an answer that is not kept', () => {
  test('tells its length in bytes', () => {
    const lengthOf = ({ headers }: { headers: string[] }) => toRecord(headers)['content-length']
    expect(lengthOf(plainAnswer(200, 'é'))).toBe('2')
    const { status, headers, body } = jsonAnswer(202, { a: 1 }, ['x', 'y'])
    expect([status, body, toRecord(headers)]).toEqual([
      202,
      '{"a":1}',
      { 'content-type': 'application/json', 'cache-control': 'no-store', x: 'y', 'content-length': '7' },
    ])
  })

  test.each([
    ['INTERNAL', {}, {}, 500, undefined],
    ['OVERLOADED', {}, {}, 503, '2'],
    ['DEADLINE_EXCEEDED', {}, {}, 504, '2'],
    ['UNAVAILABLE', {}, {}, 503, '10'],
    ['UPSTREAM_UNAVAILABLE', {}, {}, 503, '10'],
    ['NOT_FOUND', { retryAfterS: 1.2 }, {}, 404, '2'],
    ['NOT_FOUND', {}, { NOT_FOUND: 400 }, 400, undefined],
  ] as const)('of a task that failed: %s %j, whose route says %j', (code, details, statuses, status, retryAfter) => {
    const answer = failureAnswer({ ok: false, code, message: 'It is so', details }, statuses)
    expect([answer.status, toRecord(answer.headers)['retry-after']]).toEqual([status, retryAfter])
    expect(errorOf(String(answer.body))).toEqual({ detail: 'It is so', code, ...details })
  })

  test.each([
    [404, 'x', { detail: 'x', code: 'NOT_FOUND' }],
    [418, 'x', { detail: 'x', code: 'BAD_REQUEST' }],
    [500, '', { detail: 'Error 500', code: 'INTERNAL' }],
    [599, 'x', { detail: 'x', code: 'INTERNAL' }],
  ])('says what is wrong: %i', (status, detail, told) => {
    const { body } = errorAnswer(status, detail)
    expect(JSON.parse(String(body))).toMatchObject({ error: true, status_code: status })
    expect(errorOf(String(body))).toEqual(told)
  })
})
