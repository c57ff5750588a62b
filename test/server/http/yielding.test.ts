import { setImmediate as nextRound } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { createYielder } from '../../../src/server/http/yielding.ts'

/** Takes turns until nothing happens any more. */
async function rounds(count: number) {
  for (let i = 0; i < count; i++) await nextRound()
}

test('critical work is done at once, other work one piece a round', async () => {
  const yielder = createYielder()
  const done: string[] = []
  const take = (criticality: 'critical' | 'normal' | 'background', name: string) =>
    yielder.take(criticality, () => void done.push(name))
  take('normal', 'a')
  take('normal', 'b')
  take('critical', 'now')
  expect(done).toEqual(['now'])
  await nextRound()
  expect(done).toEqual(['now', 'a'])
  await nextRound()
  expect(done).toEqual(['now', 'a', 'b'])
})

test('the background has every fourth turn, and all when nothing else waits', async () => {
  const yielder = createYielder()
  const done: string[] = []
  for (let i = 0; i < 3; i++) yielder.take('background', () => void done.push(`b${i}`))
  for (let i = 0; i < 6; i++) yielder.take('normal', () => void done.push(`n${i}`))
  await rounds(12)
  expect(done.filter((name) => name.startsWith('n'))).toEqual(['n0', 'n1', 'n2', 'n3', 'n4', 'n5'])
  expect(done.indexOf('b0')).toBeLessThanOrEqual(3)
  expect(done.indexOf('b1') - done.indexOf('b0')).toBe(4)
  expect(done).toHaveLength(9)
})

test('waits for its turn; critical work does not', async () => {
  const yielder = createYielder()
  const done: string[] = []
  void yielder.wait('background').then(() => done.push('background'))
  void yielder.wait('critical').then(() => done.push('critical'))
  await Promise.resolve()
  expect(done).toEqual(['critical'])
  await rounds(1)
  expect(done).toEqual(['critical', 'background'])
})

test('work that throws does not stop the others', async () => {
  const yielder = createYielder()
  const caught: unknown[] = []
  const listeners = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', (error) => caught.push(error.message))
  let isDone = false
  yielder.take('normal', () => {
    throw new Error('no')
  })
  yielder.take('normal', () => {
    isDone = true
  })
  await rounds(4)
  process.removeAllListeners('uncaughtException')
  for (const listener of listeners) process.on('uncaughtException', listener)
  expect(caught).toEqual(['no'])
  expect(isDone).toBe(true)
})

test('one piece a round, whatever waits; nothing is looked for where nothing waits', async () => {
  const yielder = createYielder()
  const looks = vi.spyOn(globalThis, 'setImmediate')
  const done: string[] = []
  for (const [name, criticality] of [
    ['n0', 'normal'],
    ['b0', 'background'],
    ['n1', 'normal'],
  ] as const)
    yielder.take(criticality, () => void done.push(name))
  const look = looks.mock.calls[0]?.[0]
  await nextRound()
  expect(done).toEqual(['n0'])
  await rounds(5)
  expect(done).toEqual(['n0', 'n1', 'b0'])
  expect(looks.mock.calls.filter(([called]) => called === look)).toHaveLength(3)
  looks.mockRestore()
})
