import { writeFileSync } from 'node:fs'
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
        const table = await assignAll(points)
        progress.end()
        if (flags.out === undefined) stdout.write(table)
        else {
          writeFileSync(flags.out, table)
          stderr.write(`${flags.out}: ${points.length} points\n`)
        }
      } finally {
        progress.end()
        await asker.close()
      }

      async function assignAll(all: typeof points): Promise<string> {
        const { askAndShow } = await import('./asking/follow.ts')
        const { csvOfPoints } = await import('./asking/points-file.ts')
        const path = `/v3_0/map/assign?${queryOf(flags, format)}`
        const atOnce = flags.summary === undefined ? POINTS_AT_ONCE : all.length
        const parts: string[] = []
        for (let from = 0; from === 0 || from < all.length; from += atOnce) {
          const some = all.slice(from, from + atOnce)
          const share = (within: number) => (from + within * some.length) / Math.max(1, all.length)
          const shown: Progress = {
            ...progress,
            show: ({ fraction = 0 }) => progress.show({ fraction: share(fraction), text: `${all.length} points` }),
          }
          shown.show({})
          const headers = { 'content-type': 'text/csv' }
          const answer = await askAndShow(asker, { method: 'POST', path, headers, body: csvOfPoints(some) }, shown)
          parts.push(new TextDecoder().decode(answer.body))
        }
        return joinParts(parts, format)
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

/** The tables of all requests as one: with one header, and without pandas' numbers of the rows, which begin anew in each. */
function joinParts(parts: readonly string[], format: Format): string {
  const lines = parts.map((part) => part.split('\n').filter((line) => line !== ''))
  if (format === 'ndjson') return `${lines.flat().join('\n')}\n`
  if (format === 'json') return `[\n${lines.flat().join(',\n')}\n]\n`
  const sign = format === 'csv' ? ',' : '\t'
  const rows = lines.flatMap((own, at) => (at === 0 ? own : own.slice(1)))
  return `${rows.map((row) => row.slice(row.indexOf(sign) + 1)).join('\n')}\n`
}
