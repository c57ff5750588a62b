/**
 * The shapes in which the service runs, in turn, on the recorded configuration (else the demo): role `all`; a server and one worker process
 * with threads for each queue; a server and four worker processes, one for each queue, as the original is deployed. Of each: resident memory
 * when it has settled, a cold and a warm session, CPU seconds of both, pages that no cache holds.
 *
 *   npm run bench:shapes -- [--rounds N] [--only all|one|four] [--pin] [--settle SECONDS]
 *
 * With `--pin` the server has one core and the workers the other (taskset). On a machine that does other things, too, compare CPU time and
 * memory, not times. Redis (`redis-server`) is a process of its own here.
 */
import { spawnSync } from 'node:child_process'
import { loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startMirror } from './server/processes.ts'
import { replaySession } from './session/replay.ts'
import { weightedResponseMs } from './session/report.ts'
import { chooseTrace, loadTrace } from './session/trace.ts'
import { askPages } from './shapes/pages.ts'
import { SHAPES, type Shape, startShape } from './shapes/start-shape.ts'

const options = parseArgs({
  options: {
    rounds: { type: 'string', default: '1' },
    only: { type: 'string' },
    pin: { type: 'boolean', default: false },
    settle: { type: 'string', default: '10' },
  },
}).values

async function measure(shape: Shape, mirror: Record<string, string>): Promise<Record<string, string | number>> {
  const running = await startShape(shape, mirror, options.pin)
  try {
    await sleep(Number(options.settle) * 1000)
    const memory = running.residentMb()
    const base = new URL(running.base)
    const steps = loadTrace(await chooseTrace(base))
    const cpu = [running.cpuS()]
    const session = async () => {
      const startMs = performance.now()
      const { samples } = await replaySession(base, steps)
      cpu.push(running.cpuS())
      return { ms: performance.now() - startMs, weightedMs: weightedResponseMs(samples) }
    }
    const cold = await session()
    const warm = await session()
    const pages = await askPages(running.base, running.cpuS)
    const [atStart = 0, afterCold = 0, afterWarm = 0] = cpu
    return {
      shape,
      'resident MB': `${memory.reduce((a, b) => a + b, 0)} (${memory.join(' + ')})`,
      'cold s': (cold.ms / 1000).toFixed(1),
      'cold, weighted ms': cold.weightedMs.toFixed(1),
      'cold CPU s': (afterCold - atStart).toFixed(2),
      'warm, weighted ms': warm.weightedMs.toFixed(2),
      'warm CPU s': (afterWarm - afterCold).toFixed(2),
      'pages/s': Math.round(pages.perSecond),
      'CPU ms/page': pages.cpuMs.toFixed(2),
      'load beside': loadavg()[0]?.toFixed(1) ?? '',
    }
  } finally {
    await running.stop()
  }
}

const missing = ['redis-server', ...(options.pin ? ['taskset'] : [])].filter(
  (program) => spawnSync(program, ['--version']).error !== undefined,
)
if (missing.length > 0) throw new Error(`${missing.join(' and ')} must be installed`)
const shapes = SHAPES.filter((shape) => options.only === undefined || shape === options.only)
const { env, stop } = await startMirror()
const rows: Record<string, string | number>[] = []
for (let round = 0; round < Number(options.rounds); round++)
  for (const shape of shapes) rows.push(await measure(shape, env))
console.table(rows)
await stop()
process.exit(0)
