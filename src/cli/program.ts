/** The command line `siibra-api`: one file for each word, listed here. */
import { Command, CommanderError } from 'commander'
import { ConfigError } from '../config.ts'
import { nearestOf, redactCredentials, SiibraError } from '../siibra/index.ts'
import { PACKAGE_VERSION } from '../version.ts'
import { importWord } from './import.ts'
import { mirror } from './mirror.ts'
import { serve } from './serve.ts'
import { validate } from './validate.ts'
import { warmUp } from './warm-up.ts'
import type { CliContext, Word } from './word.ts'
import { worker } from './worker.ts'

/** Every word, in the order in which `--help` lists them. A word loads what it runs when it is run. */
const WORDS: readonly Word[] = [serve, worker, warmUp, importWord, validate, mirror]

/** Exit code of a command line, an environment or a parameter that makes no sense. */
const EXIT_USAGE = 2
const EXIT_FAILED = 1

/**
 * Runs a command line.
 *
 * @param args  what stands behind the name of the program
 * @returns the code to exit with at once, or undefined where the word ends by itself (a service runs on; a command that
 *   has ended may have set `process.exitCode`)
 */
export async function runCommandLine(args: readonly string[], context: CliContext): Promise<number | undefined> {
  try {
    await buildProgram(args, context).parseAsync([...args], { from: 'user' })
    return undefined
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : EXIT_USAGE
    context.stderr.write(`${redactCredentials(thrown instanceof Error ? thrown.message : String(thrown))}\n`)
    return isUsage(thrown) ? EXIT_USAGE : EXIT_FAILED
  }
}

const isUsage = (thrown: unknown) =>
  thrown instanceof ConfigError || (thrown instanceof SiibraError && thrown.code === 'INVALID_PARAMETER')

function buildProgram(args: readonly string[], context: CliContext): Command {
  const program = new Command('siibra-api')
    .description('HTTP access to brain atlases: the siibra-api v3_0 contract')
    .version(PACKAGE_VERSION, '--version', 'prints the version')
    .helpOption('-h, --help', 'prints this help')
    .addHelpText('after', '\nSettings are environment variables: docs/configuration.md')
  const words = WORDS.map((word) => word(context))
  // `SIIBRA_API_ROLE=worker siibra-api -Q core` is the way of the images of the original
  const withoutWord = context.env.SIIBRA_API_ROLE?.trim() === 'worker' ? 'worker' : 'serve'
  for (const word of words) program.addCommand(word, { isDefault: word.name() === withoutWord })
  for (const command of [program, ...words]) harden(command, context)

  const [first] = args
  const names = [...words.map((word) => word.name()), 'help']
  if (first !== undefined && !first.startsWith('-') && !names.includes(first)) {
    const nearest = nearestOf(names, first)
    program.error(
      `error: unknown command '${first}'${nearest ? `; did you mean ${nearest}?` : ''} (there are ${names.join(', ')})`,
    )
  }
  return program
}

/** Errors are thrown instead of ending the process, and nothing that is not known is passed over. */
function harden(command: Command, { stdout, stderr }: CliContext): void {
  command
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
}
