import { afterEach, beforeEach, vi } from 'vitest'
import type { CoreSummary, ThreadSettings } from '../../../../src/dispatch/threads/thread-messages.ts'
import {
  createThreadPool,
  type ThreadPool,
  type ThreadPoolOptions,
} from '../../../../src/dispatch/threads/thread-pool.ts'
import { createTask } from '../../conformance.ts'
import { FakeWorker } from '../fake-worker.ts'

/** The tests of a file go by a clock that they move; what threads the pool makes is a module that each file replaces. */
export function useFakeThreads() {
  beforeEach(() => {
    vi.useFakeTimers()
    FakeWorker.all.length = 0
  })
  afterEach(() => void vi.useRealTimers())
}

/** The threads that there were, the first one first. */
export const threads = FakeWorker.all
export const at = (index: number) => threads[index] as FakeWorker
export const names = () => threads.map((thread) => thread.names().join(' '))

export function createPool(size: number, tasksPerThread: number, more: Partial<ThreadPoolOptions> = {}) {
  const problems: string[] = []
  const pool = createThreadPool({
    entry: new URL('file:///entry.js'),
    name: 'core',
    size,
    tasksPerThread,
    // only what the pool adds is looked at
    settings: () => ({ queues: ['core'] }) as unknown as ThreadSettings,
    onProblem: (message) => void problems.push(message),
    ...more,
  })
  /** By name, what came of a task; each time that something did. */
  const ended: string[] = []
  const run = (name: string, onProgress?: Parameters<ThreadPool['run']>[2]) =>
    pool.run(
      createTask(name),
      (result) => void ended.push(`${name} ${result.ok ? 'ok' : result.code === 'NOT_FOUND' ? 'done' : result.code}`),
      onProgress,
    )
  /** Runs tasks that are begun by their threads. */
  const begin = (...all: string[]) => {
    for (const name of all) {
      run(name)
      threads.findLast((thread) => thread.idOf(name) >= 0)?.begin(name)
    }
  }
  return { pool, run, begin, ended, problems }
}

/** What a thread has loaded; only its source is looked at. */
export const summary = (source: string) => ({ source }) as CoreSummary
