/** Metrics of queues, workers and shared storage, under the names of the original: dashboards and alarms use them. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Counter, Gauge, type Registry } from 'prom-client'
import type { QueueDispatcher } from '../../dispatch/queue/dispatcher.ts'
import { fullQueueName } from '../../dispatch/queue/names.ts'
import { QUEUE_NAMES } from '../../tasks/task.ts'

const MEASURED_EVERY_MS = 600_000

export interface FleetOptions {
  /** In role server; without it there are no workers to tell of. */
  queue: QueueDispatcher | undefined
  /** Folder whose first-level folders are measured, and that holds what `kubectl top pod` says in `metrics.txt`. */
  monitorDir: string | undefined
}

export function registerFleetMetrics(registry: Registry, { queue, monitorDir }: FleetOptions): void {
  const gauge = (name: string, help: string, labelNames: string[], collect: (self: Gauge) => void | Promise<void>) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      async collect() {
        this.reset()
        await collect(this)
      },
    })

  gauge('last_pinged', 'Unix time at which the broker (or, without one, this process) last answered', [], (self) =>
    self.set((queue?.health().answeredAtMs ?? Date.now()) / 1000),
  )
  gauge(
    'siibra_api_queue_up',
    '1 while tasks of a queue can be sent: its broker and result backend, where there are such, take writes',
    ['queue'],
    (self) => {
      const { queuesAway = [] } = queue?.health() ?? {}
      for (const name of QUEUE_NAMES) self.set({ queue: name }, queuesAway.includes(name) ? 0 : 1)
    },
  )
  if (queue) registerQueueMetrics(gauge, queue)
  registerRefusals(registry, queue)
  if (monitorDir !== undefined) registerMonitorMetrics(gauge, monitorDir)
}

type MakeGauge = (
  name: string,
  help: string,
  labelNames: string[],
  collect: (self: Gauge) => void | Promise<void>,
) => Gauge

function registerQueueMetrics(gauge: MakeGauge, queue: QueueDispatcher): void {
  const { scope } = queue
  gauge('num_task_in_q', 'Tasks of a queue that no worker has taken yet', ['q_name'], async (self) => {
    const status = await queue.status()
    for (const name of QUEUE_NAMES) self.set({ q_name: fullQueueName(scope, name) }, status[name].waiting)
  })
  gauge('num_workers', 'Workers that take tasks of a queue', ['version', 'namespace', 'queue'], (self) => {
    const { workers } = queue.health()
    for (const name of QUEUE_NAMES) self.set({ ...scope, queue: name }, workers[name])
  })
  gauge('active_tasks', 'Tasks under way in a worker', ['hostname'], (self) => {
    for (const worker of queue.workers()) {
      const active = Object.values(worker.queues).reduce((sum, one) => sum + one.active, 0)
      self.set({ hostname: nameOf(worker) }, active)
    }
  })
  // A worker fetches a task when a thread is free, and schedules none for later.
  gauge('reserved_tasks', 'Tasks that a worker has fetched but not begun', ['hostname'], (self) => {
    for (const worker of queue.workers()) self.set({ hostname: nameOf(worker) }, 0)
  })
  gauge('scheduled_tasks', 'Tasks that a worker keeps for later', ['hostname'], (self) => {
    for (const worker of queue.workers()) self.set({ hostname: nameOf(worker) }, 0)
  })
  gauge('siibra_api_worker_resident_bytes', 'Resident memory of a worker', ['hostname'], (self) => {
    for (const worker of queue.workers()) self.set({ hostname: nameOf(worker) }, worker.rssBytes)
  })
}

/** What this server found in Redis and did not use, and what its workers say of theirs. */
function registerRefusals(registry: Registry, queue: QueueDispatcher | undefined): void {
  const registers = [registry]
  new Counter({
    name: 'siibra_api_broker_refused_total',
    help: 'What was found in Redis and not used: results, states, heartbeats, events that are none, of another task, too large',
    labelNames: ['what', 'reason'],
    registers,
    collect() {
      this.reset()
      for (const { what, reason, count } of queue?.refusals() ?? []) this.inc({ what, reason }, count)
    },
  })
  new Counter({
    name: 'siibra_api_worker_refused_jobs_total',
    help: 'Jobs that a worker did not run, as no server of this version sends them',
    labelNames: ['hostname', 'reason'],
    registers,
    collect() {
      this.reset()
      for (const worker of queue?.workers() ?? [])
        for (const [reason, count] of Object.entries(worker.refusedJobs ?? {}))
          this.inc({ hostname: nameOf(worker), reason }, count)
    },
  })
}

const nameOf = ({ host, pid }: { host: string; pid: number }) => `${host}.${pid}`

function registerMonitorMetrics(gauge: MakeGauge, folder: string): void {
  let sizes = new Map<string, number>()
  const measure = () =>
    measureFolders(folder).then(
      (measured) => {
        sizes = measured
      },
      () => undefined,
    )
  void measure()
  setInterval(measure, MEASURED_EVERY_MS).unref()
  const usage = () => readUsage(join(folder, 'metrics.txt')).catch(() => undefined)

  gauge('firstlvl_folder_disk_usage', 'Bytes used by first level folders', ['folder_name'], (self) => {
    for (const [name, bytes] of sizes) self.set({ folder_name: name }, bytes)
  })
  gauge('resource_usage_cpu', 'CPU usage by pods, in thousandths of a core', ['podname'], async (self) => {
    for (const { pod, milliCores } of (await usage())?.pods ?? []) self.set({ podname: pod }, milliCores)
  })
  gauge('resource_usage_memory', 'RAM usage by pods, in bytes', ['podname'], async (self) => {
    for (const { pod, bytes } of (await usage())?.pods ?? []) self.set({ podname: pod }, bytes)
  })
  gauge('resource_usage_timestamp', 'Unix time of the usage by pods', [], async (self) => {
    const found = await usage()
    if (found) self.set(found.atMs / 1000)
  })
}

/** Bytes in each folder right below one; links are not followed. */
export async function measureFolders(folder: string): Promise<Map<string, number>> {
  const sizes = new Map<string, number>()
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name === 'lost+found') continue
    sizes.set(entry.name, await folderBytes(join(folder, entry.name)))
  }
  return sizes
}

async function folderBytes(folder: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) bytes += await folderBytes(path)
    else if (entry.isFile())
      bytes += await stat(path).then(
        ({ size }) => size,
        () => 0,
      )
  }
  return bytes
}

interface PodUsage {
  pod: string
  milliCores: number
  bytes: number
}

async function readUsage(path: string): Promise<{ pods: PodUsage[]; atMs: number }> {
  const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)])
  return { pods: parseUsage(text), atMs: mtimeMs }
}

/** Lines of `kubectl top pod`: name, CPU in millicores (`12m`), memory in MiB (`34Mi`). What is not of this form is left out. */
export function parseUsage(text: string): PodUsage[] {
  return text.split('\n').flatMap((line) => {
    const match = /^(\S+)\s+(\d+)m\s+(\d+)Mi\s*$/.exec(line)
    if (!match) return []
    return [{ pod: match[1] as string, milliCores: Number(match[2]), bytes: Number(match[3]) * 2 ** 20 }]
  })
}
