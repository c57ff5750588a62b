/** Entry of threads that hold a configuration, bundled before they run. */
import { parentPort, workerData } from 'node:worker_threads'
import Type from 'typebox'
import { loadCore } from '../../../src/atlas/load-core.ts'
import { runThread } from '../../../src/dispatch/threads/thread-loop.ts'
import type { AnyHandler } from '../../../src/tasks/task.ts'
import { createConformanceHandlers } from '../conformance-handlers.ts'

const names: AnyHandler = {
  name: 'names',
  queue: 'core',
  params: Type.Object({}),
  run: async (_, { core }) => {
    const { parcellations, featureSpecs } = await core()
    const features = [...(await featureSpecs()).values()].flat()
    return { json: [...parcellations.all.map(({ name }) => name), ...features.map(({ spec }) => spec.name)] }
  },
}

await runThread(parentPort!, workerData, {
  loadHandlers: async () => new Map([...createConformanceHandlers(), [names.name, names]]),
  loadCore,
})
