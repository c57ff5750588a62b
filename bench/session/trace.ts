import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const RECORDED = fileURLToPath(new URL('../../../shared/reference/explorer_trace.json', import.meta.url))
const OF_DEMO = fileURLToPath(new URL('../traces/demo.json', import.meta.url))

export type Criticality = 'critical' | 'normal' | 'background'

/** How siibra-explorer sends a request: HttpClient (queued), window.fetch (at once), or a navigation. */
export type Sender = 'xhr' | 'fetch' | 'navigation'

/** One request of a session, spelled as the browser sends it. */
export interface Step {
  phase: string
  /** Steps of one group are sent together; groups run one after the other. */
  parallelGroup: string
  criticality: Criticality
  client: Sender
  method: string
  path: string
  optional?: boolean
  /** Published times of the original, where there are any. */
  referenceMs?: { p50: number | null; p95: number | null } | null
  /** A step before which an id has to be taken from an earlier answer. */
  idSource?: { list?: string; pointer?: string; step?: number } | null
}

/** Steps that need ids which only exist at run time (tasks, subjects), or that are sent only sometimes, are left out. */
function isReplayable(step: Step): boolean {
  return !step.optional && !/\{\w+\}/.test(step.path)
}

/** Reads a trace: a JSON list of steps, in the form of siibra-explorer's recorded session. */
export function loadTrace(file: string): Step[] {
  const steps = JSON.parse(readFileSync(file, 'utf8')) as Step[]
  return steps.filter(isReplayable)
}

/** The groups of a trace, in order. */
export function groupSteps(steps: readonly Step[]): Step[][] {
  const groups: Step[][] = []
  for (const step of steps) {
    const last = groups.at(-1)
    if (last?.[0] && last[0].parallelGroup === step.parallelGroup && last[0].phase === step.phase) last.push(step)
    else groups.push([step])
  }
  return groups
}

/** The file of the recorded session where it is there and the service has its parcellation, else of the demo atlas's own. */
export async function chooseTrace(base: URL): Promise<string> {
  const about = (await (await fetch(new URL('/about', base))).json()) as { configuration?: { isDemo?: boolean } }
  return !about.configuration?.isDemo && existsSync(RECORDED) ? RECORDED : OF_DEMO
}
