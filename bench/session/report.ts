import { FAILED_COUNTS_AS_MS, DEFAULT_WEIGHTS as WEIGHTS } from '../../src/tasks/weights.ts'
import type { Sample, SessionRun } from './replay.ts'

export const isFailed = ({ status }: Sample) => status === 0 || status >= 500

/** The value below which `fraction` of the sorted values lie (nearest rank). */
export function percentile(values: readonly number[], fraction: number): number {
  if (values.length === 0) return Number.NaN
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(fraction * sorted.length) - 1)] ?? Number.NaN
}

export const answeredOf = (samples: readonly Sample[]) => samples.filter((sample) => !isFailed(sample))

/** sum(w_i t_i) / sum(w_i) over all requests, ms. A failed request counts with its time limit. */
export function weightedResponseMs(samples: readonly Sample[]): number {
  let weighted = 0
  let weights = 0
  for (const sample of samples) {
    const weight = WEIGHTS[sample.criticality]
    weighted += weight * (isFailed(sample) ? FAILED_COUNTS_AS_MS : sample.ms)
    weights += weight
  }
  return weighted / weights
}

export interface Summary {
  requests: number
  failed: number
  p50Ms: number
  p95Ms: number
  p99Ms: number
  bytes: number
}

export function summarize(samples: readonly Sample[]): Summary {
  const times = samples.map((s) => s.ms)
  return {
    requests: samples.length,
    failed: samples.filter(isFailed).length,
    p50Ms: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
    p99Ms: percentile(times, 0.99),
    bytes: samples.reduce((sum, s) => sum + s.bytes, 0),
  }
}

function groupBy(samples: readonly Sample[], key: (sample: Sample) => string): Map<string, Sample[]> {
  const groups = new Map<string, Sample[]>()
  for (const sample of samples) groups.set(key(sample), [...(groups.get(key(sample)) ?? []), sample])
  return groups
}

const row = (name: string, s: Summary) =>
  `${name.padEnd(34)} ${String(s.requests).padStart(6)} ${String(s.failed).padStart(6)} ${[s.p50Ms, s.p95Ms, s.p99Ms].map((v) => v.toFixed(1).padStart(8)).join(' ')} ${(s.bytes / 1024).toFixed(0).padStart(9)}`

/** A table of one round: per phase, per criticality, and the weighted response time. */
export function formatRound(title: string, runs: readonly SessionRun[]): string {
  const samples = runs.flatMap((run) => run.samples)
  const lines = [
    `${title}: ${runs.length} user(s)`,
    `${''.padEnd(34)} ${'n'.padStart(6)} ${'failed'.padStart(6)} ${['p50 ms', 'p95 ms', 'p99 ms'].map((v) => v.padStart(8)).join(' ')} ${'KiB'.padStart(9)}`,
  ]
  for (const [phase, members] of groupBy(samples, (s) => s.phase)) lines.push(row(phase, summarize(members)))
  for (const criticality of Object.keys(WEIGHTS)) {
    const members = samples.filter((s) => s.criticality === criticality)
    if (members.length) lines.push(row(`[${criticality}]`, summarize(members)))
  }
  lines.push(row('all', summarize(samples)))
  const viewer = ['cold_start', 'viewer_ready'].concat(
    samples.map((s) => s.phase).filter((p) => p.startsWith('select')),
  )
  const usable = runs.map((run) => [...new Set(viewer)].map((p) => [run.phaseMs[p] ?? 0, run.dispatchMs[p] ?? 0]))
  const ratio = usable.map((phases) => phases.reduce((a, p) => a + p[0]!, 0) / phases.reduce((a, p) => a + p[1]!, 0))
  const answered = answeredOf(samples)
  lines.push(`weighted response time: ${weightedResponseMs(answered).toFixed(2)} ms`)
  for (const path of new Set(samples.filter(isFailed).map(({ status, path }) => `${status} ${path.slice(0, 100)}`)))
    lines.push(`failed: ${path}`)
  if (answered.length < samples.length)
    lines.push(
      `with the failed ones, at ${FAILED_COUNTS_AS_MS / 1000} s each: ${weightedResponseMs(samples).toFixed(2)} ms`,
    )
  lines.push(`usable viewer: ${percentile(ratio, 0.5).toFixed(2)} x the client's own dispatch time`)
  return lines.join('\n')
}
