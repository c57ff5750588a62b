/** Answers about bundles that are made behind. */
import Type, { type Static } from 'typebox'

export const TaskIdResp = Type.Object(
  {
    task_id: Type.String(),
    status: Type.Enum(['PENDING', 'SUCCESS', 'FAILURE']),
    progress: Type.Optional(Type.Number({ description: 'Per cent.', minimum: 0, maximum: 100 })),
    doing: Type.Optional(Type.String({ description: 'What is being done.' })),
  },
  { title: 'TaskIdResp' },
)
export type TaskIdResp = Static<typeof TaskIdResp>
