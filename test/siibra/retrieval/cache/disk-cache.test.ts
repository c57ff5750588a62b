import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createDiskCache } from '../../../../src/siibra/retrieval/cache/disk-cache.ts'
import { entryPath, partKey, unprovenKey } from '../../../../src/siibra/retrieval/cache/entry-names.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cache-'))
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true, force: true })
})

const open = (maxBytes = 1e9, problems: string[] = []) =>
  createDiskCache({ folder, maxBytes, onProblem: (message) => problems.push(message) })

function filesIn(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

describe('disk cache', () => {
  it('makes its folder, and those above it', async () => {
    folder = join(folder, 'of', 'ours')
    const problems: string[] = []
    await open(1e9, problems).write('a', new Uint8Array(3))
    expect([(await open().read('a'))?.bytes.length, problems]).toEqual([3, []])
    folder = join(folder, '../..')
  })

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
    expect((await open().read('key', 1000))?.bytes).toHaveLength(1000)
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

  it('notes that an entry is used once a minute', async () => {
    const cache = open()
    await cache.write('key', new Uint8Array(1))
    const [path] = filesIn(folder)
    const usedS = 1_700_000_000
    utimesSync(path!, usedS, usedS)
    vi.useFakeTimers({ now: (usedS + 60) * 1000, toFake: ['Date'] })
    await cache.read('key')
    expect(statSync(path!).mtimeMs).toBeCloseTo(usedS * 1000, 0)
    vi.setSystemTime((usedS + 60) * 1000 + 1)
    await cache.read('key')
    expect(statSync(path!).mtimeMs).toBeCloseTo((usedS + 60) * 1000 + 1, 0)
  })

  it('takes a temporary file for abandoned when it is older than an hour', async () => {
    mkdirSync(join(folder, 'tmp'))
    const sinceS = 1_700_000_000
    writeFileSync(join(folder, 'tmp', 'file'), 'x')
    utimesSync(join(folder, 'tmp', 'file'), sinceS, sinceS)
    vi.useFakeTimers({ now: (sinceS + 3600) * 1000, toFake: ['Date'] })
    await open().sweep()
    expect(readdirSync(join(folder, 'tmp'))).toEqual(['file'])
    vi.setSystemTime((sinceS + 3600) * 1000 + 1)
    await open().sweep()
    expect(readdirSync(join(folder, 'tmp'))).toEqual([])
  })

  it('keeps under a key what is proven, and has no problem with what is not there', async () => {
    const problems: string[] = []
    const cache = open(1e9, problems)
    await cache.prove('object')
    expect(await cache.read('object')).toBeUndefined()
    expect(problems).toEqual([])
    await cache.write(unprovenKey('object'), new Uint8Array([1]))
    expect(await cache.read('object')).toBeUndefined()
    await cache.prove('object')
    expect((await cache.read('object'))?.bytes).toEqual(new Uint8Array([1]))
    expect(await cache.read(unprovenKey('object'))).toBeUndefined()
    expect(problems).toEqual([])
    // a folder where the entry should be can neither be read nor replaced
    mkdirSync(entryPath(folder, 'folder'), { recursive: true })
    expect(await cache.read('folder')).toBeUndefined()
    await cache.write(unprovenKey('folder'), new Uint8Array([1]))
    await cache.prove('folder')
    expect(problems).toEqual([expect.stringContaining('cannot be read'), expect.stringContaining('cannot be written')])
  })

  it.each([
    ['what came last, and its parts', ['proven', 'unproven', 'part'], false, ['proven']],
    ['what is proven, where nothing came later', ['proven', 'part'], false, []],
    ['but not where it is to be kept', ['proven', 'part'], true, ['proven']],
  ])('drops of an object %s', async (_, there, isProvenKept, left) => {
    const cache = open()
    const keys: Record<string, string> = {
      proven: 'object',
      unproven: unprovenKey('object'),
      part: partKey('object', { offset: 0, length: 1 }),
    }
    for (const name of there) await cache.write(keys[name]!, new Uint8Array(1))
    await (isProvenKept ? cache.drop('object', true) : cache.drop('object'))
    const read = await Promise.all(there.map((name) => cache.read(keys[name]!)))
    expect(there.filter((_, i) => read[i])).toEqual(left)
    await cache.drop('object that never was')
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
