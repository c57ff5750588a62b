import { join } from 'node:path'
import { setImmediate as nextRound } from 'node:timers/promises'
import { loadSnapshot, type SnapshotSource, saveSnapshot, sweepSnapshots } from './snapshot.ts'

export interface KeptOnDisk {
  /** Reads what an earlier process of the same version left. Never rejects. */
  load(version: string): Promise<number>
  /** Writes what there is now, if anything has changed. Never rejects. */
  save(): Promise<number>
  /** Stops writing now and then. */
  close(): void
}

/** A process that is killed loses the answers of this time, at most. */
const SAVE_EVERY_MS = 10 * 60_000

/** Keeps the answers of a memory cache over restarts, in a file per version of the data. */
export function keepOnDisk(cache: SnapshotSource, cacheDir: string, onProblem: (message: string) => void): KeptOnDisk {
  const folder = join(cacheDir, 'answers')
  let path: string | undefined
  /** Misses when it was written last: a new answer was one before. */
  let savedMisses = -1
  const timer = setInterval(() => void save(nextRound), SAVE_EVERY_MS)
  timer.unref()

  const save = async (pause?: () => Promise<unknown>): Promise<number> => {
    const { misses } = cache.stats()
    if (path === undefined || misses === savedMisses) return 0
    savedMisses = misses
    try {
      return await saveSnapshot(cache, path, pause)
    } catch (thrown) {
      onProblem(`The answers cannot be kept in ${folder}: ${(thrown as Error).message}`)
      return 0
    }
  }

  return {
    async load(version) {
      path = join(folder, `${version}.answers`)
      // what is answered while this reads is new
      savedMisses = cache.stats().misses
      try {
        const count = await loadSnapshot(path, cache, nextRound)
        await sweepSnapshots(folder)
        return count
      } catch (thrown) {
        onProblem(`The answers in ${folder} cannot be read: ${(thrown as Error).message}`)
        return 0
      }
    },
    save: () => save(),
    close: () => clearInterval(timer),
  }
}
