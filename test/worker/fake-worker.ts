/** A worker process with the fake handlers, for tests that kill it. Started with its options as JSON. */
import { createInlineDispatcher } from '../../src/dispatch/scheduling/inline.ts'
import { type RunningWorker, startWorker } from '../../src/worker/worker.ts'
import { createFakeHandlers } from '../dispatch/fake-handlers.ts'

const { threads, ...options } = JSON.parse(process.argv[2] ?? '{}')
const worker: RunningWorker = startWorker({
  ...options,
  onProblem: (message) => console.error(message),
  sharedDir: '/nonexistent',
  threads: { core: threads, features: threads, volumes: threads, compounds: threads },
  executor: createInlineDispatcher({
    handlers: createFakeHandlers((name, params) => console.log(`run ${name} ${JSON.stringify(params)}`)),
    core: () => Promise.reject(new Error('no core here')),
    sharedDir: '/nonexistent',
  }),
})
const poll = setInterval(() => {
  if (!worker.isReady()) return
  clearInterval(poll)
  console.log('ready')
}, 5)
process.on('SIGTERM', () => void worker.close(2_000).then(() => process.exit(0)))
