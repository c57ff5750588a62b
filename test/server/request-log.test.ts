import type { IncomingMessage } from 'node:http'
import fc from 'fast-check'
import { symbols } from 'pino'
import { expect, test } from 'vitest'
import type { Logger } from '../../src/server/log/log.ts'
import { createRequestLog, loggedPath, type RequestLine, requestId } from '../../src/server/request-log.ts'
import { redactCredentials } from '../../src/siibra/index.ts'

/** The lines that a request leaves in a log whose stream looks through nothing. */
function linesOf(line: Partial<RequestLine>, levels = ['info', 'warn']): string[] {
  const written: string[] = []
  const stream = { write: () => expect.unreachable(), writeHarmless: (text: string) => written.push(text) }
  const logger = {
    isLevelEnabled: (level: string) => levels.includes(level),
    [symbols.streamSym]: stream,
  } as unknown as Logger
  const all = {
    id: 'id',
    method: 'GET',
    path: '/',
    status: 200,
    ms: 0.123,
    cache: 'hit',
    message: {} as IncomingMessage,
  }
  createRequestLog(logger)({ ...all, ...line } as RequestLine)
  return written
}

function lineOf(line: Partial<RequestLine>): string {
  const written = linesOf(line)
  expect(written).toHaveLength(1)
  return written[0] as string
}

test('a request leaves one line of JSON', () => {
  const { time, pid, ...rest } = JSON.parse(lineOf({ path: '/v3_0/regions?find=a%20"b"' }))
  expect(time).toBeGreaterThan(1.7e12)
  expect(pid).toBe(process.pid)
  expect(rest).toEqual({
    level: 30,
    id: 'id',
    method: 'GET',
    path: '/v3_0/regions?find=a%20"b"',
    status: 200,
    ms: 0.12,
    cache: 'hit',
  })
})

test.each([
  ['/x?access_token=abcdef&size=3', '/x?access_token=***&size=3'],
  ['/x?url=https://user:secret@host/file', '/x?url=https://***@host/file'],
  ['/x?url=https%3A%2F%2Fuser%3Asecret%40host%2Ffile', '/x?url=https%3A%2F%2F***%40host%2Ffile'],
  ['/x?q=Bearer abcdefghi', '/x?q=Bearer ***'],
])('credentials of %s are not told, with a path that is at hand or without', (path, told) => {
  expect(JSON.parse(lineOf({ path })).path).toBe(told)
  expect(JSON.parse(lineOf({ path, pathJson: loggedPath(path) })).path).toBe(told)
})

test('nothing is left in a line for which the log would have to look', () => {
  const word = fc.constantFrom(
    'token',
    'key',
    '=',
    '&',
    '?',
    '://',
    '@',
    'Basic ',
    'abcdefg',
    '"',
    '\\',
    '%3A%2F%2F',
    '%40',
    '/',
    'a:b',
  )
  const text = fc.array(word, { maxLength: 12 }).map((words) => words.join(''))
  fc.assert(
    fc.property(text, text, (path, given) => {
      const line = lineOf({ path: `/${path}`, id: requestId(given) })
      expect(redactCredentials(line)).toBe(line)
    }),
    { numRuns: 2000 },
  )
})

test('probes that are answered as they should be leave none; what fails is a warning', () => {
  const told = (path: string, status: number, levels?: string[]) =>
    linesOf({ path, status }, levels).map((line) => JSON.parse(line).level)
  expect([200, 399, 503].flatMap((status) => told('/livez', status))).toEqual([])
  expect([400, 500].flatMap((status) => told('/livez', status))).toEqual([30, 40])
  expect([200, 499, 500, 503].flatMap((status) => told('/x', status))).toEqual([30, 30, 40, 40])
  expect([200, 500].flatMap((status) => told('/x', status, ['warn']))).toEqual([40])
})

test('an id that a proxy gave is kept where it can stand in a line; others are counted', () => {
  for (const id of ['a', 'A.b:/+=-_9', 'x'.repeat(128)]) expect(requestId(id)).toBe(id)
  const numbers = [undefined, '', 'a"b', 'x'.repeat(129), 7].map((given) =>
    Number.parseInt(requestId(given).split('-')[1]!, 36),
  )
  expect(numbers.map((number) => number - numbers[0]!)).toEqual([0, 1, 2, 3, 4])
})
