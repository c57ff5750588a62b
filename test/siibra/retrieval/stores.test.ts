import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDiskCache } from '../../../src/siibra/retrieval/cache/disk-cache.ts'
import { withWholeObjectRanges } from '../../../src/siibra/retrieval/stores/byte-range.ts'
import { createFolderStore } from '../../../src/siibra/retrieval/stores/folder-store.ts'
import { createHttpClient } from '../../../src/siibra/retrieval/stores/http-client.ts'
import { createHttpStore } from '../../../src/siibra/retrieval/stores/http-store.ts'
import { createMemoryStore } from '../../../src/siibra/retrieval/stores/memory-store.ts'
import {
  createFolderMirror,
  createHttpMirror,
  toMirrorPath,
} from '../../../src/siibra/retrieval/stores/mirror-store.ts'
import type { Store } from '../../../src/siibra/retrieval/stores/store.ts'
import { createLimiter, withConcurrencyLimit } from '../../../src/siibra/retrieval/wrappers/with-concurrency-limit.ts'
import { withDiskCache } from '../../../src/siibra/retrieval/wrappers/with-disk-cache.ts'
import { withFallback } from '../../../src/siibra/retrieval/wrappers/with-fallback.ts'
import { withMaxBytes } from '../../../src/siibra/retrieval/wrappers/with-max-bytes.ts'
import { withRetry } from '../../../src/siibra/retrieval/wrappers/with-retry.ts'
import { withSingleFlight } from '../../../src/siibra/retrieval/wrappers/with-single-flight.ts'
import { withTimeLimit } from '../../../src/siibra/retrieval/wrappers/with-time-limit.ts'
import { sendBytes, startServer } from './http-stand-in.ts'

/** What every store under test holds, by name. */
const OBJECTS = new Map<string, Uint8Array>([
  ['plain.bin', Uint8Array.from({ length: 5000 }, (_, index) => (index * 7) % 256)],
  ['empty.bin', new Uint8Array(0)],
  ['folder/inner.bin', new Uint8Array([1, 2, 3])],
  ['a b/ü+#?%&=.bin', new Uint8Array([4, 5, 6, 7])],
])

/** A store under test, and its key of an object. */
interface Subject {
  store: Store
  keyOf(name: string): string
  close?(): unknown
}

const encode = (name: string) => name.split('/').map(encodeURIComponent).join('/')
const byName = (store: Store): Subject => ({ store, keyOf: (name) => name })

function writeFolder(pathOf: (name: string) => string): string {
  const folder = mkdtempSync(join(tmpdir(), 'store-'))
  for (const [name, bytes] of OBJECTS) {
    const path = join(folder, pathOf(name))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, bytes)
  }
  return folder
}

async function startObjectServer(prefix: string, ranges = true) {
  return startServer((request, response) => {
    const path = request.url!.startsWith(prefix) ? decodeURIComponent(request.url!.slice(prefix.length)) : ''
    const bytes = OBJECTS.get(path)
    if (bytes) sendBytes(request, response, bytes, ranges)
    else response.writeHead(404, { 'content-length': 5 }).end('never')
  })
}

async function createHttpSubject(ranges: boolean): Promise<Subject> {
  const server = await startObjectServer('/', ranges)
  return {
    store: createHttpStore(createHttpClient()),
    keyOf: (name) => `${server.base}/${encode(name)}`,
    close: server.close,
  }
}

const SUBJECTS: Record<string, () => Subject | Promise<Subject>> = {
  memory: () => byName(createMemoryStore(OBJECTS)),
  folder: () => {
    const folder = writeFolder((name) => name)
    return { ...byName(createFolderStore(folder)), close: () => rmSync(folder, { recursive: true }) }
  },
  http: () => createHttpSubject(true),
  'http without ranges': () => createHttpSubject(false),
  'folder mirror': () => {
    const keyOf = (name: string) => `https://a.org/${encode(name)}`
    const folder = writeFolder((name) => toMirrorPath(keyOf(name)))
    return { store: createFolderMirror(folder), keyOf, close: () => rmSync(folder, { recursive: true }) }
  },
  'http mirror': async () => {
    const server = await startObjectServer('/base/a.org/')
    const store = createHttpMirror(createHttpStore(createHttpClient()), `${server.base}/base/`)
    return { store, keyOf: (name) => `https://a.org/${encode(name)}`, close: server.close }
  },
  'all wrappers': () => {
    const folder = mkdtempSync(join(tmpdir(), 'store-'))
    const cache = createDiskCache({ folder, maxBytes: 1e9 })
    const source = withConcurrencyLimit(withTimeLimit(withRetry(createMemoryStore(OBJECTS)), 10_000), createLimiter(2))
    const store = withMaxBytes(withSingleFlight(withWholeObjectRanges(withDiskCache(source, cache))), 1e6)
    const fallback = withFallback(createMemoryStore(new Map()), store)
    return { ...byName(fallback), close: () => rmSync(folder, { recursive: true }) }
  },
}

describe.each(Object.keys(SUBJECTS))('store: %s', (name) => {
  let subject: Subject
  let store: Store
  beforeAll(async () => {
    subject = await SUBJECTS[name]!()
    store = subject.store
  })
  afterAll(() => subject.close?.())

  it.each([...OBJECTS.keys()])('gives the whole object %s', async (object) => {
    expect(Array.from((await store.get(subject.keyOf(object)))!)).toEqual(Array.from(OBJECTS.get(object)!))
  })

  it.each([
    ['in the middle', { offset: 10, length: 20 }, [10, 30]],
    ['up to the end', { offset: 4990, length: 10 }, [4990, 5000]],
    ['over the end', { offset: 4990, length: 100 }, [4990, 5000]],
    ['past the end', { offset: 6000, length: 10 }, [5000, 5000]],
    ['of no bytes', { offset: 10, length: 0 }, [10, 10]],
    ['of the last bytes', { suffixLength: 7 }, [4993, 5000]],
    ['of more last bytes than there are', { suffixLength: 9000 }, [0, 5000]],
  ] as const)('gives a range %s', async (_, range, [start, end]) => {
    const expected = OBJECTS.get('plain.bin')!.slice(start, end)
    expect(Array.from((await store.getRange!(subject.keyOf('plain.bin'), range))!)).toEqual(Array.from(expected))
  })

  it('gives no bytes for ranges of an empty object', async () => {
    for (const range of [{ offset: 0, length: 10 }, { suffixLength: 10 }]) {
      expect((await store.getRange!(subject.keyOf('empty.bin'), range))!.length).toBe(0)
    }
  })

  it('tells sizes', async () => {
    expect(await store.stat!(subject.keyOf('plain.bin'))).toEqual({ sizeBytes: 5000 })
    expect(await store.stat!(subject.keyOf('empty.bin'))).toEqual({ sizeBytes: 0 })
  })

  it.each(['missing.bin', 'folder', 'plain.bin/below', '..%2Fplain.bin', ''])('has nothing at "%s"', async (object) => {
    const key = subject.keyOf(object)
    expect(await store.get(key)).toBeUndefined()
    expect(await store.getRange!(key, { offset: 0, length: 3 })).toBeUndefined()
    expect(await store.stat!(key)).toBeUndefined()
  })

  it('serves many readers at once, none of whom can spoil the bytes of later ones', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => store.get(subject.keyOf('plain.bin'))))
    for (const bytes of all) expect(bytes!.length).toBe(5000)
    all[0]!.fill(0)
    expect((await store.get(subject.keyOf('plain.bin')))![1]).toBe(7)
  })

  it('hands out memory of its own, never a part of a pool', async () => {
    const bytes = (await store.get(subject.keyOf('folder/inner.bin')))!
    expect(bytes.buffer.byteLength).toBeLessThan(1000)
  })

  it('refuses objects that are larger than the reader allows', async () => {
    await expect(store.get(subject.keyOf('plain.bin'), { maxBytes: 4999 })).rejects.toMatchObject({ code: 'BAD_DATA' })
    expect((await store.get(subject.keyOf('plain.bin'), { maxBytes: 5000 }))!.length).toBe(5000)
  })

  it('does not read for an aborted reader', async () => {
    const signal = AbortSignal.abort()
    await expect(store.get(subject.keyOf('plain.bin'), { signal })).rejects.toMatchObject({ code: 'ABORTED' })
    const range = store.getRange!(subject.keyOf('plain.bin'), { offset: 0, length: 1 }, { signal })
    await expect(range).rejects.toMatchObject({ code: 'ABORTED' })
  })
})
