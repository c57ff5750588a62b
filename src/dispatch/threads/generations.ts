import type { RunOptions } from '../../tasks/dispatcher.ts'
import type { Task, TaskResult } from '../../tasks/task.ts'
import type { CoreSummary } from './thread-messages.ts'
import type { ThreadsDispatcher } from './threads.ts'

export interface GenerationsOptions {
  /** New threads, not started yet; they load the configuration as it is then. */
  create: () => ThreadsDispatcher
  /** How long the threads of the data before are kept for tasks that name their version. Default 0: until they have nothing to do. */
  keepMs?: number
  /** The new data count from this call on; nothing is answered in between. */
  onSwitch?: (next: { summary: CoreSummary; dataVersion: string }) => void
  onProblem?: (message: string) => void
}

/** Threads whose data can be replaced as a whole. */
export interface ReloadableThreads extends ThreadsDispatcher {
  /**
   * Loads the configuration anew in threads of its own, beside those that answer, and lets them answer once all is loaded. Where it
   * cannot be loaded, all stays as it was, and this rejects. Resolves with false where nothing has changed.
   */
  reload(): Promise<boolean>
  /** The version that answers now; undefined until the first is known. */
  currentVersion(): string | undefined
}

interface Generation {
  threads: ThreadsDispatcher
  version: string | undefined
}

const LOOK_AGAIN_MS = 100

/**
 * Generations of threads, one after the other. A task belongs to the version that it names, if that is still there, else to the newest.
 * One that was begun with older data and named none is run once more: an answer is of the data that count when it is given.
 */
export function createGenerations(options: GenerationsOptions): ReloadableThreads {
  const { create, keepMs = 0, onSwitch = () => {}, onProblem = () => {} } = options
  let current: Generation = { threads: create(), version: undefined }
  const earlier = new Set<Generation>()
  const first = current
  void first.threads.dataVersion.then((version) => {
    first.version = version
  })
  let isClosed = false
  let reloading: Promise<boolean> | undefined

  const generationOf = ({ dataVersion }: Task): Generation => {
    if (dataVersion === undefined || current.version === dataVersion) return current
    return [...earlier].find(({ version }) => version === dataVersion) ?? current
  }

  async function run(task: Task, runOptions?: RunOptions): Promise<TaskResult> {
    for (;;) {
      const generation = generationOf(task)
      const result = await generation.threads.run(task, runOptions)
      const isCurrent = generation === current || task.dataVersion !== undefined
      if (isCurrent || isClosed || runOptions?.signal?.aborted) return result
    }
  }

  async function replace(): Promise<boolean> {
    const threads = create()
    try {
      const starting = threads.start()
      const startingOthers = starting.then(() => threads.startOthers(true))
      startingOthers.catch(() => {})
      const summary = await starting
      const version = await threads.dataVersion
      if (version === current.version) {
        await threads.close()
        return false
      }
      await startingOthers
      if (isClosed) throw new Error('The service stops')
      const before = current
      current = { threads, version }
      earlier.add(before)
      onSwitch({ summary, dataVersion: version })
      void retire(before).catch((thrown: Error) => onProblem(`Older threads could not be ended: ${thrown.message}`))
      return true
    } catch (thrown) {
      await threads.close().catch(() => {})
      throw thrown
    }
  }

  /** Ends older threads when nobody asks them any more. */
  async function retire(generation: Generation): Promise<void> {
    const isBusy = async () =>
      Object.values(await generation.threads.status()).some(({ active, waiting }) => active + waiting > 0)
    const untilMs = performance.now() + keepMs
    while (!isClosed && (performance.now() < untilMs || (await isBusy()))) await pause(LOOK_AGAIN_MS)
    if (!earlier.delete(generation)) return
    await generation.threads.close()
  }

  return {
    run,
    status: () => current.threads.status(),
    cacheBytes: () => current.threads.cacheBytes?.() ?? {},
    dataVersion: first.threads.dataVersion,
    currentVersion: () => current.version,
    start: () => current.threads.start(),
    startOthers: () => current.threads.startOthers(),
    reload() {
      // a signal that comes while the last one is heeded may be about files that had been read already
      const next = Promise.resolve(reloading)
        .catch(() => {})
        .then(replace)
      reloading = next
      return next
    },
    async close(graceMs) {
      isClosed = true
      await Promise.all([current, ...earlier].map(({ threads }) => threads.close(graceMs)))
    },
  }
}

const pause = (ms: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms).unref()
  })
