import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { SentinelClient } from '../../src/platform/sentinel-client.ts'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** Speaks enough of Redis' protocol for one that asks: each command is answered by `answer`, where that gives something. */
async function listen(answer: (words: string[], socket: Socket) => string | undefined) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let text = ''
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      text += bytes
      for (;;) {
        const [head, count] = /^\*(\d+)\r\n/.exec(text) ?? []
        const words = text.slice(head?.length).match(/\$\d+\r\n[^\r]*\r\n/g) ?? []
        if (head === undefined || words.length < Number(count)) return
        const own = words.slice(0, Number(count))
        text = text.slice(head.length + own.join('').length)
        const told = answer(
          own.map((word) => word.split('\r\n')[1] as string),
          socket,
        )
        if (told !== undefined) socket.write(told)
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  ends.push(close)
  return { port: (server.address() as AddressInfo).port, sockets, close }
}

const bulk = (text: string) => `$${text.length}\r\n${text}\r\n`
const list = (...texts: string[]) => `*${texts.length}\r\n${texts.map(bulk).join('')}`

async function startGroup() {
  const primary = await listen(([name]) => (name === 'info' ? bulk('redis_version:7.0.0\r\nrole:master') : '+OK\r\n'))
  const listeners = new Set<Socket>()
  const state = { asked: 0, isHeld: false, release: () => {} }
  const sentinel = await listen(([name, what], socket) => {
    if (name === 'subscribe') {
      listeners.add(socket)
      return `*3\r\n${bulk('subscribe')}${bulk('+switch-master')}:1\r\n`
    }
    if (name !== 'sentinel') return name === 'info' ? bulk('redis_version:7.0.0') : '+OK\r\n'
    if (what !== 'get-master-addr-by-name') return list()
    state.asked++
    const address = list('127.0.0.1', String(primary.port))
    if (!state.isHeld) return address
    state.release = () => {
      state.isHeld = false
      socket.write(address)
    }
    return undefined
  })
  const client = new SentinelClient({
    sentinels: [{ host: '127.0.0.1', port: sentinel.port }],
    name: 'siibra',
    failoverDetector: true,
    protocol: 2,
    retryStrategy: () => 1,
    sentinelRetryStrategy: () => 1,
    sentinelReconnectStrategy: () => 1,
  })
  client.on('error', () => {})
  ends.push(() => client.disconnect())
  await once(client, 'ready')
  await vi.waitFor(() => expect(listeners.size).toBe(1))
  const tell = () => {
    for (const socket of listeners) socket.write(list('message', '+switch-master', 'siibra 127.0.0.1 1 127.0.0.1 2'))
  }
  return { primary, sentinel, client, state, tell }
}

type Group = Awaited<ReturnType<typeof startGroup>>

/** The primary goes, and the client asks where the new one is. */
async function askAgain({ primary, client, state }: Group) {
  state.isHeld = true
  for (const socket of primary.sockets) socket.destroy()
  await vi.waitFor(() => expect(state.asked).toBe(2))
  return client as unknown as { connector: { disconnect(): void } }
}

test('a failover that is told while the primary is asked for ends nothing, and what waits to be sent is sent', async () => {
  const group = await startGroup()
  await askAgain(group)
  group.tell()
  const written = group.client.set('key', 'value')
  await delay(20)
  group.state.release()
  expect(await written).toBe('OK')
})

test('a connection that was ended by what still listened is made anew', async () => {
  const group = await startGroup()
  const { connector } = await askAgain(group)
  // what listens to Sentinels does this when it hears of a failover
  connector.disconnect()
  group.state.release()
  await vi.waitFor(() => expect(group.client.status).toBe('ready'))
  expect(await group.client.set('key', 'value')).toBe('OK')
})

test('one that is ended meanwhile stays so', async () => {
  const group = await startGroup()
  await askAgain(group)
  group.client.disconnect()
  const ended = once(group.client, 'end')
  group.state.release()
  await ended
  await delay(20)
  expect([group.client.status, group.state.asked]).toEqual(['end', 2])
})

test('those that others make of it do the same', async () => {
  const { client } = await startGroup()
  const other = client.duplicate({ lazyConnect: true, connectionName: 'other' })
  expect([other.constructor, other.options.name, other.options.connectionName]).toEqual([
    SentinelClient,
    'siibra',
    'other',
  ])
})

test('a Sentinel that goes away is no line on the console: the connection to the primary is what counts', async () => {
  const { sentinel, client } = await startGroup()
  const told = vi.spyOn(console, 'error').mockImplementation(() => {})
  sentinel.close()
  await delay(50)
  expect(client.status).toBe('ready')
  expect(told.mock.calls).toEqual([])
  told.mockRestore()
})
