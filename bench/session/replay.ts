import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { type Answer, createExplorerClient, DISPATCH_INTERVAL_MS } from './client.ts'
import { type Criticality, groupSteps, type Step } from './trace.ts'

export interface Sample {
  phase: string
  criticality: Criticality
  path: string
  status: number
  ms: number
  bytes: number
}

export interface SessionRun {
  samples: Sample[]
  /** Wall time of each phase, from its first request to its last answer. */
  phaseMs: Record<string, number>
  /** The time that the client's own dispatch interval needs for the phase, with answers that take no time. */
  dispatchMs: Record<string, number>
}

/** Feature ids depend on the configuration: they are taken from the listing that the trace names. */
function resolveId(step: Step, answers: Map<string, Answer>): string {
  const source = step.idSource?.list
  if (!source) return step.path
  const type = /type=(\w+)/.exec(source)?.[1]
  const listed = [...answers].find(([path]) => type && path.includes(`type=${type}&`))
  if (!listed) return step.path
  try {
    const id = JSON.parse(bodyOf(listed[1])).items[0].id as string
    return step.path.replace(/\/feature\/[^/?]+/, `/feature/${id}`)
  } catch {
    return step.path
  }
}

function bodyOf({ bytes, headers }: Answer): string {
  const encoding = headers['content-encoding']
  const plain = encoding === 'br' ? brotliDecompressSync(bytes) : encoding === 'gzip' ? gunzipSync(bytes) : bytes
  return plain.toString('utf8')
}

/** Replays one session of one user; groups in order, members of a group together. */
export async function replaySession(
  base: URL,
  steps: readonly Step[],
  headers: Record<string, string> = {},
): Promise<SessionRun> {
  const client = createExplorerClient(base, headers)
  const answers = new Map<string, Answer>()
  const run: SessionRun = { samples: [], phaseMs: {}, dispatchMs: {} }
  try {
    for (const group of groupSteps(steps)) {
      const started = performance.now()
      await Promise.all(
        group.map(async (step) => {
          const path = resolveId(step, answers)
          const answer = await (step.client === 'xhr' ? client.get(path) : client.fetch(path))
          answers.set(path, answer)
          const { status, ms, bytes } = answer
          const { phase, criticality } = step
          run.samples.push({ phase, criticality, path, status, ms, bytes: bytes.length })
        }),
      )
      const { phase } = group[0] as Step
      const queued = group.filter((step) => step.client === 'xhr').length
      run.phaseMs[phase] = (run.phaseMs[phase] ?? 0) + performance.now() - started
      run.dispatchMs[phase] = (run.dispatchMs[phase] ?? 0) + queued * DISPATCH_INTERVAL_MS
    }
  } finally {
    client.close()
  }
  return run
}
