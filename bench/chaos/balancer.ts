/** nginx before several servers: who is away, or says that it stops, is passed over. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findFreePort } from '../../test/redis.ts'

export interface Balancer {
  base: string
  close(): Promise<void>
}

const PLACES = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx', '/opt/homebrew/bin/nginx']

export const findNginx = (): string | undefined => PLACES.find((path) => existsSync(path))

export async function startBalancer(bases: readonly string[], folder: string): Promise<Balancer> {
  const nginx = findNginx()
  if (nginx === undefined) throw new Error('nginx is not installed')
  const port = await findFreePort()
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, configurationOf(bases, port, folder))
  execFileSync(nginx, ['-t', '-q', '-c', file, '-p', folder], { stdio: 'inherit' })
  const child = spawn(nginx, ['-c', file, '-p', folder], { stdio: 'inherit' })
  process.once('exit', () => child.kill('SIGKILL'))
  const base = `http://127.0.0.1:${port}`
  while (!(await fetch(`${base}/livez`).catch(() => undefined))) await new Promise((resolve) => setTimeout(resolve, 20))
  return {
    base,
    async close() {
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}

/**
 * All that the service takes in a POST is computed from what was sent, so it may be sent to another server, too. No server is left out
 * for a while after a failure (`max_fails=0`): one that has just started, and said so with 503, would still be left out when the next
 * one is stopped, and nginx, with nobody left, answers 502 itself.
 */
const configurationOf = (bases: readonly string[], port: number, folder: string) => `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/nginx-error.log crit;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${folder}/nginx-body;
  proxy_temp_path ${folder}/nginx-proxy;
  fastcgi_temp_path ${folder}/nginx-fastcgi;
  uwsgi_temp_path ${folder}/nginx-uwsgi;
  scgi_temp_path ${folder}/nginx-scgi;
  upstream service {
${bases.map((base) => `    server ${base.replace('http://', '')} max_fails=0;`).join('\n')}
  }
  server {
    listen 127.0.0.1:${port};
    client_max_body_size 64m;
    location / {
      proxy_pass http://service;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_connect_timeout 10s;
      proxy_next_upstream error timeout http_503 non_idempotent;
    }
  }
}
`
