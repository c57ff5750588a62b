/**
 * Clients that do not take their answer hold its bytes in the memory of the service. Two bounds: for the time in which
 * nothing at all is taken, and, for answers that are large, for the whole of it.
 */
import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** The least that a client has to take of a large answer, on average. */
const LEAST_BYTES_PER_S = 10 * 1024
const FIRST_MS = 60_000
/** Answers up to this size mostly fit into the buffers of the system. */
const SMALL_BYTES = 256 * 1024

/** Answers that are being made for the requests of a connection. */
const awaited = new WeakMap<Socket, number>()

/** Closes connections on which something waits to be taken, and nothing was for `withinMs`. */
export function watchReaders(server: Server, withinMs: number): void {
  // node tells a timeout of a socket only when nothing of a large write has gone out meanwhile either
  server.setTimeout(withinMs, (socket: Socket) => {
    if (socket.writableLength > 0 || !awaited.has(socket)) socket.destroy()
    // the client waits for an answer that is still being made
    else socket.setTimeout(withinMs)
  })
}

/** Says that an answer is being made or streamed on a connection, however long that takes; the function given says that it has ended. */
export function awaitAnswer(socket: Socket | null): () => void {
  if (socket === null) return () => {}
  awaited.set(socket, (awaited.get(socket) ?? 0) + 1)
  return () => {
    const count = (awaited.get(socket) ?? 1) - 1
    if (count === 0) awaited.delete(socket)
    else awaited.set(socket, count)
  }
}

/** Bounds the time in which an answer of some size is taken. */
export function boundSending(response: ServerResponse, bytes: number): void {
  if (bytes <= SMALL_BYTES) return
  const timer = setTimeout(() => response.destroy(), FIRST_MS + (bytes / LEAST_BYTES_PER_S) * 1000)
  timer.unref()
  response.once('close', () => clearTimeout(timer))
}
