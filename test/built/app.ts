/** The packed program in place of the app that the tests of the demo start from the sources. */
import type { TestApp } from '../app.ts'
import { startRedis } from '../redis.ts'
import { installPackage } from './package.ts'
import { type Running, spawnBuilt, startBuilt } from './run.ts'

/** Serves the demo with the packed program: in role `all`, or in role `server` with a worker behind a queue of its own. */
export async function startTestApp(_settings?: unknown, { hasWorkers = false } = {}): Promise<TestApp> {
  const installed = installPackage()
  const closing: (() => unknown)[] = []
  const env: Record<string, string> = { SIIBRA_USE_CONFIGURATION: 'demo' }
  if (hasWorkers) {
    const redis = await startRedis()
    closing.unshift(redis.close)
    env.SIIBRA_API_BROKER_URL = redis.url
    closing.unshift(spawnBuilt(installed.main, { args: ['worker'], env }).stop)
    env.SIIBRA_API_ROLE = 'server'
  }
  const service: Running = await startBuilt(installed.main, { env })
  closing.unshift(service.stop)
  return {
    get: service.get,
    send: service.send,
    listen: async () => service.base,
    async close() {
      for (const close of closing) await close()
    },
  }
}
