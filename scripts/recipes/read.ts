/** The recipes of docs/cookbook/: code in several languages, and what it prints. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const LANGUAGES = ['sh', 'js', 'python'] as const
export type Language = (typeof LANGUAGES)[number]

export interface Recipe {
  /** As `docs/cookbook/maps.md: A slice`. */
  name: string
  code: Partial<Record<Language, string>>
  /** What it prints: of a language whose block says so (`text sh`), and of the others. */
  output: Partial<Record<Language | 'any', string>>
}

const FOLDER = 'docs/cookbook'

export const recipePages = (): string[] =>
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(FOLDER, name))

/** Every chapter of a page that has code. */
export function readRecipes(page: string): Recipe[] {
  const chapters = readFileSync(page, 'utf8').split(/^##+ /m).slice(1)
  return chapters.flatMap((chapter) => {
    const title = chapter.split('\n', 1)[0] as string
    const recipe: Recipe = { name: `${page}: ${title}`, code: {}, output: {} }
    for (const [, kind = '', only, text = ''] of chapter.matchAll(/^```(\w+)(?: (\w+))?\n([\s\S]*?)^```$/gm)) {
      if (kind === 'text') recipe.output[(only ?? 'any') as Language | 'any'] = text
      else if (isLanguage(kind)) recipe.code[kind] = text
    }
    return Object.keys(recipe.code).length === 0 ? [] : [recipe]
  })
}

/** What code of a language is to print. */
export const expectedOutput = ({ output }: Recipe, language: Language): string => output[language] ?? output.any ?? ''

const isLanguage = (name: string): name is Language => (LANGUAGES as readonly string[]).includes(name)
