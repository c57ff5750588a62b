/** What the processes of a fleet, its Redis and its folders hold at a moment, from outside. */
import { readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Fleet } from '../chaos/fleet.ts'
import type { Tolerance } from './trend.ts'

export interface Series {
  unit: 'MB' | 'kB' | ''
  tolerance: Tolerance
  /** Garbage lies above what is held. */
  isSawtooth?: boolean
  /** How much garbage there is is up to V8: it collects the seldomer the more room it has taken. */
  isGarbageInIt?: boolean
}

const KINDS = {
  resident: { unit: 'MB', tolerance: { share: 0.05, absolute: 10 }, isSawtooth: true, isGarbageInIt: true },
  heap: { unit: 'MB', tolerance: { share: 0.05, absolute: 3 }, isSawtooth: true },
  // with what it has not given back
  'taken by the heap': {
    unit: 'MB',
    tolerance: { share: 0.05, absolute: 10 },
    isSawtooth: true,
    isGarbageInIt: true,
  },
  // buffers of its objects
  'beside the heap': { unit: 'MB', tolerance: { share: 0.05, absolute: 3 }, isSawtooth: true },
  'open files': { unit: '', tolerance: { share: 0, absolute: 3 } },
  sockets: { unit: '', tolerance: { share: 0, absolute: 3 } },
  threads: { unit: '', tolerance: { share: 0, absolute: 1 } },
  'Redis memory': { unit: 'MB', tolerance: { share: 0.05, absolute: 1 }, isSawtooth: true },
  'Redis keys': { unit: '', tolerance: { share: 0.05, absolute: 20 } },
  'Redis clients': { unit: '', tolerance: { share: 0, absolute: 2 } },
  files: { unit: '', tolerance: { share: 0.05, absolute: 5 } },
  bytes: { unit: 'MB', tolerance: { share: 0.05, absolute: 2 } },
} satisfies Record<string, Series>

/** How a series is judged; its name is `kind: of what`. */
export const seriesOf = (name: string): Series => KINDS[name.split(': ')[0] as keyof typeof KINDS]

const MB = 2 ** 20

/** Values by name of their series. */
export async function look(fleet: Fleet, heaps: string, folders: readonly string[]): Promise<Map<string, number>> {
  const values = new Map<string, number>()
  for (const { name, pid } of [...fleet.servers, ...fleet.workers]) lookAtProcess(name, pid, heaps, values)
  if (fleet.role === 'server') await lookAtRedis(fleet.client, values)
  for (const folder of folders) {
    const { files, bytes } = contentsOf(join(fleet.folder, folder))
    values.set(`files: ${folder}`, files).set(`bytes: ${folder}`, bytes / MB)
  }
  return values
}

/** What processes hold once all garbage is collected, in all their threads: their resident memory, MB. */
export async function residentWithoutGarbage(
  processes: readonly { pid: number }[],
  heaps: string,
  everyMs: number,
): Promise<number> {
  writeFileSync(join(heaps, 'collect'), '')
  await delay(COLLECTED_WITHIN_MS + everyMs)
  return processes.reduce((sum, { pid }) => sum + residentOf(readFileSync(`/proc/${pid}/status`, 'utf8')), 0)
}

/** After each thread has seen that it is to collect. */
const COLLECTED_WITHIN_MS = 5_000
const fieldOf = (status: string, field: string) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1])
const residentOf = (status: string) => fieldOf(status, 'VmRSS') / 1024

function lookAtProcess(name: string, pid: number, heaps: string, values: Map<string, number>): void {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  values.set(`resident: ${name}`, residentOf(status)).set(`threads: ${name}`, fieldOf(status, 'Threads'))
  const open = readdirSync(`/proc/${pid}/fd`).map((fd) => targetOf(`/proc/${pid}/fd/${fd}`))
  const sockets = open.filter((target) => target.startsWith('socket:')).length
  values.set(`open files: ${name}`, open.length - sockets).set(`sockets: ${name}`, sockets)
  const own = readdirSync(heaps).filter((file) => /^\d+-\d+$/.test(file) && file.startsWith(`${pid}-`))
  const bytes = own.map((file) => readFileSync(join(heaps, file), 'utf8').split(' ').map(Number))
  for (const [i, kind] of ['heap', 'beside the heap', 'taken by the heap'].entries()) {
    const sum = bytes.reduce((all, one) => all + (one[i] ?? 0), 0)
    values.set(`${kind}: ${name}, all threads`, sum / MB)
  }
}

function targetOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

async function lookAtRedis(client: Redis, values: Map<string, number>): Promise<void> {
  const info = await client.info()
  const numberOf = (field: string) => Number(new RegExp(`${field}:(\\d+)`).exec(info)?.[1])
  values.set('Redis memory: all', numberOf('used_memory') / MB)
  values.set('Redis keys: all', await client.dbsize())
  values.set('Redis clients: all', numberOf('connected_clients'))
}

/** Keys by kind: what is of one task, one server or one answer is written as `*`. */
export async function keysByKind(client: Redis): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for await (const keys of client.scanStream({ count: 1000 })) {
    for (const key of keys as string[]) {
      const kind = key.includes(':response:')
        ? 'answers'
        : key.replace(/[0-9a-f]{32,}|[0-9a-f]{8}-[0-9a-f-]{27}/g, '*').replace(/:\d+$/, ':*')
      counts[kind] = (counts[kind] ?? 0) + 1
    }
  }
  return counts
}

/** Of a folder and all below it; files that go meanwhile do not count. */
export function contentsOf(folder: string): { files: number; bytes: number } {
  let [files, bytes] = [0, 0]
  try {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const size = entry.isFile()
        ? statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size
        : undefined
      if (size === undefined) continue
      files++
      bytes += size
    }
  } catch {
    // a folder that is just being removed, or is not there yet
  }
  return { files, bytes }
}
