/**
 * A configuration that changes while it is served: constant requests over several reloads (SIGHUP). Counts answers that
 * failed, were mixed of two editions or went back to an older one (there must be none), and tells how long a change takes
 * to show and what a reload costs in CPU where nothing else is asked.
 *
 *     npm run soak:reload [-- --seconds 600 --reloads 10 --configuration official,ATLAS]
 *
 * In `--configuration`, ATLAS stands for the imported atlas that is edited.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Running, runBuilt, startBuilt, untilWritten } from '../test/built/run.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    reloads: { type: 'string', default: '10' },
    configuration: { type: 'string', default: 'ATLAS' },
  },
})
const SECONDS = Number(values.seconds)
const RELOADS = Number(values.reloads)

const ROOT = join(import.meta.dirname, '..')
const MAIN = join(ROOT, 'dist/main.js')
const FOLDER = mkdtempSync(join(tmpdir(), 'siibra-soak-'))
const ATLAS = join(FOLDER, 'atlas')
const EDITED = ['parcellations/blocks.json', 'maps/blocks-labelled.json'].map((path) => join(ATLAS, path))
const PLACE = 'parcellation_id=Blocks&space_id=Blocks%20space'
const PATHS = [
  '/v3_0/regions?parcellation_id=Blocks&size=100',
  `/v3_0/map?${PLACE}&map_type=LABELLED`,
  `/v3_0/map/assign?${PLACE}&point=-10mm,-6mm,-4mm&assignment_type=labelled`,
]

function edit(originals: readonly string[], edition: number): void {
  EDITED.forEach((path, i) => {
    writeFileSync(path, originals[i]!.replaceAll('Alpha_L', `Edition_${edition}`))
  })
}

/** User and system time of all threads so far, s. */
function cpuSeconds({ child }: Running): number {
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

async function editionOf(service: Running, path: string): Promise<number> {
  const answer = await service.get(path)
  const text = new TextDecoder().decode(answer.bytes)
  const editions = [...new Set(text.match(/Edition_\d+/g))]
  if (answer.status !== 200 || editions.length !== 1) {
    throw new Error(`${path}: ${answer.status}, editions ${editions.join(', ') || 'none'}: ${text.slice(0, 300)}`)
  }
  return Number(editions[0]!.slice('Edition_'.length))
}

async function untilShown(service: Running, edition: number): Promise<number> {
  const start = performance.now()
  for (const path of PATHS) while ((await editionOf(service, path)) !== edition) await delay(10)
  return performance.now() - start
}

async function main(): Promise<number> {
  const source = join(ROOT, 'test/fixtures/import/mricrogl/source')
  const imported = runBuilt(MAIN, { args: ['import', source, '--out', ATLAS, '--name', 'Blocks', '--yes'] })
  if (imported.status !== 0) throw new Error(`the import failed: ${imported.stderr}`)
  const originals = EDITED.map((path) => readFileSync(path, 'utf8'))
  let edition = 0
  edit(originals, edition)
  const configuration = values.configuration.replaceAll('ATLAS', ATLAS)
  const service = await startBuilt(MAIN, { env: { SIIBRA_USE_CONFIGURATION: configuration } })
  try {
    await untilShown(service, 0)
    const reload = async () => {
      edit(originals, ++edition)
      service.child.kill('SIGHUP')
      return untilShown(service, edition)
    }
    const idle: { ms: number; cpu: number }[] = []
    for (let i = 0; i < 3; i++) {
      await delay(1000)
      const before = cpuSeconds(service)
      const ms = await reload()
      await delay(1000)
      idle.push({ ms, cpu: cpuSeconds(service) - before })
    }
    for (const { ms, cpu } of idle) console.log(`idle: shown after ${ms.toFixed(0)} ms, ${cpu.toFixed(2)} s of CPU`)

    const endMs = Date.now() + SECONDS * 1000
    const faults: string[] = []
    const counts = PATHS.map(() => 0)
    const asking = PATHS.map(async (path, i) => {
      let latest = 0
      while (Date.now() < endMs) {
        try {
          const shown = await editionOf(service, path)
          if (shown < latest) faults.push(`${path}: edition ${shown} after ${latest}`)
          latest = shown
        } catch (thrown) {
          faults.push((thrown as Error).message)
        }
        counts[i]!++
      }
    })
    const shownMs: number[] = []
    for (let i = 1; i <= RELOADS; i++) {
      await delay(Math.max(0, endMs - Date.now()) / (RELOADS - i + 2))
      shownMs.push(await reload())
      await untilWritten(service, /The new configuration is served/)
      console.log(`under load: edition ${edition} shown after ${shownMs.at(-1)!.toFixed(0)} ms`)
    }
    await Promise.all(asking)
    const total = counts.reduce((sum, count) => sum + count, 0)
    console.log(`${total} answers over ${RELOADS} reloads in ${SECONDS} s, ${faults.length} faults`)
    for (const fault of faults.slice(0, 10)) console.log(`  ${fault}`)
    return faults.length === 0 && counts.every((count) => count > 0) ? 0 : 1
  } finally {
    await service.stop()
  }
}

try {
  process.exitCode = await main()
} finally {
  rmSync(FOLDER, { recursive: true, force: true })
}
