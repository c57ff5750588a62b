import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** So long may a file take where its time is not known. */
const LONGEST_MS = 120_000

/** A warm Vitest in a folder. */
export function createWarmTests(folder) {
  const progress = join(folder, 'progress.jsonl')
  const changed = new Set()
  let child
  const end = () => {
    if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, 'SIGKILL')
    child = undefined
  }
  const start = async () => {
    child = fork(fileURLToPath(new URL('warm-tests.mjs', import.meta.url)), {
      cwd: folder,
      detached: true,
      env: { ...process.env, NO_COLOR: '1', NODE_NO_WARNINGS: '1' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    await once(child, 'message')
  }
  const lines = () =>
    existsSync(progress)
      ? readFileSync(progress, 'utf8')
          .split('\n')
          .filter((line) => line.endsWith('}'))
          .map((line) => JSON.parse(line))
      : []
  /** Until all is done, the process has ended, or nothing has come for `within` ms: then all that it started is ended. */
  async function untilDone(within) {
    let onMessage
    let onExit
    const done = new Promise((resolve) => {
      onMessage = () => resolve('done')
      onExit = () => resolve('ended')
      child.on('message', onMessage).on('exit', onExit)
    })
    const one = child
    let count = -1
    for (let since = performance.now(); performance.now() - since < within; ) {
      const state = await Promise.race([done, sleep(500)])
      if (state) {
        one.off('message', onMessage).off('exit', onExit)
        if (state === 'ended') end()
        return state
      }
      if (lines().length > count) {
        count = lines().length
        since = performance.now()
      }
    }
    end()
    return 'hangs'
  }
  const self = {
    end,
    /** Writes a source file into the folder. */
    write(file, text) {
      writeFileSync(join(folder, file), text)
      changed.add(file)
    },
    /**
     * Runs a test file over unchanged sources, and then over each of the mutants.
     * @param mutants { id, file, index, count }: which token of the file, of how many
     * @returns what failed by the id of the mutant ('' where nothing has), and over unchanged sources ('unchanged'), whose time is 'ms'
     */
    async run(test, mutants = [], within = LONGEST_MS) {
      const failed = new Map()
      let left = mutants
      do {
        if (!child) await start()
        rmSync(progress, { force: true })
        child.send({ changed: [...changed], test, mutants: left })
        changed.clear()
        const state = await untilDone(within)
        let unsure = []
        let begun
        for (const { begins, id, failed: why, unchanged, ms } of lines()) {
          if (begins !== undefined) begun = begins
          else if (id !== undefined) {
            begun = undefined
            unsure.push([id, why])
          } else {
            begun = undefined
            if (!failed.has('unchanged')) failed.set('unchanged', unchanged).set('ms', ms)
            // what mutants have left behind fails the unchanged file: they are run once more, each by itself
            if (unchanged === '' || unsure.length === 1) for (const [one, reason] of unsure) failed.set(one, reason)
            else if (unsure.length > 0) for (const [one, reason] of unsure) failed.set(one, await alone(one, reason))
            unsure = []
          }
        }
        if (failed.get('unchanged') !== '') return failed.set('unchanged', failed.get('unchanged') ?? state)
        if (begun === 'unchanged') for (const [one, reason] of unsure) failed.set(one, await alone(one, reason))
        else {
          for (const [one, reason] of unsure) failed.set(one, reason)
          if (begun !== undefined) failed.set(begun, 'runs in circles')
        }
        const before = left.length
        left = left.filter(({ id }) => !failed.has(id))
        if (left.length === before) break
      } while (left.length > 0)
      return failed

      async function alone(id, reason) {
        if (reason === '') return ''
        const mutant = mutants.find((one) => one.id === id)
        if (mutants.length === 1) return reason
        return (await self.run(test, [mutant], within)).get(id) ?? ''
      }
    },
  }
  return self
}
