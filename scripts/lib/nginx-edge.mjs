/** The nginx of deploy/edge, with the ports and folders of a trial. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './processes.mjs'

/** A file of deploy/edge as it is but for where it listens, writes and asks. */
export const placedIn =
  (folder, [first, second], edgePort) =>
  (text) =>
    text
      .replaceAll('server-1:5000', `127.0.0.1:${first}`)
      .replaceAll('server-2:5000', `127.0.0.1:${second}`)
      .replace('listen 8080', `listen 127.0.0.1:${edgePort}`)
      .replaceAll('/var/cache/nginx', join(folder, 'nginx-cache'))
      .replace('/run/nginx-siibra-api.pid', join(folder, 'nginx.pid'))
      .replaceAll('/dev/stdout', join(folder, 'access.log'))
      .replace('error_log stderr', `error_log ${folder}/error.log`)
      .replace(
        'worker_processes auto',
        `${process.getuid?.() === 0 ? 'user root;\n' : ''}daemon off;\nworker_processes 1`,
      )

/**
 * Starts nginx with these files.
 *
 * @param more  further servers, within `http`
 */
export function startNginx(nginx, folder, placed, more = '') {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((n) => `${n}_temp_path ${folder}/${n};`)
  mkdirSync(join(folder, 'nginx-cache'))
  for (const name of ['nginx.conf', 'siibra-api-cache.conf', 'siibra-api-proxy.conf']) {
    const text = placed(readFileSync(join('deploy/edge', name), 'utf8'))
    writeFileSync(join(folder, name), text.replace(/^http \{/m, `http {\n${temporary.join('\n')}\n${more}`))
  }
  const config = join(folder, 'nginx.conf')
  execFileSync(nginx, ['-t', '-q', '-c', config, '-p', folder], { stdio: 'inherit' })
  return run(nginx, ['-c', config, '-p', folder])
}
