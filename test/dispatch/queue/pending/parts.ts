import { createPendingTasks, type PendingTask } from '../../../../src/dispatch/queue/pending/pending-tasks.ts'
import { createSending } from '../../../../src/dispatch/queue/pending/send.ts'
import { queueUnavailable } from '../../../../src/tasks/failures.ts'
import type { Task } from '../../../../src/tasks/task.ts'
import { FakeRedis } from '../../fake-redis.ts'

export const FAR_MS = 3_600_000
export const scope = { version: '1.2.3', namespace: 'test' }

export const aTask = (more: Partial<Task> = {}): Task => ({
  name: 'echo',
  queue: 'core',
  params: {},
  criticality: 'normal',
  deadlineMs: Date.now() + FAR_MS,
  ...more,
})

/** A server's side of the queue with a Redis in memory: a job is a key there, and runs when the test says so. */
export function createParts(more: Partial<Parameters<typeof createSending>[0]> = {}) {
  const broker = new FakeRedis()
  const results = new FakeRedis()
  const settled: [string, string][] = []
  /** Of the failures among them. */
  const messages: string[] = []
  const sent: { id: string; data: unknown; options: Record<string, unknown> }[] = []
  const listened: string[] = []
  const pendings = createPendingTasks((pending, result) => {
    if (!result.ok) messages.push(result.message)
    settled.push([pending.id, result.ok ? Buffer.from(result.body).toString() : result.code])
  })
  const keyOf = ({ id }: Pick<PendingTask, 'id'>) => `job:${id}`
  const queue = {
    name: 'queue',
    async add(_name: string, data: unknown, options: Record<string, unknown>) {
      const id = String(options.jobId)
      await broker.before('add', id)
      if (broker.has(keyOf({ id }))) return
      sent.push({ id, data, options })
      await broker.set(keyOf({ id }), 'waits')
    },
    getJob: async (_id: string): Promise<unknown> => undefined,
  }
  const sending = createSending({
    broker: broker.redis,
    scope,
    server: 'this server',
    folderMarker: undefined,
    isReplaced: false,
    pendings,
    roster: { hasWorker: async () => true },
    probe: { unavailable: () => queueUnavailable(), isRefusal: (thrown) => /OOM/.test(`${thrown}`) },
    events: { listen: async (name) => void listened.push(name) },
    // of the queue only these three are used
    queueFor: () => queue as unknown as ReturnType<Parameters<typeof createSending>[0]['queueFor']>,
    areThere: async () => true,
    ...more,
  })
  const fates = { broker: broker.redis, results: results.redis, scope, keyOf }
  return { broker, results, settled, messages, sent, listened, pendings, queue, sending, fates, keyOf }
}
