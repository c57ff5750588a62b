import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeZip } from '../../../src/demo/encoders/zip.ts'
import { SiibraError } from '../../../src/siibra/errors.ts'
import { createRetrieval, type Retrieval } from '../../../src/siibra/retrieval/retrieval.ts'
import { verified } from '../../../src/siibra/retrieval/verified.ts'
import { sendBytes, startServer } from './http-stand-in.ts'
import { standInRetrieval } from './stand-in.ts'

let folder: string
let served: Uint8Array
/** What is served before that, once each. */
let passing: Uint8Array[]
let server: Awaited<ReturnType<typeof startServer>>
const opened: Retrieval[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'siibra-api-verified-'))
  passing = []
  server = await startServer((request, response) => sendBytes(request, response, passing.shift() ?? served))
})
afterEach(async () => {
  for (const retrieval of opened.splice(0)) await retrieval.close()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** As another process would have it: nothing but the folder is shared. */
function open(rejectPauseMs = 1): Retrieval {
  const retrieval = createRetrieval({ cacheDir: folder, rejectPauseMs, retry: { attempts: 1 } })
  opened.push(retrieval)
  return retrieval
}

const text = (words: string) => new TextEncoder().encode(words)

/** Decodes `good...` only. */
const read = (retrieval: Retrieval) =>
  verified(retrieval, async (reads) => {
    const words = new TextDecoder().decode(await reads.bytes(`${server.base}/a`))
    if (!words.startsWith('good')) throw new SiibraError('BAD_DATA', 'not good', { url: `${server.base}/a` })
    return words
  })

describe('verified', () => {
  it('asks once more at once, so that a moment of brokenness is not seen', async () => {
    served = text('good')
    passing.push(text('bad'))
    expect(await read(open())).toBe('good')
    expect(server.requests.length).toBe(2)
  })

  it('asks a source that stays broken not more often than once in a pause, whoever asks', async () => {
    served = text('bad')
    const retrieval = open(60_000)
    for (let round = 0; round < 20; round++) await expect(read(retrieval)).rejects.toMatchObject({ code: 'BAD_DATA' })
    expect(server.requests.length).toBe(2)
  })

  it('keeps what was decoded, for other processes too, and asks for the rest again', async () => {
    served = text('good, the first')
    const retrieval = open()
    expect(await read(retrieval)).toBe('good, the first')
    await retrieval.close()
    served = text('good, the second')
    await delay(5)
    expect(await read(open())).toBe('good, the first')
    expect(server.requests.length).toBe(1)
  })

  it('does not believe bytes that nobody decoded for long', async () => {
    served = text('good, the first')
    const retrieval = open()
    await retrieval.bytes(`${server.base}/a`)
    await retrieval.close()
    served = text('good, the second')
    await delay(5)
    expect(await read(open())).toBe('good, the second')
  })

  it('drops broken bytes that another process left behind', async () => {
    served = text('bad')
    const first = open(60_000)
    await expect(read(first)).rejects.toMatchObject({ code: 'BAD_DATA' })
    await first.close()
    served = text('good')
    expect(await read(open(60_000))).toBe('good')
  })

  it('reads an archive by ranges again, of which a member was broken', async () => {
    const zip = Uint8Array.from(encodeZip({ 'a.txt': 'x'.repeat(9 * 1024 ** 2), 'b.txt': 'good' }))
    const broken = zip.slice()
    broken[Buffer.from(zip).indexOf('good')] = 0
    served = broken
    const url = `${server.base}/large.zip`
    const member = (retrieval: Retrieval) =>
      verified(retrieval, async (reads) => new TextDecoder().decode(await reads.zipMember(url, 'b.txt')))
    const retrieval = open()
    await expect(member(retrieval)).rejects.toMatchObject({ code: 'BAD_DATA' })
    served = zip
    await delay(5)
    expect(await member(retrieval)).toBe('good')
    expect(await member(open())).toBe('good')
  })
})

describe('what is doubted', () => {
  /** All that is dropped after something was read, and what was thrown of it. */
  async function droppedFor(thrown: unknown, ...urls: string[]) {
    const dropped: string[] = []
    const retrieval = standInRetrieval({
      bytes: async () => new Uint8Array(),
      async reject(suspects: ReadonlySet<string>) {
        dropped.push(...suspects)
        return false
      },
    })
    const load = async (reads: Pick<Retrieval, 'bytes'>) => {
      for (const url of urls) await reads.bytes(url)
      throw thrown
    }
    await expect(verified(retrieval, load)).rejects.toBe(thrown)
    return dropped
  }
  const bad = (url?: string) => new SiibraError('BAD_DATA', 'bad', url === undefined ? {} : { url })

  it('is the URL that an error names, itself or a member of it; else all that was read', async () => {
    const read = ['http://a/x', 'http://a/xy', 'http://a/z']
    expect(await droppedFor(bad('http://a/x'), ...read)).toEqual(['http://a/x'])
    expect(await droppedFor(bad('http://a/x (member m)'), ...read)).toEqual(['http://a/x'])
    expect(await droppedFor(bad('http://a/other'), ...read)).toEqual(read)
    expect(await droppedFor(bad(), ...read)).toEqual(read)
  })

  it('follows from errors of decoders, those that nobody foresaw among them, and from no others', async () => {
    const left = Object.assign(new Error('left'), { name: 'AbortError' })
    for (const thrown of [left, 'a text', new SiibraError('NOT_FOUND', 'none'), new SiibraError('ABORTED', 'left')])
      expect(await droppedFor(thrown, 'a')).toEqual([])
    for (const thrown of [new TypeError('no'), new SiibraError('UNSUPPORTED', 'no'), new SiibraError('INTERNAL', 'no')])
      expect(await droppedFor(thrown, 'a')).toEqual(['a'])
  })

  it('is noted of all ways to read; a store without ranges and sizes has none here either', async () => {
    const confirmed: string[] = []
    const answer = async () => undefined
    const withStore = (store: object) =>
      standInRetrieval({
        store,
        bytes: answer,
        range: answer,
        json: answer,
        zipMember: answer,
        confirm: async (urls: ReadonlySet<string>) => void confirmed.push(...urls),
      })
    await verified(withStore({ get: answer, getRange: answer, stat: answer }), async (reads) => {
      await reads.store.get('get')
      await reads.store.getRange?.('getRange', { suffixLength: 1 })
      await reads.store.stat?.('stat')
      await reads.bytes('bytes')
      await reads.range('range', { suffixLength: 1 })
      await reads.json('json')
      await reads.zipMember('zip', 'm')
    })
    expect(confirmed).toEqual(['get', 'getRange', 'stat', 'bytes', 'range', 'json', 'zip'])
    await verified(withStore({ get: answer }), async ({ store }) => {
      expect([store.getRange, store.stat]).toEqual([undefined, undefined])
    })
  })
})
