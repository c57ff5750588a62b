import type { Task } from './task.ts'

/**
 * One string per distinct piece of work: its name and its parameters, sorted by name and each with its length, so that
 * no value can imitate another parameter. A body counts by its hash. Criticality and deadline are not part of it.
 */
export function taskKey({ name, params, body, token, dataVersion }: KeyedTask): string {
  const prefix = dataVersion === undefined ? name : `${dataVersion} ${name}`
  if (body === undefined && token === undefined) return joinParts(prefix, params)
  // names of parameters have no blanks
  const ofBody = body === undefined ? {} : { [`body ${body.mediaType}`]: body.sha256 }
  return joinParts(prefix, { ...params, ...ofBody, 'own token': token })
}

/** What of a task decides which piece of work it is. */
export type KeyedTask = Pick<Task, 'name' | 'params' | 'body' | 'token' | 'dataVersion'>

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
