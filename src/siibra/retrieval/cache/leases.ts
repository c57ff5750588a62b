import { randomBytes } from 'node:crypto'
import { closeSync, linkSync, mkdirSync, openSync, renameSync, statSync, unlinkSync, utimes } from 'node:fs'
import { dirname } from 'node:path'

/** The right to make something that others wait for. */
export interface Lease {
  /** Whoever had it before is gone without having given it back. */
  isInherited: boolean
  release(): void
}

export interface LeaseOptions {
  /** Whoever has not renewed it for this time is taken for dead. Default 10 s. */
  expiresAfterMs?: number
}

/**
 * Takes the lease of a file, `<path>.lease`; `'held'` where another thread or process of whatever machine has it. It is renewed while the event
 * loop of its holder turns. Nothing here fails: where the folder cannot be written, everybody has a lease, as if there were none. In the
 * rare case that two take over an abandoned one in the same moment, both may have it: what they make is then made twice.
 */
export function takeLease(path: string, { expiresAfterMs = 10_000 }: LeaseOptions = {}): Lease | 'held' {
  const file = `${path}.lease`
  try {
    if (create(file)) return hold(file, false, expiresAfterMs)
    if (!isAbandoned(file, expiresAfterMs)) return 'held'
    return takeOver(file, expiresAfterMs) ? hold(file, true, expiresAfterMs) : 'held'
  } catch {
    return { isInherited: false, release: () => {} }
  }
}

/** False where it is there. */
function create(file: string): boolean {
  try {
    closeSync(openSync(file, 'wx', 0o600))
    return true
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    if (code !== 'ENOENT') throw thrown
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    return create(file)
  }
}

/** One that is gone by now is not abandoned: it was given back. */
function isAbandoned(file: string, expiresAfterMs: number): boolean {
  const stats = statSync(file, { throwIfNoEntry: false })
  // a time far ahead comes from a clock that is not ours, or from nobody
  return stats !== undefined && Math.abs(Date.now() - stats.mtimeMs) > expiresAfterMs
}

/** Moves the abandoned file away, which one alone can do; puts it back where it has turned out to be a new one. */
function takeOver(file: string, expiresAfterMs: number): boolean {
  const aside = `${file}.${randomBytes(6).toString('hex')}`
  try {
    renameSync(file, aside)
  } catch {
    return false
  }
  const wasAbandoned = isAbandoned(aside, expiresAfterMs)
  try {
    if (!wasAbandoned) linkSync(aside, file)
  } catch {
    // another one has it by now
  }
  unlinkSync(aside)
  return wasAbandoned && create(file)
}

function hold(file: string, isInherited: boolean, expiresAfterMs: number): Lease {
  const renewing = setInterval(() => {
    const now = new Date()
    utimes(file, now, now, () => {})
  }, expiresAfterMs / 5)
  renewing.unref()
  let isOver = false
  return {
    isInherited,
    release() {
      if (isOver) return
      isOver = true
      clearInterval(renewing)
      try {
        unlinkSync(file)
      } catch {
        // it was taken for abandoned
      }
    },
  }
}
