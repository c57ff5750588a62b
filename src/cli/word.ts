import type { Command } from 'commander'
import type { Config } from '../config.ts'

/** Standard output or standard error. */
export interface Output {
  write(text: string | Uint8Array): unknown
  /** Whether it is a terminal. */
  isTTY?: boolean
}

/** What a word of the command line is given. */
export interface CliContext {
  env: Readonly<Record<string, string | undefined>>
  stdout: Output
  stderr: Output
  /** The settings of the environment, read when a word asks for them; throws a ConfigError. */
  config: () => Config
}

/** A word: its description, options and action. Its action imports what it runs, so that other words do not pay for it. */
export type Word = (context: CliContext) => Command
