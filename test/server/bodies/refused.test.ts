/** Bodies that are refused, through the real server. */
import { request } from 'node:http'
import * as zlib from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf } from '../fake-app.ts'
import { CSV_TYPE, createThings, JSON_TYPE, MAX_BYTES, URL_PATH } from './things-app.ts'

const things = createThings()
const { post, bodiesOnDisk } = things
let base = ''
beforeAll(async () => {
  base = await things.listen()
})
afterAll(() => things.close())

describe('is refused with a reason', () => {
  const cases: [string, () => Promise<{ status: number; text: string }>, number, string][] = [
    ['no JSON', () => post('{"points": [1,'), 422, 'not JSON'],
    ['not UTF-8', () => post(Buffer.from([0x22, 0xff, 0x22])), 422, 'UTF-8'],
    ['another form', () => post('{"points": [["a"]]}'), 422, 'points.0.0'],
    ['nothing', () => post(''), 422, 'missing'],
    ['another type', () => post('x', { 'content-type': 'text/plain' }), 415, 'application/json, text/csv'],
    ['no type', () => post(Buffer.from('x'), {}), 415, 'Content-Type'],
    ['another encoding', () => post('x', { ...CSV_TYPE, 'content-encoding': 'lzw' }), 415, 'gzip'],
    ['a wrong encoding', () => post('no gzip', { ...CSV_TYPE, 'content-encoding': 'gzip' }), 400, 'gzip'],
    [
      'a compressed one that is cut off',
      () => post(zlib.gzipSync(Buffer.alloc(9999, 'abc')).subarray(0, 30), { ...CSV_TYPE, 'content-encoding': 'gzip' }),
      400,
      'gzip',
    ],
    ['one that is too long', () => post(Buffer.alloc(MAX_BYTES + 1), CSV_TYPE), 413, String(MAX_BYTES)],
    [
      'a bomb',
      () => post(zlib.gzipSync(Buffer.alloc(50 * MAX_BYTES)), { ...CSV_TYPE, 'content-encoding': 'gzip' }),
      413,
      String(MAX_BYTES),
    ],
    ['a wrong parameter', () => post('{}', JSON_TYPE, `${URL_PATH}?size=0`), 422, 'size'],
  ]
  test.each(cases)('%s', async (_what, send, status, text) => {
    const answer = await send()
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(text)])
    expect(errorOf(answer.text).code).toMatch(/^(INVALID_PARAMETER|TOO_LARGE|UNSUPPORTED_MEDIA_TYPE|BAD_REQUEST)$/)
    await expect.poll(bodiesOnDisk).toEqual([])
  })

  test('a stream without a length that does not end in time is cut at the limit', async () => {
    const status = await new Promise((resolve, reject) => {
      const sent = request(base + URL_PATH, { method: 'POST', headers: CSV_TYPE }, (answer) => {
        clearInterval(timer)
        resolve(answer.statusCode)
        sent.destroy()
      })
      const timer = setInterval(() => sent.write(Buffer.alloc(100_000)), 1)
      sent.on('error', reject)
    })
    expect(status).toBe(413)
    await expect.poll(bodiesOnDisk).toEqual([])
  })

  test('whose rest is read, so that the next request on the connection has its answer', async () => {
    const stream = new ReadableStream({
      pull(controller) {
        if (sent++ < 100) controller.enqueue(Buffer.alloc(100_000))
        else controller.close()
      },
    })
    let sent = 0
    const options = { method: 'POST', body: stream, headers: CSV_TYPE, duplex: 'half' } as RequestInit
    const answer = await fetch(base + URL_PATH, options)
    expect([answer.status, errorOf(await answer.text()).code]).toEqual([413, 'TOO_LARGE'])
    const startMs = performance.now()
    for (let n = 0; n < 10; n++) expect((await post('x', CSV_TYPE)).status).toBe(200)
    expect(performance.now() - startMs).toBeLessThan(5000)
  })

  test('a client that goes in the middle leaves nothing', async () => {
    const sent = request(base + URL_PATH, { method: 'POST', headers: CSV_TYPE })
    sent.on('error', () => {})
    sent.write(Buffer.alloc(1_000_000))
    await expect.poll(() => bodiesOnDisk().length).toBe(1)
    sent.destroy()
    await expect.poll(bodiesOnDisk).toEqual([])
  })

  test('before it is sent, where the client asks', async () => {
    const ask = (headers: Record<string, string>) =>
      new Promise((resolve, reject) => {
        const sent = request(base + URL_PATH, { method: 'POST', headers: { ...headers, expect: '100-continue' } })
        sent.on('continue', () => sent.end('{"points": []}'))
        sent.on('response', (answer) => {
          resolve(answer.statusCode)
          sent.destroy()
        })
        sent.on('error', reject).flushHeaders()
      })
    expect(await ask({ ...JSON_TYPE, 'content-length': '14' })).toBe(200)
    expect(await ask({ ...JSON_TYPE, 'content-length': '99999999' })).toBe(413)
  })
})
