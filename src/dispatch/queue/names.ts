import { createHash } from 'node:crypto'
import { SiibraError } from '../../siibra/index.ts'
import { hasHeavyLane } from '../../tasks/costs.ts'
import { QUEUE_NAMES, type QueueName, type Task } from '../../tasks/task.ts'
import { type KeyedTask, taskKey } from '../../tasks/task-key.ts'

/**
 * Where a version of the service meets its own workers, and only those: `<version>.<namespace>`. Servers and workers of
 * other versions may use the same broker.
 */
export interface QueueScope {
  version: string
  namespace: string
}

/** Full name of a queue, `<version>.<namespace>.<queue>`, as operators, dashboards and `-Q` know it. */
export function fullQueueName(scope: QueueScope, queue: QueueName): string {
  return `${scope.version}.${scope.namespace}.${queue}`
}

/** All queues at the broker that make up one of ours. */
export function lanesOf(scope: QueueScope, queue: QueueName): string[] {
  const names = [laneName(scope, queue, false)]
  return hasHeavyLane(queue) ? [...names, laneName(scope, queue, true)] : names
}

/**
 * The queue at the broker: `{<full name>}`, and beside it one for heavy tasks, `{<full name>}.heavy`, so that each worker takes one
 * beside the others. The braces make it the hash tag of all its keys, by which a Redis Cluster keeps them on one server.
 */
export function laneName(scope: QueueScope, queue: QueueName, isHeavy: boolean): string {
  return `{${fullQueueName(scope, queue)}}${isHeavy ? '.heavy' : ''}`
}

/** Prefix of the keys of a scope that belong to no queue. */
export function scopeKey(scope: QueueScope, ...parts: string[]): string {
  return ['siibra-api', `{${scope.version}.${scope.namespace}}`, ...parts].join(':')
}

/** A key beside those of BullMQ, in the slot of its queue. */
export function queueKey(scope: QueueScope, queue: QueueName, ...parts: string[]): string {
  return ['siibra-api', `{${fullQueueName(scope, queue)}}`, ...parts].join(':')
}

/** A key of a task, in the slot of its queue; an id that is none leads to a key that nobody writes. */
export function taskKeyOf(scope: QueueScope, id: string, what: string, ...more: string[]): string {
  const queue = queueOfTask(id)
  return queue === undefined ? scopeKey(scope, what, id, ...more) : queueKey(scope, queue, what, id, ...more)
}

/** The queue that the id of a task names; undefined for an id that is none. */
export function queueOfTask(id: string): QueueName | undefined {
  return QUEUE_NAMES.find((queue) => id.startsWith(`${queue}-`))
}

/**
 * Reads the value of `-Q`: names of queues, short (`core`) or full (`0.4.0.siibraapi.core`), separated by commas.
 * Nothing given means all queues. Throws INVALID_PARAMETER for a name that is none of this scope.
 */
export function parseQueueNames(value: string | undefined, scope: QueueScope): QueueName[] {
  const wanted = (value ?? '').split(',').map((name) => name.trim())
  const names = wanted.filter((name) => name !== '')
  if (names.length === 0) return [...QUEUE_NAMES]
  const found = names.map((name) => {
    const queue = QUEUE_NAMES.find((candidate) => name === candidate || name === fullQueueName(scope, candidate))
    if (queue) return queue
    throw new SiibraError('INVALID_PARAMETER', `-Q ${name}: there is no such queue`, {
      parameter: '-Q',
      allowed: QUEUE_NAMES.flatMap((candidate) => [candidate, fullQueueName(scope, candidate)]),
    })
  })
  return [...new Set(found)]
}

/** Id of a task, `<queue>-<hash>`: the same for the same work, whoever asks and however the parameters are ordered. */
export function taskId(task: KeyedTask & Pick<Task, 'queue'>): string {
  return `${task.queue}-${createHash('sha256').update(taskKey(task)).digest('hex').slice(0, 40)}`
}
