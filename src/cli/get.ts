import { readFileSync, writeFileSync } from 'node:fs'
import { Command } from 'commander'
import type { Answered } from './asking/asker.ts'
import { CliError, EXIT } from './exit-codes.ts'
import { createProgress } from './progress.ts'
import type { CliContext, Word } from './word.ts'

interface Flags {
  url?: string
  param?: string[]
  format?: string
  accept?: string
  data?: string
  out?: string
  json?: boolean
}

const EXAMPLES = `
Examples:
  siibra-api get /atlases
  siibra-api get /regions -p parcellation_id="Julich 3" -p find=hoc1 --format csv
  siibra-api get /map/labelled_map.nii.gz -p parcellation_id="Julich 3" -p space_id="mni 152" -o map.nii.gz
  siibra-api get /map/values -p parcellation_id=... -p space_id=... --data activation.nii.gz --format csv
  siibra-api get /atlases --url http://127.0.0.1:5000 --json | jq -r '.items[].name'

Without --url no service is needed: this command loads the atlas of the environment (SIIBRA_USE_CONFIGURATION) and answers itself.
The paths are those of the documentation (/v3_0/docs of a service; docs/http.md). Exit codes: docs/command-line.md`

/** `siibra-api get`: the answer of one route, from a service or without one. */
export const get: Word = (context) =>
  new Command('get')
    .description('prints what a route answers: of a service that runs, or of the atlas of this environment')
    .argument('<path>', 'below the version, such as /atlases; parameters may stand behind it or come by -p')
    .option('-p, --param <name=value>', 'a parameter of the query; may be repeated', collect)
    .option(
      '-f, --format <form>',
      'form of the answer, where the route has several: csv, tsv, arrow, ndjson, bibtex, csl',
    )
    .option('--accept <type>', 'header Accept; text/x-sapi-python prints the code for siibra-python instead')
    .option('-d, --data <file>', 'sends this file as the body of a POST; - is standard input')
    .option('-o, --out <file>', 'writes the answer to this file')
    .option('--url <address>', 'of a service that runs; without, this process answers')
    .option('--json', 'prints JSON as it came, in one line, and errors as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, flags: Flags) => {
      const [{ openAsker }, { askAndShow }] = await Promise.all([
        import('./asking/asker.ts'),
        import('./asking/follow.ts'),
      ])
      const { stderr, config } = context
      const progress = createProgress(context)
      const body = flags.data === undefined ? undefined : readBody(flags.data)
      const asker = await openAsker({ url: flags.url, config, tell: (message) => stderr.write(`${message}\n`) })
      try {
        const answer = await askAndShow(
          asker,
          {
            path: withQuery(path, flags),
            headers: {
              ...(flags.accept && { accept: flags.accept }),
              ...(flags.data !== undefined && { 'content-type': mediaTypeOf(flags.data) }),
            },
            ...(body && { method: 'POST' as const, body }),
          },
          progress,
        )
        progress.end()
        write(answer, flags, context)
      } finally {
        progress.end()
        await asker.close()
      }
    })

const collect = (value: string, before: string[] = []): string[] => [...before, value]

/** Path and query, with the newest version before it where none is named. */
function withQuery(path: string, { param = [], format }: Flags): string {
  const rooted = path.startsWith('/') ? path : `/${path}`
  const whole = /^\/(v\d_0|v1)\//.test(rooted) ? rooted : `/v3_0${rooted}`
  const pairs = param.map((pair) => {
    const at = pair.indexOf('=')
    if (at < 1) throw new CliError(EXIT.usage, 'INVALID_PARAMETER', `-p ${pair}: a parameter is name=value`)
    return [pair.slice(0, at), pair.slice(at + 1)] as const
  })
  if (format !== undefined) pairs.push(['format', format])
  const query = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')
  return query === '' ? whole : `${whole}${whole.includes('?') ? '&' : '?'}${query}`
}

export function readBody(file: string): Uint8Array {
  try {
    return readFileSync(file === '-' ? 0 : file)
  } catch (thrown) {
    throw new CliError(EXIT.usage, 'INVALID_PARAMETER', `${file}: ${(thrown as Error).message}`, { cause: thrown })
  }
}

/** By the ending of a file's name; what is piped in is taken for JSON. */
function mediaTypeOf(file: string): string {
  if (file === '-' || file.endsWith('.json')) return 'application/json'
  return file.endsWith('.csv') ? 'text/csv' : 'application/octet-stream'
}

function write({ headers, body }: Answered, { out, json }: Flags, { stdout, stderr }: CliContext): void {
  const type = String(headers['content-type'] ?? '')
  if (out !== undefined) {
    writeFileSync(out, body)
    stderr.write(`${out}: ${body.length} bytes (${type})\n`)
    return
  }
  const isText = /^(text\/|image\/svg|application\/(json|x-ndjson|xml|.*\+(json|xml)|x-bibtex))/.test(type)
  if (!isText) {
    if (stdout.isTTY)
      throw new CliError(
        EXIT.usage,
        'INVALID_PARAMETER',
        `The answer is ${body.length} bytes of ${type}: name a file by --out`,
      )
    stdout.write(body)
    return
  }
  const text = new TextDecoder().decode(body)
  const shown = /^application\/json/.test(type) && !json ? JSON.stringify(JSON.parse(text), null, 2) : text
  stdout.write(shown.endsWith('\n') ? shown : `${shown}\n`)
}
