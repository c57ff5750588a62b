/** The folder that servers and workers may share, and the bundles in it. */
import { randomUUID } from 'node:crypto'
import { access, mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isAnswerFileName, isBodyName } from '../tasks/answer/file-names.ts'
import { LONG_TASK_KEPT_MS } from '../tasks/long-tasks.ts'

const MARKER_PREFIX = '.siibra-api-server-'
const MAX_MARKERS = 64
const OURS = /^(atlas-download-[\w-]+\.zip(\.part)?|\.siibra-api-server-[\w-]+)$/
/** A body is read as soon as its task begins: one of this age was left by a process that died. */
const BODY_KEPT_MS = 2 * 3600 * 1000
/** An answer is sent as soon as it is there: one of this age has nobody who waits for it. */
const ANSWER_KEPT_MS = 600_000
const SWEEP_EVERY_MS = 600_000

/** True for the name of a server's marker: no other is looked for. */
export const isMarkerName = (name: string): boolean => /^\.siibra-api-server-[\w-]+$/.test(name)

export interface SharedFolder {
  /** Name of a file of this server in its folder: a worker that sees it shares the folder. */
  marker: string
  close(): Promise<void>
}

/** Leaves a server's marker in its folder, and removes bundles (and markers of servers that died) after a day. */
export async function openSharedFolder(folder: string): Promise<SharedFolder> {
  const marker = `${MARKER_PREFIX}${randomUUID()}`
  const path = join(folder, marker)
  await mkdir(folder, { recursive: true })
  await writeFile(path, '')
  const timer = keepSwept(folder, () => {
    const now = new Date()
    return utimes(path, now, now)
  })
  return {
    marker,
    async close() {
      clearInterval(timer)
      await rm(path, { force: true })
    },
  }
}

/** Whether a server's folder is also this process's. */
export async function sharesFolder(folder: string, marker: string): Promise<boolean> {
  return access(join(folder, marker)).then(
    () => true,
    () => false,
  )
}

/** The marker files that servers left in a folder: these servers share it with this process. */
export async function folderMarkersIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.filter(isMarkerName).slice(0, MAX_MARKERS)
}

/** Sweeps a folder now and every ten minutes. */
export function keepSwept(folder: string, before: () => Promise<void> = async () => undefined): NodeJS.Timeout {
  const sweep = () =>
    before()
      .then(() => sweepFolder(folder))
      .catch(() => undefined)
  void sweep()
  return setInterval(sweep, SWEEP_EVERY_MS).unref()
}

/** Removes what this service left in a folder more than a day ago (bodies of requests: two hours, answers: ten minutes); gives how many files. */
export async function sweepFolder(folder: string, nowMs = Date.now()): Promise<number> {
  let removed = 0
  for (const name of await readdir(folder)) {
    const keptMs = keptMsOf(name)
    if (keptMs === undefined) continue
    const path = join(folder, name)
    // another process may have removed it meanwhile
    const { mtimeMs } = (await stat(path).catch(() => undefined)) ?? { mtimeMs: nowMs }
    if (nowMs - mtimeMs < keptMs) continue
    await rm(path, { force: true })
    removed++
  }
  return removed
}

/** How long a file may lie in the folder; undefined for what is not ours. */
function keptMsOf(name: string): number | undefined {
  if (isBodyName(name)) return BODY_KEPT_MS
  if (isAnswerFileName(name)) return ANSWER_KEPT_MS
  return OURS.test(name) ? LONG_TASK_KEPT_MS : undefined
}
