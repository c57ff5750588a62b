/** A disk that is full, and files of the cache that are not what was written. */
import { existsSync, readdirSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Fleet } from '../fleet.ts'
import { ALL, type Fault, QUEUE } from './fault.ts'

const BOTH = [ALL, QUEUE] as const

/** What was decoded is forgotten with the threads that hold it, so that the files are read again. */
function forget({ readers }: Fleet): void {
  for (const reader of readers) reader.signal('SIGUSR2')
}

/** At once, under another name first: others go on to write there. */
export function removeCache({ cacheDir }: Fleet): void {
  const removed = `${cacheDir}.removed`
  if (existsSync(cacheDir)) renameSync(cacheDir, removed)
  rmSync(removed, { recursive: true, force: true, maxRetries: 20, retryDelay: 10 })
}

function eachCacheFile({ cacheDir }: Fleet, act: (path: string, bytes: number) => void): void {
  if (!existsSync(cacheDir)) return
  for (const entry of readdirSync(cacheDir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile()) continue
    try {
      act(path, statSync(path).size)
    } catch {
      // one that was just being written has its name by now
    }
  }
}

const damage = (name: string, act: (path: string, bytes: number) => void): Fault => ({
  name,
  fleets: BOTH,
  lastsS: 1,
  async begin(fleet) {
    eachCacheFile(fleet, act)
    forget(fleet)
  },
})

export const DISK_FAULTS: Fault[] = [
  {
    name: 'the disk of cache and downloads is full',
    fleets: BOTH,
    shortIn: BOTH,
    lastsS: 3,
    async begin(fleet) {
      if (!fleet.disk.isReal)
        console.log('    (no file system may be mounted here: what is written is bounded instead)')
      removeCache(fleet)
      fleet.disk.fill()
      if (!fleet.disk.isReal) for (const one of [...fleet.servers, ...fleet.workers]) one.limitFiles(0)
      forget(fleet)
    },
    async end({ disk, servers, workers }) {
      disk.free()
      if (!disk.isReal) for (const one of [...servers, ...workers]) one.limitFiles(undefined)
    },
  },
  {
    name: 'no process can write a byte to any file',
    fleets: BOTH,
    lastsS: 3,
    async begin(fleet) {
      for (const one of [...fleet.servers, ...fleet.workers]) one.limitFiles(0)
      removeCache(fleet)
      forget(fleet)
    },
    end: async ({ servers, workers }) => {
      for (const one of [...servers, ...workers]) one.limitFiles(undefined)
    },
  },
  {
    ...damage('all files of the cache hold other bytes', (path, bytes) =>
      writeFileSync(path, Buffer.alloc(bytes, 0x5a)),
    ),
    shortIn: [QUEUE],
  },
  damage('all files of the cache are cut in the middle', (path, bytes) => truncateSync(path, bytes >> 1)),
  damage('all files of the cache are empty', (path) => truncateSync(path, 0)),
  {
    ...damage('the cache is removed', () => {}),
    shortIn: [ALL],
    async begin(fleet) {
      removeCache(fleet)
      forget(fleet)
    },
  },
]
