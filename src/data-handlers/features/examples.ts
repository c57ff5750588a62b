import Type from 'typebox'
import { chooseExamples } from '../../siibra/index.ts'
import type { DataHandler } from '../../tasks/task.ts'

/** What documentation shows as examples; no route asks for it, but the pages do. */
export const documentationExamples: DataHandler<Record<string, never>> = {
  name: 'documentation_examples',
  queue: 'features',
  params: Type.Object({}),
  async run(_, context) {
    return { json: await chooseExamples(await context.core()) }
  },
}
