/** What a validation finds. */
export interface Finding {
  /** Errors make the command end with 1; warnings are worth a look. */
  level: 'error' | 'warning'
  /** Path within the configuration; with several configurations the one it is of stands before it. */
  file: string
  /** Path of the property, e.g. `volumes[0].providers.nii`; empty for the file as a whole. */
  property: string
  message: string
}

export interface Findings {
  all: Finding[]
  error(file: string, property: string, message: string): void
  warn(file: string, property: string, message: string): void
}

export function createFindings(): Findings {
  const all: Finding[] = []
  return {
    all,
    error: (file, property, message) => void all.push({ level: 'error', file, property, message }),
    warn: (file, property, message) => void all.push({ level: 'warning', file, property, message }),
  }
}

/** At most so many of a list, for messages. */
export function some(items: readonly (string | number)[], most = 10): string {
  const shown = items.slice(0, most).join(', ')
  return items.length > most ? `${shown} ... (${items.length} in all)` : shown
}
