/**
 * The way of results from threads to the event loop: a line of JSON over a Unix socket, the body in memory that both share.
 *
 * A MessagePort wakes its receiver while it holds the lock that the receiver takes first. A thread of low priority is
 * interrupted by just that wake-up, and the event loop waits until the thread gets its turn again: 1 to 4 ms, some twenty times
 * a second beside busy threads (docs/performance.md). With a socket it is the kernel that wakes, and nobody holds a lock.
 */
import { randomUUID } from 'node:crypto'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { TaskResult } from '../../tasks/task.ts'

/** A power of two, so that positions that run over 32 bits still mean the same place. */
const ARENA_BYTES = 2 ** 20
/** Larger bodies are transferred by the thread's port. */
const MAX_BODY_BYTES = ARENA_BYTES / 4

/** What a thread needs to open its end: plain data. */
export interface ReplyChannelPlace {
  address: string
  token: string
  /** Bodies, in a ring; the thread writes, the event loop copies them out in the order of the lines. */
  arena: SharedArrayBuffer
  /** One number (uint32): up to which position of the ring everything has been copied out. */
  released: SharedArrayBuffer
}

export interface Reply {
  id: number
  runMs: number
  result: TaskResult
}

/** A result on its way: its body lies at `at` in the arena, and may be overwritten once `end` is released. */
interface ReplyMessage {
  id: number
  runMs: number
  result: TaskResult | Omit<TaskResult & { ok: true }, 'body'>
  bytes: number
  at: number
  end: number
}

export interface ReplyReceiver {
  /** Makes a place for one thread; `onReply` hears its results, `onClose` that it has gone. */
  open(onReply: (reply: Reply) => void, onClose: () => void): ReplyChannelPlace
  close(): void
}

/** The end of the event loop, for all threads of a pool. Undefined where there are no such sockets (only Linux has them). */
export function createReplyReceiver(): ReplyReceiver | undefined {
  if (process.platform !== 'linux') return undefined
  // a name in the kernel, not in the file system
  const address = `\0siibra-api-${randomUUID()}`
  const expected = new Map<string, (socket: Socket) => (line: string) => void>()
  const server: Server = createServer((socket) => {
    let take: ((line: string) => void) | undefined
    readLines(socket, (line) => {
      if (take !== undefined) return take(line)
      take = expected.get(line)?.(socket)
      expected.delete(line)
      if (take === undefined) socket.destroy()
    })
    socket.on('error', () => {})
    socket.unref()
  })
  server.on('error', () => {})
  server.listen(address).unref()

  return {
    open(onReply, onClose) {
      const place: ReplyChannelPlace = {
        address,
        token: randomUUID(),
        arena: new SharedArrayBuffer(ARENA_BYTES),
        released: new SharedArrayBuffer(4),
      }
      const arena = new Uint8Array(place.arena)
      const released = new Uint32Array(place.released)
      expected.set(place.token, (socket) => {
        socket.on('close', onClose)
        return (text) => {
          const { id, runMs, result, bytes, at, end } = JSON.parse(text) as ReplyMessage
          if (!result.ok) return onReply({ id, runMs, result })
          // shared memory again: see thread-loop.ts
          const body = new Uint8Array(new SharedArrayBuffer(bytes))
          body.set(arena.subarray(at, at + bytes))
          Atomics.store(released, 0, end)
          onReply({ id, runMs, result: { ...result, body } })
        }
      })
      return place
    },
    close() {
      server.close()
    },
  }
}

export interface ReplySender {
  /** Sends a result; false where it has to take another way. */
  send(reply: Reply): boolean
}

/** The end of a thread. Until it is connected, results take another way. */
export function createReplySender({ address, token, arena, released }: ReplyChannelPlace): ReplySender {
  const bytes = new Uint8Array(arena)
  const upTo = new Uint32Array(released)
  let next = 0
  let isOpen = false
  const socket = connect(address, () => {
    socket.write(`${token}\n`)
    isOpen = true
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    isOpen = false
  })
  socket.unref()

  /** Room for some bytes in one piece; undefined where the event loop has not copied enough of the rest. */
  const reserve = (length: number): { at: number; end: number } | undefined => {
    const offset = next % ARENA_BYTES
    const skipped = offset + length > ARENA_BYTES ? ARENA_BYTES - offset : 0
    const used = (next - Atomics.load(upTo, 0)) >>> 0
    if (used + skipped + length > ARENA_BYTES) return undefined
    const start = (next + skipped) >>> 0
    next = (start + length) >>> 0
    return { at: start % ARENA_BYTES, end: next }
  }

  return {
    send({ id, runMs, result }) {
      if (!isOpen || (result.ok && result.body.byteLength > MAX_BODY_BYTES)) return false
      const length = result.ok ? result.body.byteLength : 0
      const room = reserve(length)
      if (room === undefined) return false
      if (result.ok) bytes.set(result.body, room.at)
      const line: ReplyMessage = {
        id,
        runMs,
        result: result.ok ? { ...result, body: undefined } : result,
        bytes: length,
        ...room,
      }
      socket.write(`${JSON.stringify(line)}\n`)
      return true
    },
  }
}

function readLines(socket: Socket, take: (line: string) => void): void {
  let rest = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() as string
    for (const line of lines) take(line)
  })
}
