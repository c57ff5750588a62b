import Type from 'typebox'
import { TaskModel, TaskParams } from '../../models/tasks.ts'
import { NEVER, type RouteRecord, V3 } from './route.ts'

const base = {
  versions: V3,
  extension: true,
  tag: 'task',
  params: TaskParams,
  criticality: 'normal',
  cache: NEVER,
} as const

/** Tasks that were asked for with `Prefer: respond-async`. */
export const taskRoutes: readonly RouteRecord[] = [
  {
    ...base,
    method: 'GET',
    name: 'get_task',
    path: '/tasks/{task_id}',
    summary: 'How a task is doing that was asked for with `Prefer: respond-async`',
    response: { json: TaskModel },
    task: { name: 'task_state', queue: 'core' },
  },
  {
    ...base,
    method: 'GET',
    name: 'get_task_result',
    path: '/tasks/{task_id}/result',
    summary: 'The answer of a task that has ended, as its route would have given it; kept for a day',
    // of the media type of its route, whatever that is
    response: { json: Type.Unknown() },
    task: { name: 'task_result', queue: 'core' },
  },
  {
    ...base,
    method: 'DELETE',
    name: 'delete_task',
    path: '/tasks/{task_id}',
    summary: 'Ends a task, and forgets its result',
    response: { json: TaskModel },
    task: { name: 'task_end', queue: 'core' },
  },
]
