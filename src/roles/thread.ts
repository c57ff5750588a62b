/** Entry of a thread that runs data handlers. */
import { parentPort, workerData } from 'node:worker_threads'
import { loadCore } from '../atlas/load-core.ts'
import { loadHandlers } from '../data-handlers/index.ts'
import { runThread } from '../dispatch/threads/thread-loop.ts'
import { prepareFeatures, prepareRegionSearch } from '../siibra/index.ts'

if (parentPort === null) throw new Error('This is the entry of a thread; start dist/main.js')
await runThread(parentPort, workerData, {
  loadHandlers,
  loadCore,
  prepare: {
    core: prepareRegionSearch,
    features: (core, isBusy) => prepareFeatures(core, { isBusy }),
  },
})
