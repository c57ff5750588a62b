/** A small file system for cache and downloads, that can be filled to its last byte. Needs the right to mount; without it, files are bounded. */
import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export interface SmallDisk {
  path: string
  /** A file system of its own; false where none may be mounted, and `fill` does nothing. */
  isReal: boolean
  fill(): void
  free(): void
  close(): void
}

const SIZE = '64m'
/** What is written at once, less and less: the last byte is taken, too. */
const PIECES_BYTES = [1024 ** 2, 4096, 1]

export function mountSmallDisk(path: string): SmallDisk {
  mkdirSync(path, { recursive: true })
  const isReal = mount(path)
  const filler = join(path, 'filler')
  const unmount = () => void execFileSync('umount', ['--lazy', path])
  if (isReal) process.once('exit', unmount)
  return {
    path,
    isReal,
    fill() {
      if (!isReal) return
      const file = openSync(filler, 'w')
      for (const bytes of PIECES_BYTES) writeUntilFull(file, Buffer.alloc(bytes))
      closeSync(file)
    },
    free: () => rmSync(filler, { force: true }),
    close() {
      if (!isReal) return
      process.off('exit', unmount)
      unmount()
    },
  }
}

function mount(path: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'siibra-api-chaos', path], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function writeUntilFull(file: number, piece: Buffer): void {
  try {
    for (;;) writeSync(file, piece)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOSPC') throw thrown
  }
}
