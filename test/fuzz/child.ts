/**
 * Runs cases one after the other and tells of each before it begins, so that who watches knows which one hangs. Arguments: name of a
 * reader, first number, count. A line of JSON for whatever is not as it should be.
 */
import { SiibraError } from '../../src/siibra/errors.ts'
import { READERS } from './readers.ts'

/** CPU time that one case may take, and what the process may grow by in all. */
const MOST_CPU_MS = 2_000
const MOST_GROWTH_BYTES = 700 * 1024 ** 2

const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)

for (const argument of process.argv.slice(2)) {
  const [name, from, count] = JSON.parse(argument) as [string, number, number]
  const reader = READERS.find((one) => one.name === name)
  if (reader === undefined) throw new Error(`no reader ${name}`)
  const files = await reader.load()
  if (files === 0) throw new Error(`${name} has no whole file to begin with`)
  let answered = 0
  for (let seed = from; seed < from + count; seed++) {
    const file = seed % files
    say({ name, file, seed })
    const rssBefore = process.memoryUsage.rss()
    const before = process.cpuUsage()
    try {
      await reader.read(file, seed)
      answered++
    } catch (thrown) {
      const isTagged = thrown instanceof SiibraError && thrown.code !== 'INTERNAL'
      if (!isTagged) say({ name, file, seed, problem: `an untagged error: ${(thrown as Error)?.stack ?? thrown}` })
    }
    const { user, system } = process.cpuUsage(before)
    const cpuMs = (user + system) / 1000
    if (cpuMs > MOST_CPU_MS) say({ name, file, seed, problem: `it took ${Math.round(cpuMs)} ms of CPU` })
    const growth = process.memoryUsage.rss() - rssBefore
    if (growth > MOST_GROWTH_BYTES) say({ name, file, seed, problem: `memory grew by ${growth >> 20} MiB` })
  }
  say({ name, tried: count, answered })
}
