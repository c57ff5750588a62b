import { createInlineDispatcher } from '../../../src/dispatch/scheduling/inline.ts'
import { describeDispatcher } from '../conformance.ts'
import { createConformanceHandlers } from '../conformance-handlers.ts'

describeDispatcher('inline', async (bounds) =>
  createInlineDispatcher({
    handlers: createConformanceHandlers(),
    core: () => Promise.reject(new Error('There is no core in these tests')),
    sharedDir: '/nonexistent',
    ...bounds,
  }),
)
