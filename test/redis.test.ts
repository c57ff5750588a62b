import { Redis, type RedisOptions } from 'ioredis'
import { expect, test } from 'vitest'
import { startRedis } from './redis.ts'

test('the tests have a Redis of their own, which keeps its data over a restart and demands its password', async () => {
  const server = await startRedis({ password: 'p@ss/word', persistent: true })
  try {
    expect(server.port).not.toBe(6379)
    const connect = (url: string, options: RedisOptions = {}) => {
      const client = new Redis(url, { protocol: 2, ...options })
      client.on('error', () => {})
      return client
    }
    const write = connect(server.url)
    await write.set('greeting', 'hello')
    write.disconnect()
    await server.kill()
    await expect(connect(server.url, { retryStrategy: () => null, maxRetriesPerRequest: 0 }).ping()).rejects.toThrow()
    await server.start()
    const read = connect(server.url)
    expect(await read.get('greeting')).toBe('hello')
    read.disconnect()
    const stranger = connect(`redis://127.0.0.1:${server.port}`)
    await expect(stranger.get('greeting')).rejects.toThrow(/NOAUTH/)
    stranger.disconnect()
  } finally {
    await server.close()
  }
})
