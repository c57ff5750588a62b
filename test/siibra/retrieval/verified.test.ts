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
