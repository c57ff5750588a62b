/** Serves the demo atlas with the built program, on a free port. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const START_WITHIN_MS = 60_000

/**
 * @param cacheFolder  of the service alone
 * @returns its address, and how it is ended
 */
export async function serveDemo(cacheFolder) {
  const port = await freePort()
  const base = `http://127.0.0.1:${port}`
  const env = {
    ...process.env,
    SIIBRA_API_PORT: String(port),
    SIIBRA_USE_CONFIGURATION: 'demo',
    SIIBRA_CACHEDIR: cacheFolder,
  }
  const service = spawn(process.execPath, [main], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const stop = async () => {
    if (service.exitCode !== null) return
    service.kill('SIGTERM')
    await once(service, 'exit')
  }
  const giveUpMs = Date.now() + START_WITHIN_MS
  while (!(await fetch(`${base}/ready`).catch(() => undefined))?.ok) {
    if (Date.now() > giveUpMs || service.exitCode !== null) {
      await stop()
      throw new Error('the service does not become ready')
    }
    await delay(100)
  }
  return { base, stop }
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  probe.close()
  return port
}
