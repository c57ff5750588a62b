import { SiibraError, toPlainError } from '../../siibra/index.ts'
import { failureAnswer } from './answer.ts'
import type { Answer, Call } from './exchange.ts'

/** Answers a route that is not simply a task whose result is sent. */
export type SpecialRoute = (call: Call) => Promise<Answer>

/** Answers with the status of an error of ours (the result backend is away ...). */
export function withFailures(route: SpecialRoute): SpecialRoute {
  return async (call) => {
    try {
      return await route(call)
    } catch (thrown) {
      if (!(thrown instanceof SiibraError)) throw thrown
      return failureAnswer({ ok: false, ...toPlainError(thrown) })
    }
  }
}
