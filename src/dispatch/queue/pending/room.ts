import { rankOf } from '../../../tasks/criticality.ts'
import type { Task } from '../../../tasks/task.ts'

/** A task that may have to make room for another. */
export interface Occupant {
  task: Task
  /** A worker has begun it. */
  isActive: boolean
}

/**
 * Who has to go so that `task` can come: of the least critical class below its own, the one that came last and has not
 * begun. Undefined where there is none, and the task itself is refused.
 */
export function findLeastCritical<T extends Occupant>(occupants: Iterable<T>, task: Task): T | undefined {
  let found: T | undefined
  for (const occupant of occupants) {
    if (occupant.task.queue !== task.queue || occupant.isActive) continue
    const rank = rankOf(occupant.task.criticality)
    if (rank > rankOf(task.criticality) && (!found || rank >= rankOf(found.task.criticality))) found = occupant
  }
  return found
}
