/**
 * Broken files by the thousand, for every reader of bytes that come from elsewhere: no crash, no hang (2 s of CPU), bounded memory,
 * a tagged error or an answer. What fails goes into test/fuzz/corpus.json, as the reader's name and the number of the case.
 *
 *   npm run fuzz -- [--count 2000] [--from 1000] [--only TEXT]
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { READERS } from '../test/fuzz/readers.ts'
import { type Result, runCases } from '../test/fuzz/watch.ts'

const { count, from, only } = parseArgs({
  options: {
    count: { type: 'string', default: '2000' },
    from: { type: 'string', default: '1000' },
    only: { type: 'string' },
  },
}).values

const all: Record<string, Result> = {}
for (const { name } of READERS.filter((reader) => only === undefined || reader.name.includes(only))) {
  const result = (await runCases([{ reader: name, from: Number(from), count: Number(count) }])).get(name) as Result
  all[name] = result
  const { tried, answered, problems } = result
  console.log(`${name.padEnd(24)} ${tried} tried, ${answered} read all the same, ${problems.length} problems`)
  for (const problem of problems.slice(0, 10)) console.log(`    ${problem.slice(0, 600)}`)
}
mkdirSync('.cache', { recursive: true })
writeFileSync('.cache/fuzz.json', JSON.stringify(all, undefined, 1))
process.exit(Object.values(all).every(({ problems }) => problems.length === 0) ? 0 : 1)
