/** A TCP proxy between the service and its Redis, so that the way between them can be cut, held up and slowed down. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

export interface TcpProxy {
  port: number
  /** Ends all connections and takes no new ones that last. */
  cut(): void
  /** Holds back all bytes: connections stay open, nothing comes. */
  hold(): void
  /** Lets bytes wait for so long, each way. */
  slow(ms: number): void
  /** As it was in the beginning. */
  mend(): void
  close(): Promise<void>
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let isCut = false
  let delayMs = 0
  let held: (() => void)[] | undefined

  const forward = (from: Socket, to: Socket) => {
    // bytes keep their order, as TCP promises, also where the delay has just ended
    let onTheWay = Promise.resolve()
    from.on('data', (bytes) => {
      const write = () => void (to.destroyed || to.write(bytes))
      const arrives = delayMs > 0 ? delay(delayMs) : undefined
      onTheWay = onTheWay.then(() => arrives).then(() => (held ? void held.push(write) : write()))
    })
    from.on('error', () => to.destroy())
    from.on('close', () => to.destroy())
    sockets.add(from)
    from.once('close', () => sockets.delete(from))
  }
  const server = createServer((client) => {
    if (isCut) return void client.destroy()
    const target = connect(targetPort, '127.0.0.1')
    for (const socket of [client, target]) socket.setNoDelay(true)
    forward(client, target)
    forward(target, client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true
      endAll()
    },
    hold() {
      held ??= []
    },
    slow(ms) {
      delayMs = ms
    },
    mend() {
      isCut = false
      delayMs = 0
      for (const write of held?.splice(0) ?? []) write()
      held = undefined
    },
    async close() {
      server.close()
      endAll()
      await once(server, 'close')
    },
  }
}
