import { readlinkSync } from 'node:fs'
import { constants, getPriority, setPriority } from 'node:os'

/**
 * Gives the calling thread a lower priority at the operating system than the process has, by `niceness` steps, so that work nobody waits
 * for critically takes what the others leave. Linux only, where threads have priorities of their own; does nothing elsewhere.
 */
export function lowerThreadPriority(niceness: number): boolean {
  if (niceness === 0 || process.platform !== 'linux') return false
  try {
    // "<process>/task/<thread>" of whoever asks
    const threadId = Number(readlinkSync('/proc/thread-self').split('/').at(-1))
    if (!Number.isInteger(threadId) || threadId === process.pid) return false
    setPriority(threadId, Math.min(constants.priority.PRIORITY_LOW, getPriority(process.pid) + niceness))
    return true
  } catch {
    return false
  }
}
