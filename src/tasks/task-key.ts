import type { Task } from './task.ts'

/**
 * One string per distinct piece of work: its name and its parameters, sorted by name and each with its length, so that
 * no value can imitate another parameter. Criticality and deadline are not part of it.
 */
export function taskKey({ name, params }: Pick<Task, 'name' | 'params'>): string {
  return joinParts(name, params)
}

/** The same for any prefix, e.g. version and route in keys of the response cache. */
export function joinParts(prefix: string, params: Record<string, unknown>): string {
  const parts = [prefix]
  for (const name of Object.keys(params).sort()) {
    const value = params[name]
    if (value === undefined) continue
    const encoded = typeof value === 'string' ? `s${value}` : JSON.stringify(value)
    parts.push(`\n${name.length}:${name}${encoded.length}:${encoded}`)
  }
  // joined, not added up: sums of strings are kept as trees of their parts
  return parts.join('')
}
