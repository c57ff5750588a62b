import { memoryUsage } from 'node:process'
import { expect, test } from 'vitest'
import { compactWhenIdle } from '../../../src/dispatch/threads/compact.ts'

/** Holds 64 MB for as long as it runs. */
function leaveGarbage(): number {
  return Array.from({ length: 1000 }, () => new Array(8192).fill(0.5)).length
}

test('what nobody holds any more is given back, once nothing is under way', async () => {
  let busyFor = 3
  leaveGarbage()
  const before = memoryUsage().heapUsed
  const done = compactWhenIdle(() => busyFor-- > 0)
  expect(busyFor).toBe(3)
  await done
  expect(busyFor).toBeLessThan(0)
  expect(memoryUsage().heapUsed).toBeLessThan(before - 32e6)
})

test('the functions of a program are as before', async () => {
  await compactWhenIdle(() => false)
  expect('gc' in globalThis && typeof globalThis.gc).not.toBe('function')
})
