#!/usr/bin/env tsx
/**
 * Runs the recipes of docs/cookbook/ against the demo atlas, served by the built program, and compares what they print with the page.
 *
 *   npm run build && npx tsx scripts/recipes.ts [--only sh,js,python] [--python PATH] [--write] [part of a recipe's name]
 *
 * Without --python a virtual environment is made in .cache/ with requests, pandas and nibabel; where that cannot be had, Python is
 * skipped, and said to be. --write puts what they print into the pages instead of comparing (look at the diff). Status 1 where one differs.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { expectedOutput, LANGUAGES, type Language, type Recipe, readRecipes, recipePages } from './recipes/read.ts'
import { FAILED, runRecipes } from './recipes/run.ts'
import { serveDemo } from './serve-demo.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, python: { type: 'string' }, write: { type: 'boolean' } },
})
const [part = ''] = positionals
const recipes = recipePages()
  .flatMap(readRecipes)
  .filter(({ name }) => name.includes(part))
const languages = (values.only?.split(',') ?? LANGUAGES) as Language[]
let [passed, failed] = [0, 0]

const cache = mkdtempSync(join(tmpdir(), 'siibra-api-recipes-'))
const { base, stop } = await serveDemo(cache)
try {
  for (const language of languages) await tryAll(language)
} finally {
  await stop()
  rmSync(cache, { recursive: true, force: true })
}
console.log(`recipes: ${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

async function tryAll(language: Language): Promise<void> {
  const python = language === 'python' ? (values.python ?? findPython()) : undefined
  if (language === 'python' && python === undefined) return
  const prints = await runRecipes(recipes, language, { base, ...(python === undefined ? {} : { python }) })
  for (const [recipe, printed] of prints) {
    if (values.write && !printed.includes(FAILED)) write(recipe, language, printed)
    const expected = expectedOutput(recipe, language)
    if (printed === expected) passed++
    else {
      failed++
      console.log(`-- ${recipe.name} (${language}) prints\n${printed}-- instead of\n${expected}`)
    }
  }
}

/** Puts what was printed into the block of that language, or of all. */
function write(recipe: Recipe, language: Language, printed: string): void {
  const [page, title] = recipe.name.split(': ', 2) as [string, string]
  const kind = recipe.output[language] === undefined ? 'text' : `text ${language}`
  const text = readFileSync(page, 'utf8')
  const from = text.search(new RegExp(`^##+ ${title.replace(/[.*+?^$()[\]{}|\\]/g, '\\$&')}$`, 'm'))
  const at = text.indexOf(`\n\`\`\`${kind}\n`, from)
  if (at < 0) return
  const start = at + kind.length + 5
  writeFileSync(page, text.slice(0, start) + printed + text.slice(text.indexOf('```', start)))
  recipe.output[kind === 'text' ? 'any' : language] = printed
}

function findPython(): string | undefined {
  const folder = join('.cache', 'recipes-venv')
  const python = join(process.cwd(), folder, 'bin/python')
  if (existsSync(python)) return python
  for (const [command, ...args] of [
    ['python3', '-m', 'venv', folder],
    [python, '-m', 'pip', 'install', '--quiet', '--no-compile', 'requests', 'pandas', 'nibabel'],
  ] as [string, ...string[]][]) {
    const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
    if (status === 0) continue
    console.log(`SKIPPED: recipes in Python (${command} ${args.join(' ')}: ${stderr.trim().split('\n').at(-1)})`)
    rmSync(folder, { recursive: true, force: true })
    return undefined
  }
  return python
}
