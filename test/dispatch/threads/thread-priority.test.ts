import { afterEach, beforeEach, expect, test, vi } from 'vitest'

const system = vi.hoisted(() => ({ set: [] as [number, number][], idle: [] as string[], own: 0, fails: false }))
vi.mock('node:os', async (original) => ({
  ...(await original<typeof import('node:os')>()),
  getPriority: () => system.own,
  setPriority(id: number, priority: number) {
    if (system.fails) throw new Error('EPERM')
    system.set.push([id, priority])
  },
}))
vi.mock('node:fs', async (original) => ({
  ...(await original<typeof import('node:fs')>()),
  readlinkSync: () => `${process.pid}/task/7001`,
  readdirSync: () => ['7001', '7002', 'none'],
}))
vi.mock('node:child_process', () => ({
  execFile: (command: string, args: string[]) => void system.idle.push([command, ...args].join(' ')),
}))
const priorities = await import('../../../src/dispatch/threads/thread-priority.ts')
const { IDLE_NICENESS, lowerProcessPriority, lowerThreadPriority } = priorities

const { platform } = process
const onPlatform = (value: string) => Object.defineProperty(process, 'platform', { value })
beforeEach(() => {
  Object.assign(system, { set: [], idle: [], own: 0, fails: false })
  onPlatform('linux')
})
afterEach(() => void onPlatform(platform))

test('a thread is so many steps below the process, 19 at most', () => {
  expect([lowerThreadPriority(4), system.set, system.idle]).toEqual([true, [[7001, 4]], []])
  system.own = -3
  lowerThreadPriority(4)
  system.own = 17
  lowerThreadPriority(4)
  expect(system.set.slice(1)).toEqual([
    [7001, 1],
    [7001, 19],
  ])
})

test('a process is, with all threads that it has', () => {
  expect([lowerProcessPriority(2), system.set]).toEqual([
    true,
    [
      [7001, 2],
      [7002, 2],
    ],
  ])
})

test('one more than the lowest runs only while nothing else wants to', () => {
  expect(IDLE_NICENESS).toBe(20)
  lowerProcessPriority(19)
  expect(system.idle).toEqual([])
  lowerProcessPriority(20)
  expect(system.set.at(-1)).toEqual([7002, 19])
  expect(system.idle).toEqual(['chrt --idle --pid 0 7001', 'chrt --idle --pid 0 7002'])
})

test('by no step, elsewhere, for the thread of the event loop, or where it may not, nothing is done', () => {
  expect(lowerThreadPriority(0)).toBe(false)
  onPlatform('darwin')
  expect(lowerThreadPriority(4)).toBe(false)
  onPlatform('linux')
  const { pid } = process
  Object.defineProperty(process, 'pid', { value: 7001 })
  expect(lowerThreadPriority(4)).toBe(false)
  Object.defineProperty(process, 'pid', { value: pid })
  expect(system.set).toEqual([])
  system.fails = true
  expect(lowerThreadPriority(4)).toBe(false)
})
