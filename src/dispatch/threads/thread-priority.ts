import { execFile } from 'node:child_process'
import { readdirSync, readlinkSync } from 'node:fs'
import { constants, getPriority, setPriority } from 'node:os'

/** One more than the lowest priority: runs only while nothing else wants to (SCHED_IDLE). */
export const IDLE_NICENESS = 20

/**
 * Gives the calling thread a lower priority at the operating system than the process has, by `niceness` steps, so that work nobody waits
 * for critically takes what the others leave. Linux only, where threads have priorities of their own; does nothing elsewhere.
 */
export function lowerThreadPriority(niceness: number): boolean {
  // "<process>/task/<thread>" of whoever asks
  return lower(niceness, () => [Number(readlinkSync('/proc/thread-self').split('/').at(-1))], process.pid)
}

/** The same for a whole process, with the threads that it has and those that it will have. */
export function lowerProcessPriority(niceness: number): boolean {
  return lower(niceness, () => readdirSync('/proc/self/task').map(Number))
}

function lower(niceness: number, threadsOf: () => number[], except?: number): boolean {
  if (niceness === 0 || process.platform !== 'linux') return false
  try {
    const threads = threadsOf().filter((id) => Number.isInteger(id) && id !== except)
    const priority = Math.min(constants.priority.PRIORITY_LOW, getPriority(process.pid) + niceness)
    for (const id of threads) setPriority(id, priority)
    if (niceness === IDLE_NICENESS) for (const id of threads) makeIdle(id)
    return threads.length > 0
  } catch {
    return false
  }
}

/** By the command of util-linux, as node cannot; where there is none, the lowest priority has to do. */
function makeIdle(threadId: number): void {
  execFile('chrt', ['--idle', '--pid', '0', String(threadId)], () => {})
}
