/**
 * What growth costs: the same service on a configuration and on one that is ten times as large; start, memory, and the
 * time of metadata answers past the cache, asked in turn.
 *
 *   npm run bench:growth -- --from FOLDER [--times 10] [--rounds 5]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { growConfiguration } from './grow-configuration.ts'
import { applyLoad, residentBytes } from './server/load.ts'
import { benchConfiguration, type Running, startService } from './server/processes.ts'
import { percentile } from './session/report.ts'

const options = parseArgs({
  options: {
    from: { type: 'string' },
    times: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '5' },
  },
}).values

const { env } = benchConfiguration()
const from = options.from ?? (env.SIIBRA_USE_CONFIGURATION as string)
const scratch = mkdtempSync(join(tmpdir(), 'siibra-growth-'))
const grown = join(scratch, 'configuration')
const median = (values: number[]) => percentile(values, 0.5)

/** Metadata routes with ids that the service has; the grown one holds the same ids among others. */
async function examplePaths({ port }: Running): Promise<string[]> {
  const about = (await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()) as {
    configuration: { examples: Record<string, string> }
  }
  const { parcellation_id = '', space_id = '', region_id = '' } = about.configuration.examples
  const [parcellation, space, region] = [parcellation_id, space_id, region_id].map(encodeURIComponent)
  return [
    `/v3_0/spaces/${space}`,
    `/v3_0/parcellations/${parcellation}`,
    `/v3_0/regions?parcellation_id=${parcellation}`,
    `/v3_0/regions/${region}?parcellation_id=${parcellation}`,
    `/v3_0/maps?parcellation_id=${parcellation}&map_type=LABELLED`,
    `/v3_0/map?parcellation_id=${parcellation}&space_id=${space}&map_type=LABELLED`,
  ]
}

async function measure({ port, pid }: Running, path: string): Promise<number> {
  const headers = { 'x-bypass-fastapi-cache': '1' }
  return (await applyLoad({ port, pid, paths: [path], headers, connections: 1, ms: 300 })).p50Ms
}

try {
  growConfiguration(from, grown, Number(options.times))
  const start = (folder: string) => startService({ ...env, SIIBRA_USE_CONFIGURATION: folder })
  const [small, large] = [await start(from), await start(grown)]
  await new Promise((done) => setTimeout(done, 3000))
  const row = (what: string, a: number, b: number, unit: string) =>
    console.log(
      `${what.padEnd(60)} ${a.toFixed(2).padStart(9)} ${b.toFixed(2).padStart(9)} ${unit.padEnd(3)} x ${(b / a).toFixed(2)}`,
    )
  console.log(`${''.padEnd(60)} ${'x 1'.padStart(9)} ${`x ${options.times}`.padStart(9)}`)
  row('start to ready', small.readyMs, large.readyMs, 'ms')
  row('resident memory', residentBytes(small.pid) / 1e6, residentBytes(large.pid) / 1e6, 'MB')
  for (const path of await examplePaths(small)) {
    const times: [number[], number[]] = [[], []]
    for (let round = 0; round < Number(options.rounds); round++) {
      times[0].push(await measure(small, path))
      times[1].push(await measure(large, path))
    }
    row(`p50 ${decodeURIComponent(path).slice(6, 58)}`, median(times[0]), median(times[1]), 'ms')
  }
  await Promise.all([small.stop(), large.stop()])
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
