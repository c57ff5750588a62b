import Fastify from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createQueueDispatcher, type QueueDispatcher } from '../../../src/dispatch/queue/dispatcher.ts'
import { registerDashboard } from '../../../src/server/pages/dashboard.ts'
import { type RedisServer, startRedis } from '../../redis.ts'

let redis: RedisServer
let queue: QueueDispatcher
const app = Fastify()
const authorization = `Basic ${Buffer.from('anyone:se:cret').toString('base64')}`
beforeAll(async () => {
  redis = await startRedis()
  queue = createQueueDispatcher({
    brokerUrl: redis.url,
    resultUrl: redis.url,
    scope: { version: '1.2.3', namespace: 'board' },
  })
  await queue.waitUntilConnected(5_000)
  await registerDashboard(app, { queue, path: '/queues', password: 'se:cret' })
})
afterAll(async () => {
  await app.close()
  await queue.close(0)
  await redis.close()
})

test.each([undefined, 'Basic', 'Bearer se:cret', `Basic ${Buffer.from('anyone:wrong').toString('base64')}`])(
  'the dashboard is closed to %s',
  async (value) => {
    for (const url of ['/queues/', '/queues/api/queues', '/queues/static/favicon.ico']) {
      const answer = await app.inject({ url, headers: value === undefined ? {} : { authorization: value } })
      expect(answer.statusCode).toBe(401)
      expect(answer.headers['www-authenticate']).toContain('Basic')
    }
  },
)

test('it shows the queues under their full names, and asks nothing of other hosts', async () => {
  const page = await app.inject({ url: '/queues/', headers: { authorization } })
  expect(page.statusCode).toBe(200)
  expect(page.body).toContain('<base href="/queues/"')
  expect(page.body).not.toMatch(/<%|https?:\/\/fonts/)
  const [, script] = /src="(static\/js\/[^"]+)"/.exec(page.body) ?? []
  expect((await app.inject({ url: `/queues/${script}`, headers: { authorization } })).statusCode).toBe(200)
  const api = await app.inject({ url: '/queues/api/queues', headers: { authorization } })
  expect(api.json().queues.map(({ displayName }: { displayName: string }) => displayName)).toEqual(
    ['core', 'features', 'features.heavy', 'volumes', 'volumes.heavy', 'compounds'].map(
      (name) => `1.2.3.board.${name}`,
    ),
  )
})

test('nothing can be changed, and no other file be read', async () => {
  const pause = '/queues/api/queues/1.2.3.board.core/pause'
  expect((await app.inject({ method: 'PUT', url: pause, headers: { authorization } })).statusCode).toBe(404)
  for (const path of ['../index.ejs', '..%2findex.ejs', '%2e%2e/index.ejs', 'nope.js']) {
    expect((await app.inject({ url: `/queues/static/${path}`, headers: { authorization } })).statusCode).toBe(404)
  }
})
