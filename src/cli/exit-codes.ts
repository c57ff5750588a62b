/** Exit codes of the command, for scripts: docs/command-line.md tells them. */
export const EXIT = {
  done: 0,
  /** A fault of this machine, of a service or of data; findings of `validate`. */
  failed: 1,
  /** A command line, an environment or a parameter that makes no sense. */
  usage: 2,
  /** What was asked for is not there. */
  notFound: 3,
  /** A service cannot be reached, or says that it is busy or not ready: worth another attempt. */
  unavailable: 4,
} as const

type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Ends a command with a code of its own. */
export class CliError extends Error {
  readonly exitCode: ExitCode
  /** What kind of error it is, for programs. */
  readonly code: string

  constructor(exitCode: ExitCode, code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
    this.code = code
  }
}

const BUSY: readonly number[] = [429, 502, 503, 504]

/** The code for an answer of the service. */
export function exitCodeOf(status: number): ExitCode {
  if (status < 400) return EXIT.done
  if (status === 404) return EXIT.notFound
  if (BUSY.includes(status)) return EXIT.unavailable
  return status < 500 ? EXIT.usage : EXIT.failed
}
