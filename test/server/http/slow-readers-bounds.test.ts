import { EventEmitter } from 'node:events'
import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { expect, test, vi } from 'vitest'
import { awaitAnswer, boundSending, watchReaders } from '../../../src/server/http/slow-readers.ts'

/** What happens on a connection where nothing was taken for a while. */
function createConnection(writableLength: number) {
  const done: (string | number)[] = []
  const connection = { writableLength, destroy: () => done.push('closed'), setTimeout: (ms: number) => done.push(ms) }
  // all of a socket that is looked at
  const socket = connection as unknown as Socket
  return { socket, done }
}

function watched(): (socket: Socket) => void {
  const setTimeout = vi.fn()
  watchReaders({ setTimeout } as unknown as Server, 7)
  const [withinMs, onSilence] = setTimeout.mock.calls[0] ?? []
  expect(withinMs).toBe(7)
  return onSilence
}

test('a silent connection is closed, unless its client waits for an answer, of one of them at least', () => {
  const onSilence = watched()
  const { socket, done } = createConnection(0)
  const ends = [awaitAnswer(socket), awaitAnswer(socket)]
  for (const end of [() => {}, ...ends]) {
    end()
    onSilence(socket)
  }
  expect(done).toEqual([7, 7, 'closed'])
})

test('what waits to be taken is not waited for; no connection is none', () => {
  const { socket, done } = createConnection(1)
  awaitAnswer(socket)
  watched()(socket)
  expect(done).toEqual(['closed'])
  expect(awaitAnswer(null)()).toBeUndefined()
})

test('a large answer has a minute, and a second for every 10 KiB', () => {
  const timer = vi.spyOn(globalThis, 'setTimeout')
  const timeFor = (bytes: number) => {
    timer.mockClear()
    const response = Object.assign(new EventEmitter(), { destroy: vi.fn() })
    boundSending(response as unknown as ServerResponse, bytes)
    const [call] = timer.mock.calls
    response.emit('close')
    return call?.[1]
  }
  expect([0, 262_144, 262_145, 10_240_000].map(timeFor)).toEqual([
    undefined,
    undefined,
    60_000 + 262_145 / 10.24,
    1_060_000,
  ])
  timer.mockRestore()
})
