import type { AnyHandler, QueueName } from '../tasks/task.ts'

/** Each queue's folder has a list of its own; a thread or worker loads only those of the queues that it serves. */
const lists: Record<QueueName, () => Promise<readonly AnyHandler[]>> = {
  core: async () => (await import('./core/index.ts')).coreHandlers,
  features: async () => (await import('./features/index.ts')).featureHandlers,
  volumes: async () => (await import('./volumes/index.ts')).volumeHandlers,
  compounds: async () => (await import('./compounds/index.ts')).compoundHandlers,
}

/** The handlers of some queues, by name. Throws where two share a name. */
export async function loadHandlers(queues: readonly QueueName[]): Promise<ReadonlyMap<string, AnyHandler>> {
  const table = new Map<string, AnyHandler>()
  for (const queue of queues) {
    for (const handler of await lists[queue]()) {
      if (table.has(handler.name)) throw new Error(`Two data handlers are named ${handler.name}`)
      table.set(handler.name, handler)
    }
  }
  return table
}
