import type { CliContext } from './word.ts'

export interface Step {
  /** From 0 to 1; left out where nobody knows how much there is. */
  fraction?: number
  /** What is being done, or how much of it is. */
  text?: string
}

export interface Progress {
  /** Whether anybody looks. */
  readonly isShown: boolean
  show(step: Step): void
  /** Takes the bar away. */
  end(): void
}

/** How often the bar is drawn. */
const DRAW_EVERY_MS = 100
const WIDTH = 30

/**
 * A bar on standard error while something takes long. Drawn on a terminal only: a file or a pipe gets none. It has no
 * colours, so that `NO_COLOR` has nothing to turn off.
 */
export function createProgress({ stderr }: Pick<CliContext, 'stderr'>): Progress {
  const isShown = stderr.isTTY === true
  const startedMs = performance.now()
  let drawnMs = Number.NEGATIVE_INFINITY
  let length = 0
  const draw = (line: string) => {
    stderr.write(`\r${line.padEnd(length)}`)
    length = line.length
  }
  return {
    isShown,
    show({ fraction, text = '' }) {
      const nowMs = performance.now()
      if (!isShown || nowMs - drawnMs < DRAW_EVERY_MS) return
      drawnMs = nowMs
      const seconds = `${Math.round((nowMs - startedMs) / 1000)} s`
      draw([fraction === undefined ? '' : bar(fraction), text, seconds].filter((part) => part !== '').join(' '))
    },
    end() {
      if (length === 0) return
      draw('')
      stderr.write('\r')
      length = 0
    },
  }
}

function bar(fraction: number): string {
  const within = Math.min(1, Math.max(0, fraction))
  const filled = Math.round(WIDTH * within)
  return `[${'#'.repeat(filled)}${' '.repeat(WIDTH - filled)}] ${Math.floor(100 * within)} %`
}
