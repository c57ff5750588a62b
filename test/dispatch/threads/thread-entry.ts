/** Entry of the threads of tests, bundled before they run. */
import { parentPort, workerData } from 'node:worker_threads'
import { runThread } from '../../../src/dispatch/threads/thread-loop.ts'
import { createConformanceHandlers } from '../conformance-handlers.ts'

await runThread(parentPort!, workerData, {
  loadHandlers: async () => createConformanceHandlers(),
  loadCore: () => Promise.reject(new Error('There is no core in these tests')),
})
