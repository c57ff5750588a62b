import type { Command } from 'commander'
import type { Config } from '../config.ts'

/** What a word of the command line is given. */
export interface CliContext {
  env: Readonly<Record<string, string | undefined>>
  stdout: { write(text: string): unknown }
  stderr: { write(text: string): unknown }
  /** The settings of the environment, read when a word asks for them; throws a ConfigError. */
  config: () => Config
}

/** A word: its description, options and action. Its action imports what it runs, so that other words do not pay for it. */
export type Word = (context: CliContext) => Command
