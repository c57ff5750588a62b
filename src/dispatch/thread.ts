/** Entry of a thread that runs data handlers. */
import { parentPort, workerData } from 'node:worker_threads'
import { loadHandlers } from '../data-handlers/index.ts'
import { prepareFeatures } from '../siibra/features/prepare.ts'
import { loadCore } from './load-core.ts'
import { runThread } from './thread-loop.ts'

if (parentPort === null) throw new Error('This is the entry of a thread; start dist/main.js')
await runThread(parentPort, workerData, {
  loadHandlers,
  loadCore,
  prepareFeatures: (core, isBusy) => prepareFeatures(core, { isBusy }),
})
