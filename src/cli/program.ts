/** The command line `siibra-api`: one file for each word, listed here. */
import { Command, CommanderError } from 'commander'
import { ConfigError } from '../config.ts'
import { nearestOf, redactCredentials, SiibraError } from '../siibra/index.ts'
import { PACKAGE_VERSION } from '../version.ts'
import { assign } from './assign.ts'
import { CliError, EXIT } from './exit-codes.ts'
import { get } from './get.ts'
import { importWord } from './import.ts'
import { mcp } from './mcp.ts'
import { mirror } from './mirror.ts'
import { serve } from './serve.ts'
import { validate } from './validate.ts'
import { warmUp } from './warm-up.ts'
import type { CliContext, Word } from './word.ts'
import { worker } from './worker.ts'

/** Every word, in the order in which `--help` lists them. A word loads what it runs when it is run. */
const WORDS: readonly Word[] = [serve, worker, warmUp, importWord, validate, mirror, get, assign, mcp]

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
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.done : EXIT.usage
    const { code, message, exitCode } = describe(thrown)
    const isForPrograms = args.includes('--json')
    const told = isForPrograms ? JSON.stringify({ error: true, code, message, exit_code: exitCode }) : message
    context.stderr.write(`${told}\n`)
    return exitCode
  }
}

function describe(thrown: unknown): { code: string; message: string; exitCode: number } {
  const message = redactCredentials(thrown instanceof Error ? thrown.message : String(thrown))
  if (thrown instanceof CliError) return { code: thrown.code, message, exitCode: thrown.exitCode }
  if (thrown instanceof ConfigError) return { code: 'INVALID_ENVIRONMENT', message, exitCode: EXIT.usage }
  if (!(thrown instanceof SiibraError)) return { code: 'INTERNAL', message, exitCode: EXIT.failed }
  return { code: thrown.code, message, exitCode: thrown.code === 'INVALID_PARAMETER' ? EXIT.usage : EXIT.failed }
}

const HELP = `
Examples:
  siibra-api                                         serves on http://127.0.0.1:5000
  siibra-api import my-atlas/ --out configuration/   makes a configuration of your own files
  siibra-api get /atlases                            prints an answer, without a service
  siibra-api assign points.csv --parcellation "Julich 3" --space "mni 152"

siibra-api <command> --help says more of each. Exit codes: 0 done, 1 fault, 2 usage, 3 not found, 4 unavailable (docs/command-line.md).
Settings are environment variables: docs/configuration.md`

function buildProgram(args: readonly string[], context: CliContext): Command {
  const program = new Command('siibra-api')
    .description('HTTP access to brain atlases: the siibra-api v3_0 contract')
    .version(PACKAGE_VERSION, '--version', 'prints the version')
    .helpOption('-h, --help', 'prints this help')
    .addHelpText('after', HELP)
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
