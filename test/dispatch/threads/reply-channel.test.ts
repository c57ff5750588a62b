import { randomUUID } from 'node:crypto'
import { connect, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createReplyReceiver, createReplySender, type Reply } from '../../../src/dispatch/threads/reply-channel.ts'
import type { TaskResult } from '../../../src/tasks/task.ts'

const closings: (() => void)[] = []
afterEach(() => {
  for (const close of closings.splice(0)) close()
})

const until = async (check: () => boolean) => {
  let isTrue = check()
  for (let i = 0; i < 500 && !isTrue; i++) {
    await new Promise((resolve) => setTimeout(resolve, 2))
    isTrue = check()
  }
  expect(isTrue).toBe(true)
}

const answer = (body: Uint8Array): TaskResult => ({
  ok: true,
  status: 200,
  contentType: 'x/y',
  headers: { 'content-disposition': 'attachment; filename="Größe\n.bin"' },
  etag: '"e"',
  body,
})

/** Both ends, connected. */
async function openChannel() {
  const receiver = createReplyReceiver()
  if (receiver === undefined) throw new Error('Only Linux has it')
  closings.push(receiver.close)
  const replies: Reply[] = []
  const place = receiver.open(
    (reply) => replies.push(reply),
    () => {},
  )
  const sender = createReplySender(place)
  await until(() => sender.send({ id: 0, runMs: 1, result: answer(new Uint8Array()) }))
  await until(() => replies.length === 1)
  replies.length = 0
  return { sender, replies, place }
}

describe.runIf(process.platform === 'linux')('results by a socket and shared memory', () => {
  test('come whole and in order, also where the ring begins anew', async () => {
    const { sender, replies } = await openChannel()
    const size = 90_001
    for (let id = 1; id <= 60; id++) {
      const body = new Uint8Array(size + id).fill(id)
      await until(() => sender.send({ id, runMs: id / 2, result: answer(body) }))
    }
    await until(() => replies.length === 60)
    replies.forEach(({ id, runMs, result }, i) => {
      expect([id, runMs]).toEqual([i + 1, (i + 1) / 2])
      expect(result).toMatchObject({ ...answer(new Uint8Array()), body: expect.anything() })
      if (!result.ok) return
      expect(result.body.byteLength).toBe(size + id)
      expect(result.body.every((byte) => byte === id)).toBe(true)
    })
  })

  test('errors come with what they say', async () => {
    const { sender, replies } = await openChannel()
    const result: TaskResult = { ok: false, code: 'NOT_FOUND', message: 'no “such”\nthing', details: { id: 'x' } }
    expect(sender.send({ id: 7, runMs: 0, result })).toBe(true)
    await until(() => replies.length === 1)
    expect(replies[0]).toEqual({ id: 7, runMs: 0, result })
  })

  test('what is too large, or more than the event loop has taken, is for another way', async () => {
    const { sender } = await openChannel()
    const send = (bytes: number) => sender.send({ id: 1, runMs: 0, result: answer(new Uint8Array(bytes)) })
    expect(send(2 ** 18 + 1)).toBe(false)
    // without a pause, so that nothing is taken meanwhile
    expect(Array.from({ length: 6 }, () => send(2 ** 18))).toEqual([true, true, true, true, false, false])
  })

  test('that is closed is no way any more', async () => {
    const address = `\0siibra-api-${randomUUID()}`
    const sockets: Socket[] = []
    const server = createServer((socket) => void sockets.push(socket)).listen(address)
    closings.push(() => server.close())
    const { place } = await openChannel()
    const sender = createReplySender({ ...place, address })
    const send = () => sender.send({ id: 1, runMs: 0, result: answer(new Uint8Array(1)) })
    expect(send()).toBe(false)
    await until(send)
    await until(() => sockets.length === 1)
    sockets[0]?.destroy()
    await until(() => !send())
  })

  test('strangers are shown the door', async () => {
    const { place } = await openChannel()
    const stranger = connect(place.address)
    let isClosed = false
    stranger.on('close', () => {
      isClosed = true
    })
    stranger.on('error', () => {})
    stranger.write(`${place.token}\n{"id":1}\n`)
    await until(() => isClosed)
  })
})
