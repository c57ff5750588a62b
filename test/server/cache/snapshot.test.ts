import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keepOnDisk } from '../../../src/server/cache/keep-on-disk.ts'
import { createMemoryCache } from '../../../src/server/cache/memory.ts'
import { loadSnapshot, saveSnapshot, sweepSnapshots } from '../../../src/server/cache/snapshot.ts'
import { createEntry } from './conformance.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siibra-api-answers-'))
  path = join(folder, 'v.answers')
})
afterEach(() => rmSync(folder, { recursive: true }))

const openCache = () => createMemoryCache({ maxBytes: 2 ** 24 })

async function fill(count = 3) {
  const cache = openCache()
  for (let i = 0; i < count; i++)
    await cache.set(
      `key ${i} ü`,
      createEntry({ etag: `"${i}"`, bodies: { identity: Buffer.alloc(1000 * i, i), br: Buffer.from('br') } }),
    )
  return cache
}

async function load(from = path) {
  const cache = openCache()
  return { cache, count: await loadSnapshot(from, cache) }
}

describe('a snapshot', () => {
  test('brings back every entry with every form, in the order of use', async () => {
    const cache = await fill()
    cache.peek('key 0 ü')
    expect(await saveSnapshot(cache, path)).toBe(3)
    const { cache: other, count } = await load()
    expect(count).toBe(3)
    const plain = (from: typeof cache) =>
      [...from.entries()].map(([key, { bodies, ...rest }]) => [
        key,
        rest,
        Buffer.from(bodies.identity),
        bodies.br?.toString(),
      ])
    expect(plain(other)).toEqual(plain(cache))
    expect([...other.entries()].map(([key]) => key)).toEqual(['key 1 ü', 'key 2 ü', 'key 0 ü'])
    expect(readdirSync(folder)).toEqual(['v.answers'])
  })

  test('leaves out what has expired, and does not replace what is newer', async () => {
    const cache = await fill()
    await cache.set('short', createEntry({ expiresAtMs: Date.now() + 30 }))
    await saveSnapshot(cache, path)
    await new Promise((resolve) => setTimeout(resolve, 40))
    const other = openCache()
    await other.set('key 1 ü', createEntry({ etag: '"newer"' }))
    expect(await loadSnapshot(path, other)).toBe(2)
    expect(other.peek('short')).toBeUndefined()
    expect(other.peek('key 1 ü')?.etag).toBe('"newer"')
  })

  test('that is cut off or damaged gives what is right in it', async () => {
    await saveSnapshot(await fill(), path)
    const bytes = readFileSync(path)
    for (const length of [0, 5, 16, 20, 40, bytes.length - 1]) {
      writeFileSync(path, bytes.subarray(0, length))
      expect((await load()).count).toBeLessThan(3)
    }
    const damaged = Buffer.from(bytes)
    damaged.writeUInt8(255, bytes.length - 1500)
    writeFileSync(path, damaged)
    expect((await load()).count).toBe(2)
    writeFileSync(path, 'something else altogether')
    expect((await load()).count).toBe(0)
    expect((await load(join(folder, 'none'))).count).toBe(0)
  })

  test('of versions that were not written for longest goes away', async () => {
    for (let i = 0; i < 6; i++) {
      const file = join(folder, `v${i}.answers`)
      writeFileSync(file, '')
      utimesSync(file, 1000 + i, 1000 + i)
    }
    writeFileSync(join(folder, 'mine.txt'), '')
    await sweepSnapshots(folder)
    expect(readdirSync(folder).sort()).toEqual(['mine.txt', 'v2.answers', 'v3.answers', 'v4.answers', 'v5.answers'])
  })

  test('half a file of a process that was killed goes after an hour', async () => {
    for (const [name, ageS] of [
      ['v.answers.old.tmp', 7200],
      ['v.answers.new.tmp', 10],
    ] as const) {
      writeFileSync(join(folder, name), 'x')
      utimesSync(join(folder, name), Date.now() / 1000 - ageS, Date.now() / 1000 - ageS)
    }
    await sweepSnapshots(folder)
    expect(readdirSync(folder)).toEqual(['v.answers.new.tmp'])
  })
})

describe('answers on disk', () => {
  test('are those of the same version only', async () => {
    const problems: string[] = []
    const first = await fill()
    const kept = keepOnDisk(first, folder, (message) => problems.push(message))
    expect(await kept.save()).toBe(0)
    expect(await kept.load('a')).toBe(0)
    await first.get('something new')
    expect(await kept.save()).toBe(3)
    expect(await kept.save()).toBe(0)
    const [same, other] = [openCache(), openCache()]
    expect(await keepOnDisk(same, folder, () => {}).load('a')).toBe(3)
    expect(await keepOnDisk(other, folder, () => {}).load('b')).toBe(0)
    expect(problems).toEqual([])
  })

  test('of requests that come while those of an earlier process are read are kept, too', async () => {
    const cache = await fill()
    const kept = keepOnDisk(cache, folder, () => {})
    const loading = kept.load('a')
    await cache.get('something new')
    await loading
    expect(await kept.save()).toBe(3)
  })

  test('that cannot be written are told, no more', async () => {
    const problems: string[] = []
    const cache = await fill()
    writeFileSync(path, '')
    const kept = keepOnDisk(cache, path, (message) => problems.push(message))
    await kept.load('a')
    await cache.get('something new')
    expect(await kept.save()).toBe(0)
    expect(problems).toEqual([expect.stringContaining('cannot be kept')])
  })
})
