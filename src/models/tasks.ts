/** Answers about tasks that are asked for later (`Prefer: respond-async`). */
import Type, { type Static } from 'typebox'
import { Nullable } from './common.ts'

export const TaskModel = Type.Object(
  {
    task_id: Type.String(),
    status: Type.Enum(['PENDING', 'STARTED', 'SUCCESS', 'FAILURE']),
    progress: Type.Number({ description: 'Per cent.', minimum: 0, maximum: 100 }),
    doing: Type.String({ description: 'What is being done.' }),
    result: Nullable(Type.String({ description: 'Path of the answer, once it is there.' })),
    detail: Nullable(Type.String({ description: 'What went wrong, where something did.' })),
  },
  { title: 'TaskModel' },
)
export type TaskModel = Static<typeof TaskModel>

export const TaskParams = Type.Object({
  task_id: Type.String({
    description: 'Id of a task, as the header `Location` of its request gave it.',
    maxLength: 256,
  }),
})
