import { createInterface } from 'node:readline/promises'
import { Command } from 'commander'
import type { Ask } from '../import/journal.ts'
import { createProgress } from './progress.ts'
import type { Word } from './word.ts'

interface Flags {
  out: string
  name?: string
  species?: string
  space?: string
  template?: string
  table?: string
  format?: string
  hierarchy?: string
  affine?: string
  yes?: boolean
  json?: boolean
}

/** `siibra-api import`: an atlas of any of the usual formats as a configuration. */
export const importWord: Word = (context) =>
  new Command('import')
    .description(
      'makes a configuration of an atlas: labelled volumes with tables, probabilities, BrainGlobe, Allen, surfaces',
    )
    .argument('<source>', 'a folder, which is searched downward, or the main file with its companions beside it')
    .requiredOption('--out <folder>', 'the folder of the configuration; it is made, and must not be there')
    .option('--name <name>', 'of the atlas and its parcellation')
    .option('--species <name>', 'such as "Homo sapiens"')
    .option('--space <name>', 'name of the space that the volumes lie in')
    .option('--template <file>', 'a volume to be the template of the space')
    .option('--table <file>', 'the names of the regions, in any of the formats')
    .option('--format <name>', 'reads the table as this, where it could be several')
    .option('--hierarchy <file>', 'the tree of regions, where it is not in the table')
    .option('--affine <numbers>', '12 or 16 numbers, voxel to mm (RAS), row by row; or a volume that has it')
    .option('--yes', 'takes every guess, and writes it into IMPORT.md')
    .option('--json', 'prints {out, name, taken, guesses, warnings, leftOut}')
    .addHelpText(
      'after',
      '\nExamples:\n  siibra-api import my-atlas/ --out configuration/\n  siibra-api import labels.nii.gz --table names.tsv --out configuration/ --species "Mus musculus" --yes\n\nThe pages: docs/own-atlas.md. It is served by SIIBRA_USE_CONFIGURATION=<folder> siibra-api',
    )
    .action(async (source: string, flags: Flags) => {
      const { importAtlas } = await import('../import/import-atlas.ts')
      const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true && !flags.json
      const command = `siibra-api import ${[source, ...flagsAsText(flags)].join(' ')}`
      const { stdout, stderr } = context
      const progress = createProgress(context)
      const { journal, atlas } = await importAtlas({
        source,
        ...flags,
        command,
        tell: (text) => progress.show({ text }),
        ask: isTerminal
          ? (question, proposal) => {
              progress.end()
              return ask(question, proposal)
            }
          : undefined,
      }).finally(progress.end)
      if (flags.json) {
        const { taken, guesses, warnings, leftOut } = journal
        stdout.write(`${JSON.stringify({ out: flags.out, name: atlas.name, taken, guesses, warnings, leftOut })}\n`)
        return
      }
      for (const warning of journal.warnings) stderr.write(`WARNING: ${warning}\n`)
      for (const { what } of journal.guesses) stderr.write(`Guessed: ${what}\n`)
      for (const line of journal.taken) stdout.write(`${line}\n`)
      for (const { file, why } of journal.leftOut) stdout.write(`left out: ${file} (${why})\n`)
      stdout.write(
        `${atlas.name} is in ${flags.out}; ${flags.out}/IMPORT.md says what was taken, guessed and left out. To serve it:\n` +
          `  SIIBRA_USE_CONFIGURATION=${flags.out} siibra-api\n`,
      )
    })

const ask: Ask = async (question, proposal) => {
  const reader = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return await reader.question(`${question} [${proposal}] `)
  } finally {
    reader.close()
  }
}

function flagsAsText(flags: Flags): string[] {
  const quoted = (value: string) => (/^[\w./-]+$/.test(value) ? value : `'${value}'`)
  return Object.entries(flags).map(([name, value]) =>
    value === true ? `--${name}` : `--${name} ${quoted(String(value))}`,
  )
}
