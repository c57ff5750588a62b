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

/** Says how far work is; `doing` is added to what it is called. */
export type Progress = (share: number | undefined, doing?: string) => void

/** Shows work until it is done; `end` of its button aborts the signal. */
export async function withWork<T>(
  label: string,
  run: (signal: AbortSignal, progress: Progress) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  let work: Work = { label, share: undefined, end: () => controller.abort() }
  works.value = [...works.peek(), work]
  const replace = (next: Work | undefined) => {
    works.value = works.peek().flatMap((one) => (one === work ? (next ?? []) : one))
    if (next) work = next
  }
  try {
    return await run(controller.signal, (share, doing) => {
      replace({ ...work, label: doing ? `${label}: ${doing}` : label, share })
    })
  } finally {
    replace(undefined)
  }
}

/** The same for bytes that arrive. */
export function withProgress<T>(
  label: string,
  run: (signal: AbortSignal, onProgress: (received: number, total: number | undefined) => void) => Promise<T>,
): Promise<T> {
  return withWork(label, (signal, progress) =>
    run(signal, (received, total) => progress(total && received / total, `${(received / 1e6).toFixed(1)} MB`)),
  )
}
