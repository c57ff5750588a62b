import { expect, test } from 'vitest'
import { createFifo } from '../../../src/dispatch/scheduling/fifo.ts'

test('first in, first out; the last one can be taken, and anyone may leave once', () => {
  const line = createFifo<string>()
  const leave = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, line.push(name)]))
  expect(leave.c?.()).toBe(true)
  expect(leave.c?.()).toBe(false)
  expect(line.pop()).toBe('e')
  expect(leave.e?.()).toBe(false)
  expect(line.shift()).toBe('a')
  expect(line.size()).toBe(2)
  line.push('f')
  expect([line.shift(), line.shift(), line.shift(), line.shift(), line.pop()]).toEqual([
    'b',
    'd',
    'f',
    undefined,
    undefined,
  ])
  expect(line.size()).toBe(0)
  expect(leave.d?.()).toBe(false)
})
