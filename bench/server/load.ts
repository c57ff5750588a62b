/** A client that costs little: raw sockets, kept alive, one request at a time on each, only the head is looked at. */

import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'

export interface Load {
  requestsPerS: number
  /** CPU time of the server per request. */
  cpuUs: number
  p50Ms: number
  p99Ms: number
}

/** Asks some URLs in turn, for some time, over some connections. */
export async function applyLoad(options: {
  port: number
  pid: number
  paths: readonly string[]
  headers?: Record<string, string>
  connections: number
  ms: number
}): Promise<Load> {
  const { port, pid, paths, headers = {}, connections, ms } = options
  const lines = Object.entries({ host: '127.0.0.1', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  const requests = paths.map((path) => Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`))
  const cpuBeforeMs = cpuMs(pid)
  const startMs = performance.now()
  const endMs = startMs + ms
  const times = (
    await Promise.all(Array.from({ length: connections }, (_, i) => repeat(port, requests, i, endMs)))
  ).flat()
  const elapsedMs = performance.now() - startMs
  times.sort((a, b) => a - b)
  return {
    requestsPerS: (times.length / elapsedMs) * 1000,
    cpuUs: ((cpuMs(pid) - cpuBeforeMs) * 1000) / times.length,
    p50Ms: times[Math.floor(times.length * 0.5)] as number,
    p99Ms: times[Math.floor(times.length * 0.99)] as number,
  }
}

/** One connection: asks, waits for the whole answer, asks again. Gives the times of all answers. */
function repeat(port: number, requests: readonly Buffer[], first: number, endMs: number): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const times: number[] = []
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let sentMs = 0
    let next = first
    let missingBytes = -1
    let head = Buffer.alloc(0)
    const send = () => {
      sentMs = performance.now()
      socket.write(requests[next++ % requests.length] as Buffer)
    }
    socket.on('connect', send)
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      if (missingBytes < 0) {
        head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
        const end = head.indexOf('\r\n\r\n')
        if (end < 0) return
        missingBytes = bodyBytes(head, end) - (head.length - end - 4)
        head = Buffer.alloc(0)
      } else missingBytes -= chunk.length
      if (missingBytes > 0) return
      missingBytes = -1
      const nowMs = performance.now()
      times.push(nowMs - sentMs)
      if (nowMs < endMs) return send()
      socket.destroy()
      resolve(times)
    })
  })
}

const LENGTH = /content-length: (\d+)/i
function bodyBytes(head: Buffer, end: number): number {
  const text = head.toString('latin1', 0, end)
  if (!/^HTTP\/1\.1 (200|304)/.test(text)) throw new Error(`Unexpected answer: ${text.slice(0, 60)}`)
  return Number(LENGTH.exec(text)?.[1] ?? 0)
}

/** CPU time that a process has used so far (Linux: clock ticks of 10 ms). */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** Waits until a process does nothing of its own any more, as after a start: less than 2 % of a core for a second. */
export async function untilIdle(pid: number, limitMs = 60_000): Promise<void> {
  const giveUpMs = performance.now() + limitMs
  for (let before = cpuMs(pid); performance.now() < giveUpMs; before = cpuMs(pid)) {
    await new Promise((resolve) => setTimeout(resolve, 1000))
    if (cpuMs(pid) - before < 20) return
  }
}

/** Resident memory of a process. */
export function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
}
