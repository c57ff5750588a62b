import { describe, expect, test } from 'vitest'
import type { HttpAnswer, HttpRequestOptions } from '../../../../src/siibra/retrieval/stores/http-client.ts'
import { createHttpStore } from '../../../../src/siibra/retrieval/stores/http-store.ts'

const URL_A = 'http://a.example/x'
const body = Uint8Array.from([1, 2, 3, 4, 5])

/** A store whose server gives one answer; its body comes only where it is wanted. */
function answering(status: number, headers: Record<string, string> = {}, sent: Uint8Array = body) {
  const asked: HttpRequestOptions[] = []
  const store = createHttpStore({
    async request(_url, options = {}): Promise<HttpAnswer> {
      asked.push(options)
      const isWanted = options.wantsBody?.(status, headers) ?? true
      return { status, headers, body: isWanted ? sent : new Uint8Array() }
    },
    close() {},
  })
  const range = (offset: number, length: number) => store.getRange!(URL_A, { offset, length })
  const end = (suffixLength: number) => store.getRange!(URL_A, { suffixLength })
  return { get: () => store.get(URL_A), range, end, stat: () => store.stat!(URL_A), asked }
}
const away = (details: object) =>
  expect.objectContaining({ code: 'UPSTREAM_UNAVAILABLE', details: expect.objectContaining(details) })

describe('an object', () => {
  test('is what the server answers with 200; with 404 or 410 there is none', async () => {
    expect(await answering(200).get()).toEqual(body)
    for (const status of [404, 410]) {
      const none = answering(status)
      expect([await none.get(), await none.range(0, 1), await none.stat()]).toEqual([undefined, undefined, undefined])
    }
  })

  test.each([
    [399, false],
    [400, false],
    [403, false],
    [408, true],
    [425, true],
    [429, true],
    [499, false],
    [500, true],
    [503, true],
  ])('with the status %i is none; that it may pass: %s', async (status, retryable) => {
    const server = answering(status)
    for (const read of [server.get(), server.range(0, 1), server.stat()])
      await expect(read).rejects.toEqual(away({ status, retryable, url: URL_A }))
  })

  test('is asked for again when the server says so', async () => {
    await expect(answering(503, { 'retry-after': '2' }).get()).rejects.toEqual(away({ retryAfterMs: 2_000 }))
    const without = await answering(503, { 'retry-after': 'soon' })
      .get()
      .catch((thrown) => thrown)
    expect(Object.keys(without.details)).not.toContain('retryAfterMs')
  })

  test('is read up to its bound, and the bodies of errors are left', async () => {
    const { get, asked } = answering(200)
    await get()
    expect([200, 399, 400, 500].map((status) => asked[0]?.wantsBody?.(status, {}))).toEqual([true, true, false, false])
  })
})

describe('a range', () => {
  const part = (first: number, sent: Uint8Array) => answering(206, { 'content-range': `bytes ${first}-9/10` }, sent)

  test('is asked for as HTTP has it', async () => {
    const { range, end, asked } = part(3, body)
    await range(3, 5)
    await end(7)
    expect(asked.map(({ headers }) => headers?.range)).toEqual(['bytes=3-7', 'bytes=-7'])
  })

  test('is what comes, which may be less, and not from elsewhere or more', async () => {
    expect(await part(3, body).range(3, 5)).toEqual(body)
    expect(await part(3, body).range(3, 6)).toEqual(body)
    expect(await part(3, body).end(5)).toEqual(body)
    await expect(part(2, body).range(3, 5)).rejects.toEqual(away({}))
    await expect(part(3, body).range(3, 4)).rejects.toMatchObject({ code: 'BAD_DATA' })
    await expect(part(3, body).end(4)).rejects.toMatchObject({ code: 'BAD_DATA' })
    expect(await answering(206, {}, body).range(3, 5)).toEqual(body)
    expect(await answering(416).range(3, 5)).toEqual(new Uint8Array())
  })

  test('of nothing is nothing, where there is something', async () => {
    const there = answering(206, { 'content-range': 'bytes 0-0/10' }, body.subarray(0, 1))
    for (const length of [0, -1]) expect(await there.range(3, length)).toEqual(new Uint8Array())
    expect(await answering(404).range(3, 0)).toBeUndefined()
    for (const length of [0, -1]) expect(await there.end(length)).toEqual(new Uint8Array())
    const ranges = there.asked.map(({ headers }) => headers?.range)
    expect(ranges).toEqual(['bytes=0-0', 'bytes=0-0', 'bytes=-1', 'bytes=-1'])
  })

  test('is cut out of a whole of 4 MiB; of a larger one nothing is read', async () => {
    const whole = (bytes: number) => answering(200, { 'content-length': String(bytes) }, body)
    expect(await whole(5).range(1, 2)).toEqual(Uint8Array.from([2, 3]))
    expect(await whole(4 * 1024 * 1024).end(2)).toEqual(Uint8Array.from([4, 5]))
    await expect(whole(4 * 1024 * 1024 + 1).range(1, 2)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    await expect(answering(200).range(1, 2)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    const { range, asked } = whole(5)
    await range(1, 2)
    const wants = (status: number, bytes?: string) =>
      asked[0]?.wantsBody?.(status, bytes === undefined ? {} : { 'content-length': bytes })
    expect([wants(206), wants(200), wants(200, '9'), wants(404, '9')]).toEqual([true, false, true, false])
  })
})

describe('a size', () => {
  test('is told by a part, by one that is not there, or by the whole', async () => {
    expect(await answering(206, { 'content-range': 'bytes 0-0/10' }).stat()).toEqual({ sizeBytes: 10 })
    expect(await answering(416, { 'content-range': 'bytes */0' }).stat()).toEqual({ sizeBytes: 0 })
    const whole = answering(200, { 'content-length': '7' })
    expect(await whole.stat()).toEqual({ sizeBytes: 7 })
    expect([200, 206].map((status) => whole.asked[0]?.wantsBody?.(status, {}))).toEqual([false, true])
  })

  test('may not be told', async () => {
    for (const server of [
      answering(206),
      answering(416),
      answering(200),
      answering(206, { 'content-range': 'bytes 0-0/*' }),
    ])
      await expect(server.stat()).rejects.toThrow('does not tell the size')
  })
})
