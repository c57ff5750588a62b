/** Runs recipes as a reader does who pastes them, each by itself; one process for all of a language, as starting takes longer. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import type { Language, Recipe } from './read.ts'

/** What pages of the documentation say for the service. */
const DOCUMENTED = 'http://127.0.0.1:5000'
const TIMEOUT_MS = 300_000
/** Stands in what code has printed that ended with an error. */
export const FAILED = 'FAILED: '

export interface RunOptions {
  /** Address of the service, as `http://127.0.0.1:5000`. */
  base: string
  /** The Python to run recipes with: requests, pandas and nibabel have to be there. */
  python?: string
}

/** Runs the code of a language of all recipes that have some; gives what each prints, errors included. */
export async function runRecipes(
  recipes: readonly Recipe[],
  language: Language,
  { base, python = 'python3' }: RunOptions,
): Promise<Map<Recipe, string>> {
  const some = recipes.filter(({ code }) => code[language] !== undefined)
  // within the clone, so that modules find its packages
  mkdirSync('.cache', { recursive: true })
  const folder = mkdtempSync(join('.cache', 'recipes-'))
  try {
    const files = some.map(({ code }, index) => {
      const file = join(folder, `${index}.${language === 'js' ? 'mjs' : language}`)
      writeFileSync(file, (code[language] as string).replaceAll(DOCUMENTED, base))
      return file
    })
    const prints = await RUNNERS[language](folder, files, python)
    return new Map(some.map((recipe, index) => [recipe, endingLines(prints[index] ?? '')]))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Answers without a last newline are shown with one. */
const endingLines = (text: string) => (text.endsWith('\n') ? text : `${text}\n`)

type Runner = (folder: string, files: readonly string[], python: string) => Promise<string[]>

const RUNNERS: Record<Language, Runner> = {
  // several write a file of the same name: each has a folder of its own
  sh: (folder, files) =>
    Promise.all(
      files.map((_, index) => {
        const own = join(folder, String(index))
        mkdirSync(own)
        return execute('bash', ['-eu', `../${index}.sh`], own)
      }),
    ),
  js: async (folder, files) => {
    const outdir = join(folder, 'built')
    await build({
      entryPoints: [...files],
      outdir,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      conditions: ['@siibra-api/source'],
      logLevel: 'error',
    })
    writeFileSync(join(folder, 'all.mjs'), ALL_JS)
    const modules = files.map((_, index) => `./built/${index}.mjs`)
    return collect(folder, () => execute(process.execPath, ['all.mjs', ...modules], folder))
  },
  python: async (folder, files, python) => {
    writeFileSync(join(folder, 'all.py'), ALL_PYTHON)
    const names = files.map((_, index) => `${index}.python`)
    return collect(folder, () => execute(python, ['all.py', ...names], folder))
  },
}

/** Both programs write what each recipe printed, as a list. */
const ALL_JS = `import { writeFileSync } from 'node:fs'
import { format } from 'node:util'
const prints = []
for (const module of process.argv.slice(2)) {
  let printed = ''
  console.log = (...values) => { printed += format(...values) + '\\n' }
  await import(module).catch((error) => { printed += '${FAILED}' + error.stack + '\\n' })
  prints.push(printed)
}
writeFileSync('prints.json', JSON.stringify(prints))
`
const ALL_PYTHON = `import contextlib, io, json, sys, traceback
prints = []
for name in sys.argv[1:]:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            exec(compile(open(name).read(), name, "exec"), {"__name__": "__main__"})
        except Exception:
            printed.write("${FAILED}" + traceback.format_exc())
    prints.append(printed.getvalue())
json.dump(prints, open("prints.json", "w"))
`

async function collect(folder: string, run: () => Promise<string>): Promise<string[]> {
  const said = await run()
  try {
    return JSON.parse(readFileSync(join(folder, 'prints.json'), 'utf8'))
  } catch {
    throw new Error(`The recipes did not run: ${said}`)
  }
}

/** What a command writes; an error is part of it. */
async function execute(command: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    return (await promisify(execFile)(command, args, { cwd, timeout: TIMEOUT_MS, maxBuffer: 2 ** 26 })).stdout
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string }
    return `${stdout}${FAILED}${stderr}${message}`
  }
}
