/** Requests as bytes: what node's parser, and not a route, decides about. */
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFakeApp, errorOf } from '../fake-app.ts'

const { app, close } = createFakeApp()
let port = 0

beforeAll(async () => {
  port = Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port)
})
afterAll(close)

/** All that comes back until the connection is closed. */
const talk = (bytes: string) =>
  new Promise<{ status: number; headers: string; body: string }>((resolve, reject) => {
    let received = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.setEncoding('utf8').on('data', (chunk) => {
      received += chunk
    })
    socket.on('error', reject).on('close', () => {
      const end = received.indexOf('\r\n\r\n')
      const headers = received.slice(0, end)
      resolve({ status: Number(headers.split(' ')[1]), headers, body: received.slice(end + 4) })
    })
  })

describe('what node would answer itself has the envelope', () => {
  test.each([
    ['no Host', 'GET /v3_0/atlases HTTP/1.1\r\n\r\n', 400, 'BAD_REQUEST'],
    ['a bad request line', 'nonsense\r\n\r\n', 400, 'BAD_REQUEST'],
    ['a bad method', 'GOT IT /x HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'BAD_REQUEST'],
    ['a bad header', 'GET /v3_0/atlases HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n', 400, 'BAD_REQUEST'],
    ['an expectation', 'GET /v3_0/atlases HTTP/1.1\r\nHost: x\r\nExpect: cake\r\n\r\n', 417, 'EXPECTATION_FAILED'],
    ['a long head', `GET /v3_0/atlases HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(40_000)}\r\n\r\n`, 431, 'HEAD_TOO_LARGE'],
    ['a long URL', `GET /v3_0/${'a'.repeat(40_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431, 'HEAD_TOO_LARGE'],
  ])('%s', async (_what, bytes, status, code) => {
    const answer = await talk(bytes)
    expect(answer.status).toBe(status)
    expect(errorOf(answer.body)).toMatchObject({ code })
    expect(JSON.parse(answer.body).status_code).toBe(status)
    expect(answer.headers).toMatch(/^access-control-allow-origin: \*$/m)
    expect(answer.headers).toMatch(/^x-siibra-api-version: 9\.9\.9$/m)
  })
})

describe('a target in absolute form', () => {
  test.each(['http://example.org/v3_0/atlases?size=3', 'HTTP://example.org:5000/v3_0/atlases?size=3'])(
    '%s',
    async (target) => {
      const answer = await talk(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
      expect(answer.status).toBe(200)
      expect(JSON.parse(answer.body)).toMatchObject({ task: 'all_atlases', params: { size: 3 } })
    },
  )

  test('of a page, and of no path at all', async () => {
    for (const target of ['http://example.org/about', 'http://example.org', 'http://example.org?x=1'])
      expect((await talk(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).status, target).toBe(200)
  })
})
