/**
 * Runs test files again and again in one warm Vitest (a child process of scripts/mutate.mjs, whose folder is the copy of the project).
 * Takes { changed, test, mutants }: files whose text has changed since the last run, the test file to run, and the mutants to run it
 * with after that (by token of their file). Answers when all is done; what came out is in progress.jsonl.
 */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createVitest } from 'vitest/node'
import { tokensOf } from './tokens.mjs'

const vitest = await createVitest('test', {
  root: process.cwd(),
  config: false,
  watch: false,
  include: ['test/**/*.test.ts'],
  runner: resolve('scripts/mutate/runner.mjs'),
  pool: 'forks',
  maxWorkers: 1,
  fileParallelism: false,
  update: false,
  testTimeout: 20_000,
  hookTimeout: 20_000,
  teardownTimeout: 1000,
  reporters: [{}],
  silent: true,
})
const [project] = vitest.projects
const { ssr } = project.vite.environments

/** Where the tokens of the file are after Vite has made JavaScript of it. */
const tokens = new Map()
async function transformedTokens(file) {
  if (!tokens.has(file)) tokens.set(file, tokensOf((await ssr.transformRequest(resolve(file))).code))
  return tokens.get(file)
}

process.on('message', async ({ changed, test, mutants }) => {
  for (const file of changed) {
    vitest.invalidateFile(resolve(file))
    tokens.delete(file)
  }
  vitest.state.filesMap.clear()
  vitest.state.idMap.clear()
  vitest.state.errorsSet.clear()
  const placed = []
  for (const { id, file, index, count } of mutants) {
    const all = await transformedTokens(file)
    if (all.length !== count) throw new Error(`${file} has ${count} tokens, and ${all.length} in JavaScript`)
    const { at, from, to } = all[index]
    placed.push({ id, file, at, from, to })
  }
  writeFileSync('job.json', JSON.stringify({ mutants: placed }))
  await vitest.runTestSpecifications([project.createSpecification(resolve(test))]).catch(() => {})
  process.send({ isDone: true })
})
// with all that the tests have started
process.on('disconnect', () => process.kill(-process.pid, 'SIGKILL'))
process.send({ isReady: true })
