import { signal } from '@preact/signals'

/** What went wrong last, in words; undefined where nothing did. */
export const problem = signal<string | undefined>(undefined)

/** Shows an error to the person; what was ended on purpose is none. */
export function report(thrown: unknown): void {
  if ((thrown as Error)?.name === 'AbortError') return
  problem.value = thrown instanceof Error ? thrown.message : String(thrown)
}

/** Long work under way: what it is, how far, and how to end it. */
export interface Work {
  label: string
  /** 0 to 1; undefined where that is not known. */
  share: number | undefined
  end: () => void
}
export const works = signal<Work[]>([])

/** Shows work until it is done; `end` of its button aborts the signal. */
export async function withProgress<T>(
  label: string,
  run: (signal: AbortSignal, onProgress: (received: number, total: number | undefined) => void) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  let work: Work = { label, share: undefined, end: () => controller.abort() }
  works.value = [...works.peek(), work]
  const replace = (next: Work | undefined) => {
    works.value = works.peek().flatMap((one) => (one === work ? (next ?? []) : one))
    if (next) work = next
  }
  try {
    return await run(controller.signal, (received, total) => {
      replace({ ...work, label: `${label} (${(received / 1e6).toFixed(1)} MB)`, share: total && received / total })
    })
  } finally {
    replace(undefined)
  }
}
