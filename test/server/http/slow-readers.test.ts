import { once } from 'node:events'
import { connect } from 'node:net'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFakeApp } from '../fake-app.ts'

/** More than the buffers of the system and of both sockets take. */
const BYTES = 64 * 2 ** 20
const READ_WITHIN_S = 1

const mask = new Uint8Array(BYTES)
const { app, close } = createFakeApp({
  config: { readTimeoutS: READ_WITHIN_S },
  answers: {
    labelled_map: () => ({ bytes: mask, contentType: 'application/octet-stream' }),
    // takes longer than a reader may
    all_atlases: () => new Promise((resolve) => setTimeout(resolve, 2500 * READ_WITHIN_S, { json: 'at last' })),
  },
})
let port = 0

beforeAll(async () => {
  port = Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port)
})
afterAll(close)

const ask = (path: string) => {
  const socket = connect(port, '127.0.0.1')
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)
  return socket
}

test('a client that takes nothing of its answer is disconnected', { timeout: 180_000 }, async () => {
  const socket = ask('/v3_0/map/labelled_map.nii.gz?parcellation_id=a&space_id=b')
  await once(socket, 'readable')
  // it reads nothing, so it does not see that the other side has gone
  const connections = promisify(app.server.getConnections.bind(app.server))
  expect(await connections()).toBe(1)
  await expect.poll(connections, { timeout: 120_000 }).toBe(0)
  socket.destroy()
})

test('a client that waits for its answer is not', { timeout: 180_000 }, async () => {
  const socket = ask('/v3_0/atlases')
  let text = ''
  for await (const chunk of socket) {
    text += chunk
    if (text.includes('at last')) break
  }
  expect(text).toMatch(/^HTTP\/1.1 200 OK/)
})
