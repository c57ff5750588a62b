/**
 * Vitest's runner of a test file (`runner` of scripts/mutate/warm-tests.mjs) that runs the file again for each mutant in `job.json`, in the
 * same process: all modules are evaluated anew, one of them with one token changed. What came out goes to `progress.jsonl`, line by line.
 */
import { appendFileSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { TestRunner } from 'vitest'
import { startTests } from 'vitest/internal/browser'

/** After so many mutants, the unchanged file is run once more: what is left of them must not fail it. */
const BETWEEN = 10
/** A mutant that takes more CPU time than this (ms), and so many times what the unchanged file takes, runs in circles; one with more memory does, too. */
const [MOST_CPU_MS, MOST_CPU_TIMES] = [2000, 3]
const MOST_BYTES = 2e9
/** Ends this process from beside: who runs in circles cannot. */
const WATCH = `
const { limitMs } = require('node:worker_threads').workerData
setInterval(() => {
  const { user, system } = process.cpuUsage()
  if ((user + system) / 1000 > limitMs[0] || process.memoryUsage.rss() > ${MOST_BYTES}) process.kill(process.pid, 'SIGKILL')
}, 100)`
const cpuMs = () => process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000
const tell = (message) => appendFileSync('progress.jsonl', `${JSON.stringify(message)}\n`)

export default class extends TestRunner {
  async onAfterRunFiles(files) {
    super.onAfterRunFiles()
    const { mutants } = JSON.parse(readFileSync('job.json', 'utf8'))
    const ms = files.reduce(
      (sum, { collectDuration = 0, result }) => sum + collectDuration + (result?.duration ?? 0),
      0,
    )
    tell({ unchanged: whatFailed(files) ?? '', ms: Math.round(ms) })
    if (mutants.length === 0) return
    const limitMs = new Float64Array(new SharedArrayBuffer(8)).fill(Number.POSITIVE_INFINITY)
    new Worker(WATCH, { eval: true, workerData: { limitMs } }).unref()
    const mostCpuMs = MOST_CPU_MS + MOST_CPU_TIMES * cpuMs()
    const { evaluator } = this.moduleRunner
    const evaluate = evaluator.runInlinedModule
    for (const [i, { id, file, at, from, to }] of mutants.entries()) {
      tell({ begins: id })
      limitMs[0] = cpuMs() + mostCpuMs
      let isChanged = false
      evaluator.runInlinedModule = (context, code, module) => {
        if (module.file !== resolve(file) || code.slice(at, at + from.length) !== from)
          return evaluate.call(evaluator, context, code, module)
        isChanged = true
        return evaluate.call(evaluator, context, code.slice(0, at) + to + code.slice(at + from.length), module)
      }
      const why = (await this.again(files)) ?? ''
      evaluator.runInlinedModule = evaluate
      limitMs[0] = Number.POSITIVE_INFINITY
      const failed = isChanged ? why : ''
      tell({ id, failed })
      if (i % BETWEEN === BETWEEN - 1 || i === mutants.length - 1) {
        tell({ begins: 'unchanged' })
        tell({ unchanged: (await this.again(files)) ?? '' })
      }
    }
  }

  async again(files) {
    for (const [path, module] of this.workerState.evaluatedModules.idToModuleMap)
      if (!/\/vitest\/dist\/|@vitest\/|scripts\/mutate\//.test(path))
        Object.assign(module, { promise: undefined, exports: undefined, evaluated: false })
    const inner = Object.create(this)
    Object.assign(inner, {
      cancelRun: false,
      onTaskUpdate() {},
      onCollected() {},
      onCollectStart: (file) => {
        this.workerState.current = file
      },
      onAfterRunFiles: () => super.onAfterRunFiles(),
      // the first failure is enough
      onAfterRunTask: (test) => {
        if (test.result?.state === 'fail') inner.cancelRun = true
      },
    })
    try {
      return whatFailed(
        await startTests(
          files.map(({ filepath }) => filepath),
          inner,
        ),
      )
    } catch (error) {
      return `${error}`
    }
  }
}

/** The message of the first failure. */
function whatFailed(tasks) {
  for (const task of tasks) {
    const inside = task.tasks && whatFailed(task.tasks)
    if (inside) return inside
    if (task.result?.state === 'fail') return task.result.errors?.[0]?.message?.slice(0, 200) || 'fails'
  }
  return undefined
}
