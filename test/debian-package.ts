import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'

/**
 * Installs a Debian package that a test needs, where that is possible. One test process at a time does so; the others wait.
 * Answers with the reason why it cannot be had, `undefined` where it is there.
 */
export async function requireDebianPackage(name: string, isThere: () => boolean): Promise<string | undefined> {
  if (isThere()) return undefined
  if (!existsSync('/usr/bin/apt-get')) return `the package ${name} is missing, and this is no Debian`
  if (process.getuid?.() !== 0) return `the package ${name} is missing, and only root can install it`
  const command = `apt-get update && apt-get install -y --no-install-recommends ${name}`
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  try {
    await promisify(execFile)('flock', ['/tmp/siibra-api-test-packages.lock', 'sh', '-c', command], {
      timeout: 280_000,
      maxBuffer: 2 ** 26,
      env,
    })
  } catch (thrown) {
    return `the package ${name} could not be installed: ${(thrown as Error).message.split('\n')[0]}`
  }
  return isThere() ? undefined : `the package ${name} lacks what is needed of it`
}

/**
 * Unpacks a Debian package into a folder, where that is possible; nothing of it is installed or started. Answers with the
 * reason why it cannot be had, `undefined` where it is there.
 */
export async function unpackDebianPackage(name: string, folder: string): Promise<string | undefined> {
  if (!existsSync('/usr/bin/apt-get')) return `the package ${name} cannot be had: this is no Debian`
  const command = `apt-get download ${name} || { apt-get update && apt-get download ${name}; }; dpkg -x ${name}_*.deb .`
  try {
    await promisify(execFile)('sh', ['-ec', command], { cwd: folder, timeout: 280_000, maxBuffer: 2 ** 26 })
  } catch (thrown) {
    return `the package ${name} could not be unpacked: ${(thrown as Error).message.split('\n')[0]}`
  }
  return undefined
}
