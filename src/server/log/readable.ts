/** Log lines for people: the form of JSON lines is for programs. */

const LEVELS: Readonly<Record<number, string>> = { 20: 'debug', 40: 'warning', 50: 'error', 60: 'fatal' }

interface LogRecord {
  level: number
  time: number
  msg?: string
  method?: string
  path?: string
  status?: number
  ms?: number
  cache?: string
  task?: { name?: string }
  queue?: unknown
  outcome?: string
  err?: { message?: string; stack?: string }
}

/** One line of pino's as a person reads it: the time, the level where it is not `info`, what happened. */
export function readableLine(json: string): string {
  const line = JSON.parse(json) as LogRecord
  const time = new Date(line.time).toTimeString().slice(0, 8)
  const level = LEVELS[line.level]
  return `${[time, ...(level ? [`${level}:`] : []), whatHappened(line)].join(' ')}\n`
}

function whatHappened({ msg, method, path, status, ms, cache, task, outcome, err }: LogRecord): string {
  const parts = msg === undefined ? [] : [msg]
  if (method !== undefined) parts.push(`${method} ${path} ${status}, ${ms} ms${cache === 'hit' ? ', kept' : ''}`)
  else if (outcome !== undefined) parts.push(`${task?.name ?? 'a task'}: ${outcome}, ${ms} ms`)
  if (err) parts.push(err.stack ?? err.message ?? 'unknown error')
  return parts.join(' ')
}
