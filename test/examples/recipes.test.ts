/** The recipes of docs/cookbook/, run as they stand against the demo atlas. Those in Python are run by .ci/run (scripts/recipes.ts). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectedOutput, readRecipes, recipePages } from '../../scripts/recipes/read.ts'
import { runRecipes } from '../../scripts/recipes/run.ts'
import { startTestApp, type TestApp } from '../app.ts'

const recipes = recipePages().flatMap(readRecipes)

let app: TestApp
let base: string
beforeAll(async () => {
  app = await startTestApp()
  base = await app.listen()
})
afterAll(() => app.close())

describe('the recipes', () => {
  it('are there in every language that is run', () => {
    expect(recipes.length).toBeGreaterThan(50)
    for (const { name, code } of recipes)
      expect([name, ...Object.keys(code).sort()]).toEqual([name, 'js', 'python', 'sh'])
  })

  it.each(['sh', 'js'] as const)('print what the page says: %s', async (language) => {
    const prints = await runRecipes(recipes, language, { base })
    for (const [recipe, printed] of prints) expect.soft(printed, recipe.name).toBe(expectedOutput(recipe, language))
  })
})
