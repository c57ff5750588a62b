import { appendFileSync, renameSync, writeFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { CliError, EXIT } from './exit-codes.ts'
import { readBody } from './get.ts'
import { createProgress, type Progress } from './progress.ts'
import type { Word } from './word.ts'

interface Flags {
  parcellation: string
  space: string
  columns?: string
  idColumn?: string
  sigmaColumn?: string
  sigma?: string
  type: string
  pointSpace?: string
  level?: string
  summary?: string
  format?: string
  out?: string
  url?: string
  json?: boolean
}

/** Points of one request: so many that their number does not matter, so few that the bar moves. */
const POINTS_AT_ONCE = 20_000
const FORMATS = ['csv', 'tsv', 'json', 'ndjson'] as const
type Format = (typeof FORMATS)[number]

const EXAMPLES = `
The file has a point a line, in mm (x to the right, y to the front, z up), with or without a header; commas, semicolons, tabs or blanks
between the columns; - is standard input. A point is named by its column id or name, else by its number from 0.

Examples:
  siibra-api assign points.csv --parcellation "Julich 3" --space "mni 152"
  siibra-api assign peaks.tsv --parcellation "Julich 3" --space "mni 152" --columns MNI_x,MNI_y,MNI_z --sigma 3 -o regions.csv
  siibra-api assign points.csv --parcellation "Julich 3" --space "mni 152" --type labelled --summary region --json
  cut -f2-4 foci.txt | siibra-api assign - --parcellation "Julich 3" --space "mni 152" --url http://127.0.0.1:5000`

/** `siibra-api assign`: the regions of the points in a file. */
export const assign: Word = (context) =>
  new Command('assign')
    .description('says in which regions points lie: a row for each point and region, with scores')
    .argument('<points>', 'a CSV, TSV or text file with a point a line')
    .requiredOption('--parcellation <id>', 'id, key or name of a parcellation')
    .requiredOption('--space <id>', 'id, key or name of the space of the map')
    .option(
      '--columns <x,y,z>',
      'columns of the coordinates, by name or number from 1; default: x,y,z, else the first three',
    )
    .option('--id-column <column>', 'the names of the points')
    .option('--sigma-column <column>', 'their uncertainties in mm')
    .option('--sigma <mm>', 'uncertainty of all points that have none of their own')
    .addOption(
      new Option('--type <type>', 'the map that is looked up')
        .choices(['statistical', 'labelled'])
        .default('statistical'),
    )
    .option('--point-space <id>', 'space of the points, where it is another one: they are moved first')
    .option('--level <depth>', 'names the region at that depth of the tree instead (1: the outermost)')
    .addOption(new Option('--summary <what>', 'how many points lie in each region, instead').choices(['region']))
    .addOption(
      new Option('-f, --format <form>', 'of the output; default: by the ending of --out, else csv').choices(FORMATS),
    )
    .option('-o, --out <file>', 'writes to this file instead of standard output')
    .option('--url <address>', 'of a service that runs; without, this process answers')
    .option('--json', 'the same as --format json; errors as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, flags: Flags) => {
      const [{ openAsker }, { readPoints }] = await Promise.all([
        import('./asking/asker.ts'),
        import('./asking/points-file.ts'),
      ])
      const { stdout, stderr, config } = context
      const points = readPoints(new TextDecoder().decode(readBody(file)), file === '-' ? 'standard input' : file, {
        columns: flags.columns?.split(','),
        id: flags.idColumn,
        sigma: flags.sigmaColumn,
      })
      const format = formatOf(flags)
      const progress = createProgress(context)
      const asker = await openAsker({ url: flags.url, config, tell: (message) => stderr.write(`${message}\n`) })
      try {
        const unfinished = flags.out === undefined ? undefined : `${flags.out}.part`
        if (unfinished !== undefined) writeFileSync(unfinished, '')
        await assignAll(points, (text) => {
          if (unfinished !== undefined) return appendFileSync(unfinished, text)
          progress.end()
          stdout.write(text)
        })
        progress.end()
        if (flags.out === undefined || unfinished === undefined) return
        renameSync(unfinished, flags.out)
        stderr.write(`${flags.out}: ${points.length} points\n`)
      } finally {
        progress.end()
        await asker.close()
      }

      /** Asks for some after the other, and writes each answer as it comes: a million rows need not be in memory. */
      async function assignAll(all: typeof points, write: (text: string) => void): Promise<void> {
        const [{ askAndShow }, { csvOfPoints }] = await Promise.all([
          import('./asking/follow.ts'),
          import('./asking/points-file.ts'),
        ])
        const path = `/v3_0/map/assign?${queryOf(flags, format)}`
        const headers = { 'content-type': 'text/csv' }
        const atOnce = flags.summary === undefined ? POINTS_AT_ONCE : all.length
        const join = createJoiner(format)
        for (let from = 0; from === 0 || from < all.length; from += atOnce) {
          const some = all.slice(from, from + atOnce)
          const share = (within: number) => (from + within * some.length) / Math.max(1, all.length)
          const shown: Progress = {
            ...progress,
            show: ({ fraction = 0 }) => progress.show({ fraction: share(fraction), text: `${all.length} points` }),
          }
          shown.show({})
          const answer = await askAndShow(asker, { method: 'POST', path, headers, body: csvOfPoints(some) }, shown)
          write(join(new TextDecoder().decode(answer.body)))
        }
        if (format === 'json') write('\n]\n')
      }
    })

function queryOf(flags: Flags, format: Format): string {
  const query = {
    parcellation_id: flags.parcellation,
    space_id: flags.space,
    assignment_type: flags.type,
    sigma_mm: flags.sigma,
    point_space_id: flags.pointSpace,
    level: flags.level,
    summary: flags.summary,
    format: format === 'json' ? 'ndjson' : format,
  }
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return new URLSearchParams(given).toString()
}

function formatOf({ format, json, out }: Flags): Format {
  if (json && format !== undefined && format !== 'json')
    throw new CliError(EXIT.usage, 'INVALID_PARAMETER', `--json and --format ${format} exclude each other`)
  if (json) return 'json'
  if (format !== undefined) return format as Format
  const ending = out?.slice(out.lastIndexOf('.') + 1)
  return FORMATS.find((one) => one === ending) ?? 'csv'
}

/**
 * Makes of the tables of all requests, in their order, one: with one header, and without pandas' numbers of the rows, which
 * begin anew in each. The end of JSON is left to who knows that it is there.
 */
function createJoiner(format: Format): (part: string) => string {
  let isBegun = false
  let hasRows = false
  const sign = format === 'csv' ? ',' : '\t'
  return (part) => {
    const [isFirst, isMore] = [!isBegun, hasRows]
    const lines = part.split('\n').filter((line) => line !== '')
    isBegun = true
    hasRows ||= lines.length > 0
    if (format === 'ndjson') return lines.map((line) => `${line}\n`).join('')
    if (format === 'json') return (isFirst ? '[\n' : isMore && lines.length > 0 ? ',\n' : '') + lines.join(',\n')
    return (isFirst ? lines : lines.slice(1)).map((row) => `${row.slice(row.indexOf(sign) + 1)}\n`).join('')
  }
}
