import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDiskCache } from '../../../../src/siibra/retrieval/cache/disk-cache.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cache-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (maxBytes = 1e9, problems: string[] = []) =>
  createDiskCache({ folder, maxBytes, onProblem: (message) => problems.push(message) })

function filesIn(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

describe('disk cache', () => {
  it.each([0, 1, 70_000])('gives back %i bytes, in another instance too', async (size) => {
    const bytes = Uint8Array.from({ length: size }, (_, index) => index % 256)
    await open().write('https://a.org/ü?x=1', bytes)
    expect((await open().read('https://a.org/ü?x=1'))!.bytes).toEqual(bytes)
    expect((await open().readRange('https://a.org/ü?x=1', { offset: 10, length: 5 }))!.bytes).toEqual(
      bytes.slice(10, 15),
    )
    expect((await open().readRange('https://a.org/ü?x=1', { suffixLength: 3 }))!.bytes).toEqual(bytes.slice(-3))
    expect(await open().read('https://a.org/')).toBeUndefined()
  })

  it.each([
    ['a bit of the payload', (bytes: Buffer) => bytes.fill(bytes.at(-1)! ^ 1, bytes.length - 1)],
    ['a bit of the header', (bytes: Buffer) => bytes.fill(bytes[20]! ^ 1, 20, 21)],
    ['a byte too few', (bytes: Buffer) => bytes.subarray(0, -1)],
    ['only a part of the header', (bytes: Buffer) => bytes.subarray(0, 20)],
    ['nothing at all', () => Buffer.alloc(0)],
  ])('drops a damaged entry: %s', async (_, damage) => {
    const cache = open()
    await cache.write('key', new Uint8Array(1000).fill(7))
    const [path] = filesIn(folder)
    writeFileSync(path!, damage(readFileSync(path!)))
    expect(await cache.read('key')).toBeUndefined()
    expect(filesIn(folder)).toEqual([])
    await cache.write('key', new Uint8Array([1]))
    expect((await cache.read('key'))!.bytes).toEqual(new Uint8Array([1]))
  })

  it('refuses entries that are larger than the reader allows', async () => {
    await open().write('key', new Uint8Array(1000))
    await expect(open().read('key', 999)).rejects.toMatchObject({ code: 'BAD_DATA', details: { sizeBytes: 1000 } })
  })

  it('keeps to its bound, and keeps what was used last', async () => {
    const cache = open(100_000)
    for (let index = 0; index < 30; index++) {
      await cache.write(`key ${index}`, new Uint8Array(10_000))
      const written = filesIn(folder).find((path) => readFileSync(path).includes(`key ${index}`))
      if (written) utimesSync(written, 1000 + index, 1000 + index)
    }
    await cache.read('key 20')
    await cache.sweep()
    await cache.sweep()
    expect(filesIn(folder).reduce((sum, path) => sum + statSync(path).size, 0)).toBeLessThanOrEqual(100_000)
    expect(await cache.read('key 29')).toBeDefined()
    expect(await cache.read('key 0')).toBeUndefined()
  })

  it('does not store what would fill half of it', async () => {
    await open(1000).write('key', new Uint8Array(501))
    expect(await open(1000).read('key')).toBeUndefined()
  })

  it('removes what killed writers left behind, but not what is being written', async () => {
    mkdirSync(join(folder, 'tmp'))
    writeFileSync(join(folder, 'tmp', 'old'), 'x')
    utimesSync(join(folder, 'tmp', 'old'), 1000, 1000)
    writeFileSync(join(folder, 'tmp', 'new'), 'x')
    await open().sweep()
    expect(readdirSync(join(folder, 'tmp'))).toEqual(['new'])
  })

  it('is an empty cache where the folder cannot be used', async () => {
    const problems: string[] = []
    writeFileSync(join(folder, 'file'), '')
    const cache = createDiskCache({
      folder: join(folder, 'file'),
      maxBytes: 1e9,
      onProblem: (text) => problems.push(text),
    })
    await cache.write('key', new Uint8Array(1))
    expect(await cache.read('key')).toBeUndefined()
    await cache.sweep()
    expect(problems[0]).toContain('cannot be written')
  })
})

describe('disk cache of several processes', () => {
  const children: ChildProcess[] = []
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
    }
  })

  async function startWriter(keys: number): Promise<ChildProcess> {
    const script = join(import.meta.dirname, 'disk-cache-writer.ts')
    const child = spawn(process.execPath, ['--import', 'tsx', script, folder, String(keys)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.push(child)
    await once(child.stdout!, 'data')
    return child
  }

  /** What a reader may see of an entry: nothing, or 300,000 times one byte. */
  const isWhole = (bytes: Uint8Array) => bytes.length === 300_000 && bytes.every((byte) => byte === bytes[0])

  it('never shows a torn entry while others write the same keys and are killed at it', async () => {
    const writers = await Promise.all([startWriter(3), startWriter(3)])
    const cache = open()
    let seen = 0
    for (let round = 0; round < 60; round++) {
      if (round === 30) writers[0]!.kill('SIGKILL')
      if (round === 50) writers[1]!.kill('SIGKILL')
      for (let key = 0; key < 3; key++) {
        const entry = await cache.read(`key ${key}`)
        if (!entry) continue
        seen++
        expect(isWhole(entry.bytes)).toBe(true)
      }
    }
    expect(seen).toBeGreaterThan(100)
    await cache.write('key 0', new Uint8Array([1, 2, 3]))
    expect((await open().read('key 0'))!.bytes).toEqual(new Uint8Array([1, 2, 3]))
  })
})
