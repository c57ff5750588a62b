/** Clients that ask without a pause, and a record of what each request came to. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Outcome } from './exchange.ts'
import { KINDS } from './requests.ts'

export interface Asked {
  kind: string
  /** By `performance.now()`. */
  startedMs: number
  endedMs: number
  outcome: 'right' | 'refused' | 'wrong' | 'lost'
  why: string
}

export interface Load {
  /** Requests that have ended, in that order. */
  readonly asked: readonly Asked[]
  /** Requests under way. */
  underWay(): number
  /** Sends no more, and waits for the answers of those under way. */
  stop(): Promise<void>
}

const PAUSE_MS = 15
/** Two of three requests are answered anew, not from the response cache. */
const FRESH = { 'x-bypass-fastapi-cache': '1' }
const headersOf = (n: number) => (n % 3 === 0 ? {} : FRESH)

/** The right answer to each kind of request, told twice in the same words. */
export async function learn(base: string): Promise<Map<string, string>> {
  const right = new Map<string, string>()
  for (const { name, ask } of KINDS) {
    const told = [await ask(base, FRESH), await ask(base, {})]
    const [first, second] = told
    if (first?.kind !== 'answered' || second?.kind !== 'answered' || first.digest !== second.digest)
      throw new Error(`${name} is not answered twice alike before any fault: ${JSON.stringify(told)}`)
    right.set(name, first.digest)
  }
  return right
}

export function startLoad(base: string, right: ReadonlyMap<string, string>, clients = 8): Load {
  const asked: Asked[] = []
  let underWay = 0
  let isOver = false
  let n = 0
  const client = async () => {
    while (!isOver) {
      const kind = KINDS[n++ % KINDS.length] as (typeof KINDS)[number]
      const startedMs = performance.now()
      underWay++
      const outcome = compare(await kind.ask(base, headersOf(Math.floor(n / KINDS.length) + n)), right.get(kind.name))
      underWay--
      asked.push({ kind: kind.name, startedMs, endedMs: performance.now(), ...outcome })
      await delay(PAUSE_MS)
    }
  }
  const all = Array.from({ length: clients }, client)
  return {
    asked,
    underWay: () => underWay,
    async stop() {
      isOver = true
      await Promise.all(all)
    },
  }
}

/** An outcome beside the right answer. */
export function compare(outcome: Outcome, right: string | undefined): Pick<Asked, 'outcome' | 'why'> {
  if (outcome.kind !== 'answered') return { outcome: outcome.kind, why: outcome.why }
  if (outcome.digest === right) return { outcome: 'right', why: '' }
  return { outcome: 'wrong', why: `another answer than before: ${outcome.digest.slice(0, 12)}` }
}
