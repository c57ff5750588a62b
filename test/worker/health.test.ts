import { expect, test } from 'vitest'
import { serveHealth } from '../../src/worker/health.ts'
import type { RunningWorker } from '../../src/worker/worker.ts'

test('a worker tells whether it lives and is ready, and what it is', async () => {
  let isReady = false
  const worker = { isReady: () => isReady, info: () => ({ id: 'w' }) } as RunningWorker
  const { port, close } = await serveHealth(worker, { host: '127.0.0.1', port: 0 })
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('cache-control')).toBe('no-store')
    return [response.status, await response.json()]
  }
  const notReady = { status: 'not ready', id: 'w' }
  expect(await get('/livez?x=1')).toEqual([200, notReady])
  expect(await get('/readyz')).toEqual([503, notReady])
  expect(await get('/ready')).toEqual([503, notReady])
  expect(await get('/')).toEqual([404, { detail: 'Not Found' }])
  isReady = true
  for (const path of ['/livez', '/readyz?', '/ready'])
    expect(await get(path)).toEqual([200, { status: 'ready', id: 'w' }])
  expect(await get('/readyz/x')).toEqual([404, { detail: 'Not Found' }])
  await close()
  await expect(fetch(`http://127.0.0.1:${port}/livez`)).rejects.toThrow()
})
