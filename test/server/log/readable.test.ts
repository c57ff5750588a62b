import { expect, test } from 'vitest'
import { isForPeople } from '../../../src/server/log/log.ts'
import { readableLine } from '../../../src/server/log/readable.ts'

const read = (line: object) => readableLine(JSON.stringify({ level: 30, time: Date.now(), pid: 1, ...line })).slice(9)

test('lines for people say what happened', () => {
  expect(read({ msg: 'Ready on http://127.0.0.1:5000', configuration: { source: 'x' } })).toBe(
    'Ready on http://127.0.0.1:5000\n',
  )
  expect(read({ method: 'GET', path: '/v3_0/atlases', status: 200, ms: 1.5, cache: 'hit' })).toBe(
    'GET /v3_0/atlases 200, 1.5 ms, kept\n',
  )
  expect(read({ task: { name: 'map.assign' }, queue: 'volumes', outcome: 'ok', ms: 12 })).toBe(
    'map.assign: ok, 12 ms\n',
  )
  expect(read({ level: 40, msg: 'Nothing reads X' })).toBe('warning: Nothing reads X\n')
  expect(read({ level: 50, msg: 'It failed', err: { message: 'why' } })).toBe('error: It failed why\n')
})

test('they are for terminals, or where they are asked for', () => {
  expect(isForPeople('text')).toBe(true)
  expect(isForPeople('json')).toBe(false)
  expect(isForPeople('auto')).toBe(process.stdout.isTTY === true)
})
