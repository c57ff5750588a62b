/**
 * Replays siibra-explorer's session against a running service.
 *
 *   npm run bench:session -- --base http://127.0.0.1:5000 [--compare URL] [--trace FILE] [--users N] [--spread SECONDS] [--rounds N]
 *
 * The first round is cold if the service is; the following ones are warm. With --compare both services are asked in turn,
 * round by round, and the ratio of their weighted response times is printed.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { replaySession, type SessionRun } from './session/replay.ts'
import { answeredOf, formatRound, summarize, weightedResponseMs } from './session/report.ts'
import { chooseTrace, loadTrace } from './session/trace.ts'

const options = parseArgs({
  options: {
    base: { type: 'string', default: 'http://127.0.0.1:5000' },
    compare: { type: 'string' },
    trace: { type: 'string' },
    users: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '2' },
    spread: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
}).values

/** A user comes at any time within `--spread` seconds. */
async function arrive(base: URL): Promise<SessionRun> {
  await sleep(Math.random() * Number(options.spread) * 1000)
  return replaySession(base, steps)
}

const bases = [options.base, ...(options.compare ? [options.compare] : [])].map((url) => new URL(url))
const steps = loadTrace(options.trace ?? (await chooseTrace(bases[0]!)))
const users = Number(options.users)
const results: { base: string; round: number; runs: SessionRun[] }[] = []
for (let round = 1; round <= Number(options.rounds); round++) {
  for (const base of bases) {
    const runs = await Promise.all(Array.from({ length: users }, () => arrive(base)))
    results.push({ base: base.href, round, runs })
    if (!options.json) console.log(`\n${formatRound(`round ${round} at ${base.href}`, runs)}`)
  }
}
const of = (runs: SessionRun[]) => runs.flatMap((run) => run.samples)
if (options.json) {
  console.log(
    JSON.stringify(
      results.map(({ base, round, runs }) => {
        const samples = of(runs)
        return { base, round, users, weightedResponseMs: weightedResponseMs(samples), ...summarize(samples) }
      }),
      null,
      2,
    ),
  )
} else if (bases.length === 2) {
  for (let round = 1; round <= Number(options.rounds); round++) {
    const [first, second] = results
      .filter((r) => r.round === round)
      .map((r) => weightedResponseMs(answeredOf(of(r.runs))))
    console.log(
      `round ${round}: ratio of weighted response times (second to first, of answered requests) ${(second! / first!).toFixed(2)}`,
    )
  }
}
