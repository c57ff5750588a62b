/** `Prefer: respond-async`: an answer that is made while nobody waits with an open connection, and fetched when it is there. */
import { randomUUID } from 'node:crypto'
import type { TaskModel } from '../models/tasks.ts'
import type { LaterTasks, LongTaskState } from '../tasks/long-tasks.ts'
import type { Task } from '../tasks/task.ts'
import { answerRequest, errorAnswer, failureAnswer, jsonAnswer, prepareAnswer, toEntry } from './http/answer.ts'
import type { Answer, ApiRequest } from './http/exchange.ts'
import { type SpecialRoute, withFailures } from './http/special-route.ts'

/** How long a task may wait for its turn. */
const WAITS_FOR_MS = 3600 * 1000
/** A state changes every few hundred milliseconds at most. */
const LOOK_AGAIN_S = '1'

export interface Later {
  /** Sends a task and says where its answer will be. */
  send(task: Task, onEnd?: () => void, prefix?: string): Promise<Answer>
  /** The routes about such tasks, by name. */
  routes: Record<string, SpecialRoute>
}

export function createLater(tasks: LaterTasks): Later {
  const getTask: SpecialRoute = async ({ request, params }) => {
    const id = String(params.task_id)
    const state = await tasks.inspect(id)
    if (state === undefined) return unknownAnswer(id)
    const answer = jsonAnswer(200, stateOf(id, state, request.prefix))
    if (!isOver(state)) answer.headers.push('retry-after', LOOK_AGAIN_S)
    return answer
  }

  const getResult: SpecialRoute = async ({ request, params }) => {
    const id = String(params.task_id)
    const state = await tasks.inspect(id)
    if (state === undefined) return unknownAnswer(id)
    if (state.result === undefined)
      return errorAnswer(404, `The task ${id} has not ended yet`, {}, ['retry-after', LOOK_AGAIN_S])
    if (!state.result.ok) return failureAnswer(state.result)
    return prepareAnswer(toEntry(state.result, Infinity, Infinity), answerRequest(request), 'no-store')
  }

  const deleteTask: SpecialRoute = async ({ params }) => {
    const id = String(params.task_id)
    if (!(await tasks.cancel(id))) return unknownAnswer(id)
    return { status: 204, headers: ['cache-control', 'no-store'], body: undefined }
  }

  return {
    async send(task, onEnd = () => {}, prefix = '') {
      const own = { ...task, token: randomUUID(), deadlineMs: Date.now() + WAITS_FOR_MS }
      const sent = await tasks.submit(own, onEnd)
      if (!('id' in sent)) return failureAnswer(sent)
      const answer = jsonAnswer(202, stateOf(sent.id, { status: 'PENDING', fraction: 0, doing: '' }, prefix))
      answer.headers.push('location', prefix + pathOf(sent.id), 'preference-applied', 'respond-async')
      return answer
    },
    routes: {
      get_task: withFailures(getTask),
      get_task_result: withFailures(getResult),
      delete_task: withFailures(deleteTask),
    },
  }
}

/** Whether a client would rather come back for the answer. */
export function prefersLater({ headers }: Pick<ApiRequest, 'headers'>): boolean {
  const prefer = headers.prefer
  return prefer !== undefined && /(^|[,;]\s*)respond-async\s*($|[,;])/i.test(String(prefer))
}

const pathOf = (id: string) => `/v3_0/tasks/${id}`

const isOver = ({ status }: LongTaskState) => status === 'SUCCESS' || status === 'FAILURE'

function stateOf(id: string, { status, fraction, doing, result }: LongTaskState, prefix = ''): TaskModel {
  return {
    task_id: id,
    status,
    progress: Math.round(fraction * 100),
    doing,
    result: status === 'SUCCESS' ? `${prefix}${pathOf(id)}/result` : null,
    detail: result?.ok === false ? result.message : null,
  }
}

const unknownAnswer = (id: string): Answer => errorAnswer(404, `There is no task ${id}`)
