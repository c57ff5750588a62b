/** Images that no route can use, sent to the service: in this process (sent-images.test.ts), and to the packed program (test/built). */
import { request } from 'node:http'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer, TestApp } from '../../app.ts'
import { failureOf, formOf, IN_SPACE, imageFile, PARCELLATION, SPACE } from './image-fixtures.ts'

/** Each is refused with what is wrong, whatever was sent, and the service goes on. */
export function refusesBadImages(start: () => Promise<TestApp>): void {
  let app: TestApp
  let base: string
  beforeAll(async () => {
    app = await start()
    base = await app.listen()
  })
  afterAll(() => app?.close())
  const post = (path: string, body: Buffer, type = 'application/octet-stream') =>
    app.send('POST', `/v3_0/map/${path}`, body, { 'content-type': type })

  const plain = gunzipSync(imageFile('mask'))
  const changed = (change: (view: DataView, bytes: Buffer) => void): Buffer => {
    const bytes = Buffer.from(plain)
    change(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), bytes)
    return bytes
  }
  const dims = (...sizes: number[]) =>
    changed((view) => {
      view.setInt16(40, sizes.length, true)
      for (const [axis, size] of sizes.entries()) view.setInt16(42 + 2 * axis, size, true)
    })
  const cases: [string, Buffer, RegExp][] = [
    ['no NIfTI', Buffer.from('GIF89a'.repeat(100)), /no NIfTI/],
    ['a few bytes', Buffer.from('x'), /too few/],
    ['cut off', plain.subarray(0, 2000), /there are 1648/],
    ['cut within gzip', imageFile('mask').subarray(0, 300), /end of file|inflated/],
    ['broken gzip', Buffer.concat([imageFile('mask').subarray(0, 300), Buffer.alloc(600, 77)]), /inflated/],
    ['five axes', dims(30, 34, 30, 1, 2), /5 axes/],
    ['several volumes', dims(30, 34, 15, 2), /2 volumes/],
    ['complex', changed((view) => view.setInt16(70, 32, true)), /complex/],
    ['larger than the bound', dims(30000, 30000, 30), /too many/],
    ['a bomb', gzipSync(Buffer.concat([dims(30000, 30000, 30), Buffer.alloc(2 ** 24)])), /too many/],
    ['a bomb in the header', changed((view) => view.setFloat32(108, 2 ** 34, true)), /vox_offset/],
    [
      'no room',
      changed((view) =>
        [280, 296, 312].forEach((row) => {
          view.setFloat32(row, 0, true)
        }),
      ),
      /inverted/,
    ],
    ['all zero', changed((_, bytes) => bytes.fill(0, 352)), /nothing but 0/],
    ['NaN everywhere', nanImage(plain), /nothing but NaN/],
    ['beside the map', imageFile('beside'), /image lies wholly outside.*x 498.5 to 510.5.*x -72 to 72/],
  ]
  const paths = [
    `assign_image?${IN_SPACE}&assignment_type=labelled`,
    `clusters?stat_threshold=0.5&space_id=${SPACE}&parcellation_ids=${PARCELLATION}`,
    `values?${IN_SPACE}`,
  ]
  describe.each(paths)('%s', (path) => {
    it.each(cases)('%s', async (name, body, text) => {
      const answer = await post(path, body)
      if (name === 'several volumes' && path.startsWith('values')) return expect(answer.status).toBe(200)
      expectRefusal(answer, text)
    })
  })

  it('tells both boxes of an image that is somewhere else', async () => {
    const answer = await post(paths[0]!, imageFile('beside'))
    expect(failureOf(answer)).toMatchObject({
      image_box_mm: [
        [498.5, -1.5, -1.5],
        [510.5, 10.5, 10.5],
      ],
      map_box_mm: [
        [-72, -84, -72],
        [72, 84, 72],
      ],
    })
  })

  it('forms without a file, cut off, or without a boundary', async () => {
    const form = 'multipart/form-data; boundary=between'
    const field = Buffer.from('--between\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--between--\r\n')
    expectRefusal(await post(paths[0]!, field, form), /no file/)
    expectRefusal(
      await post(paths[0]!, formOf(imageFile('mask')).subarray(0, 200), form),
      /multipart|end of file|too few/,
    )
    expectRefusal(await post(paths[0]!, Buffer.from('nothing'), form), /multipart|no file/)
    expect((await post(paths[0]!, field, 'multipart/form-data')).status).toBe(415)
  })

  it('other media types, and nothing at all', async () => {
    expect((await post(paths[0]!, plain, 'text/plain')).status).toBe(415)
    expect((await post(paths[0]!, Buffer.alloc(0))).status).toBe(422)
  })

  it('more than 64 MB', async () => {
    const answer = await post(paths[0]!, Buffer.alloc(64 * 1024 ** 2 + 1))
    expect(answer.status).toBe(413)
  })

  it('2 GB, before a byte of it is read', async () => {
    for (const path of paths) {
      const sent = request(`${base}/v3_0/map/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream', 'content-length': String(2 ** 31) },
      })
      sent.on('error', () => {})
      sent.write(plain.subarray(0, 100))
      const [status, type] = await new Promise<[number | undefined, string | undefined]>((resolve) => {
        sent.on('response', (answer) => resolve([answer.statusCode, answer.headers['content-type']]))
      })
      sent.destroy()
      expect([status, type]).toEqual([413, 'application/json'])
    }
  })

  it('clients that leave in the middle, and while their image is looked at, are forgotten', async () => {
    const file = imageFile('stat')
    for (let n = 0; n < 10; n++) {
      const sent = request(`${base}/v3_0/map/${paths[n % 3]}&x=${n}`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream', 'content-length': String(file.length) },
      })
      sent.on('error', () => {})
      if (n % 2 === 0) sent.write(file.subarray(0, file.length >> 1))
      else sent.end(file)
      await new Promise((resolve) => setTimeout(resolve, 5))
      sent.destroy()
    }
    // nothing of them holds up who stays
    for (const path of paths) expect((await post(path, file)).status).toBe(200)
  })
}

function expectRefusal(answer: Answer, text: RegExp): void {
  expect(answer.status, Buffer.from(answer.bytes).toString().slice(0, 300)).toBe(422)
  expect(failureOf(answer)).toMatchObject({ code: 'INVALID_PARAMETER', parameter: 'body' })
  expect(failureOf(answer).detail).toMatch(text)
}

/** float32 instead of uint8, of NaN. */
function nanImage(plain: Buffer): Buffer {
  const head = Buffer.from(plain.subarray(0, 352))
  head.writeInt16LE(16, 70)
  head.writeInt16LE(32, 72)
  return Buffer.concat([head, Buffer.from(new Float32Array(plain.length - 352).fill(Number.NaN).buffer)])
}
