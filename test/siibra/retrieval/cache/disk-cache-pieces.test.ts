/** A file system that reads and writes fewer bytes than it is asked for, as it may; and when a cache sweeps. */
import type { PathLike } from 'node:fs'
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createDiskCache } from '../../../../src/siibra/retrieval/cache/disk-cache.ts'
import { untilTrue } from '../../../until.ts'

const AT_ONCE = 100_000
const calls = { read: 0, write: 0 }

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  const { promisify } = await import('node:util')
  type Read = (file: number, bytes: Uint8Array, at: number, length: number, position: number) => number
  type Write = (file: number, bytes: Uint8Array, at?: number) => number
  const partly = (length: number) => Math.min(AT_ONCE, Math.max(1, length - 1))
  const readSync: Read = (file, bytes, at, length, position) => {
    calls.read++
    return fs.readSync(file, bytes, at, partly(length), position)
  }
  const writeSync: Write = (file, bytes, at = 0) => {
    calls.write++
    return fs.writeSync(file, bytes, at, partly(bytes.length - at))
  }
  const read = () => {}
  const write = () => {}
  Object.defineProperty(read, promisify.custom, {
    value: async (...all: Parameters<Read>) => ({ bytesRead: readSync(...all) }),
  })
  Object.defineProperty(write, promisify.custom, {
    value: async (...all: Parameters<Write>) => ({ bytesWritten: writeSync(...all) }),
  })
  return { ...fs, readSync, writeSync, read, write }
})

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cache-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('piece by piece', () => {
  it.each([1, 2, 50_000, 250_000, 700_000])('%i bytes are written and read whole', async (size) => {
    const problems: string[] = []
    const cache = createDiskCache({ folder, maxBytes: 1e9, onProblem: (message) => problems.push(message) })
    const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 7 + (i >> 8)) % 256)
    calls.read = 0
    calls.write = 0
    await cache.write('a key', bytes)
    expect(calls.write).toBeGreaterThan(size / AT_ONCE)
    const isSame = (got: { bytes: Uint8Array } | undefined, wanted: Uint8Array) =>
      expect(got && Buffer.compare(got.bytes, wanted)).toBe(0)
    isSame(await cache.read('a key'), bytes)
    expect(calls.read).toBeGreaterThan(size / AT_ONCE)
    const [offset, length] = [size >> 2, Math.max(1, size >> 1)]
    isSame(await cache.readRange('a key', { offset, length }), bytes.subarray(offset, offset + length))
    expect(problems).toEqual([])
  })
})

describe('sweeping', () => {
  const MAX_BYTES = 160_000
  /** A sixteenth of it. */
  const DUE_BYTES = 10_000

  /** What a killed writer left behind, which only a sweep removes. */
  function leaveBehind(): PathLike {
    const path = join(folder, 'tmp', 'left')
    mkdirSync(join(folder, 'tmp'), { recursive: true })
    writeFileSync(path, 'x')
    utimesSync(path, 1000, 1000)
    return path
  }

  it('is done with the first write, and again when a sixteenth of the bound has been written', async () => {
    const cache = createDiskCache({ folder, maxBytes: MAX_BYTES })
    const left = leaveBehind()
    await cache.write('first', new Uint8Array(1))
    await untilTrue(() => !existsSync(left))
    leaveBehind()
    await cache.write('second', new Uint8Array(DUE_BYTES - 1))
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(existsSync(left)).toBe(true)
    await cache.write('third', new Uint8Array(1))
    await untilTrue(() => !existsSync(left))
    leaveBehind()
    await cache.write('fourth', new Uint8Array(1))
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(existsSync(left)).toBe(true)
  })

  it('does nothing where the bound holds to the byte, and frees a tenth where it does not', async () => {
    mkdirSync(join(folder, 'ab'))
    const paths = Array.from({ length: 10 }, (_, i) => join(folder, 'ab', `entry ${i}`))
    for (const [i, path] of paths.entries()) {
      writeFileSync(path, Buffer.alloc(1_000))
      utimesSync(path, 1000 + i, 1000 + i)
    }
    await createDiskCache({ folder, maxBytes: 10_000 }).sweep()
    expect(paths.filter((path) => existsSync(path))).toHaveLength(10)
    await createDiskCache({ folder, maxBytes: 9_999 }).sweep()
    expect(paths.map((path) => existsSync(path))).toEqual([false, false, ...Array(8).fill(true)])
  })

  it('frees no more than a tenth, and counts what lies in folders of entries', async () => {
    mkdirSync(join(folder, 'ab', 'parts'), { recursive: true })
    const paths = [...Array(5).keys()].map((i) => join(folder, 'ab', i % 2 ? 'parts' : '', `part ${i}`))
    for (const [i, path] of paths.entries()) {
      writeFileSync(path, Buffer.alloc(i === 0 ? 1_001 : i === 4 ? 6_000 : 1_000))
      utimesSync(path, 1000 + i, 1000 + i)
    }
    // 10,001 bytes: without the oldest they are 9,000, which is nine tenths of the bound
    await createDiskCache({ folder, maxBytes: 10_000 }).sweep()
    expect(paths.map((path) => existsSync(path))).toEqual([false, true, true, true, true])
  })

  it('keeps what is exactly half of the bound', async () => {
    const cache = createDiskCache({ folder, maxBytes: 1_000 })
    await cache.write('half', new Uint8Array(500))
    expect((await cache.read('half'))?.bytes).toHaveLength(500)
  })
})
