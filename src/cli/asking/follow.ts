import { setTimeout as sleep } from 'node:timers/promises'
import type { TaskModel } from '../../models/tasks.ts'
import { CliError, exitCodeOf } from '../exit-codes.ts'
import type { Progress } from '../progress.ts'
import type { Answered, Asked, Asker } from './asker.ts'

const LOOK_EVERY_MS = 200

/** Asks, and shows how far it is where somebody looks. Throws a CliError for what is no answer. */
export async function askAndShow(asker: Asker, asked: Asked, progress: Progress): Promise<Answered> {
  const answer = progress.isShown ? await follow(asker, asked, progress) : await asker.ask(asked)
  if (answer.status < 400) return answer
  const { code, message } = problemOf(answer)
  throw new CliError(exitCodeOf(answer.status), code, `${answer.status} ${message}`)
}

/** Sends it as a task whose progress can be asked for; what is quick is answered at once. */
async function follow(asker: Asker, asked: Asked, progress: Progress): Promise<Answered> {
  const first = await asker.ask({ ...asked, headers: { ...asked.headers, prefer: 'respond-async' } })
  if (first.status !== 202) return first
  const path = String(first.headers.location)
  for (;;) {
    const looked = await asker.ask({ path })
    if (looked.status !== 200) return looked
    const state = JSON.parse(new TextDecoder().decode(looked.body)) as TaskModel
    if (state.status === 'SUCCESS' || state.status === 'FAILURE') return asker.ask({ path: `${path}/result` })
    progress.show({ ...(state.progress > 0 && { fraction: state.progress / 100 }), text: state.doing })
    await sleep(LOOK_EVERY_MS)
  }
}

/** What the error envelope says. */
export function problemOf({ status, body }: Pick<Answered, 'status' | 'body'>): { code: string; message: string } {
  const text = new TextDecoder().decode(body)
  try {
    const { detail, code } = JSON.parse(JSON.parse(text).message) as { detail: unknown; code?: string }
    const message = Array.isArray(detail) ? detail.map(problemText).join('; ') : String(detail)
    return { code: code ?? `HTTP_${status}`, message }
  } catch {
    return { code: `HTTP_${status}`, message: text.slice(0, 300) }
  }
}

const problemText = ({ loc, msg }: { loc?: string[]; msg?: string }) => `${loc?.at(-1)}: ${msg}`
