import { SiibraError } from '../siibra/index.ts'

/**
 * A source that cannot be imported: which file, which line where there is one, what is wrong and what to do about it. The command ends
 * with 1, and nothing is written.
 */
export function badSource(file: string, what: string, advice?: string, line?: number | null): SiibraError {
  const place = line === undefined || line === null ? file : `${file}:${line}`
  return new SiibraError('BAD_DATA', `${place}: ${what}${advice ? `\n  ${advice}` : ''}`, { url: file })
}

/** A flag that makes no sense, or is missing: the command ends with 2. */
export function badFlag(flag: string, what: string): SiibraError {
  return new SiibraError('INVALID_PARAMETER', `${flag}: ${what}`, { parameter: flag })
}

/** At most so many of a list, for messages. */
export function some(items: readonly (string | number)[], most = 12): string {
  const shown = items.slice(0, most).join(', ')
  return items.length > most ? `${shown} ... (${items.length} in all)` : shown
}
