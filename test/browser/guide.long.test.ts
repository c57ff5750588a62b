/** The guide (`docs/` as `npm run build` makes it) in a real browser: links, diagrams, search, both themes, a phone. */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { setUpBrowser, visit } from './browser.ts'

const setup = setUpBrowser()
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8')
/** Tables, and diagrams. */
const PAGES = ['/guide/cookbook', '/guide/architecture']

describe.skipIf(!existsSync('dist/guide/index.html'))('the guide', { timeout: 180_000 }, () => {
  it.each(PAGES)('%s has no problem, in both themes', async (path) => {
    const { page, problems, screenshot } = await visit(setup.browser, setup.baseUrl, path)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.waitForTimeout(300)
      await page.evaluate(axe)
      const { violations } = await page.evaluate(() =>
        (
          globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; impact: string }[] }> } }
        ).axe.run(),
      )
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      expect(serious.map(({ id }) => id)).toEqual([])
      await screenshot(`guide${path.replaceAll('/', '-')}-${colorScheme}`)
    }
    await page.setViewportSize({ width: 390, height: 800 })
    // a page that is wider than a phone has to be moved sideways
    expect(await page.locator('html').evaluate((html) => html.scrollWidth)).toBeLessThanOrEqual(390)
    expect(problems).toEqual([])
    await page.close()
  })

  it('draws its diagrams', async () => {
    const { page, problems } = await visit(setup.browser, setup.baseUrl, '/guide/architecture')
    const count = readFileSync('docs/architecture.md', 'utf8').split('```mermaid').length - 1
    await expect.poll(() => page.locator('.diagram svg').count(), { timeout: 20_000 }).toBe(count)
    expect(problems).toEqual([])
    await page.close()
  })

  it('finds words', async () => {
    const { page, problems } = await visit(setup.browser, setup.baseUrl, '/guide/')
    await page.keyboard.press('/')
    await page.locator('.VPLocalSearchBox input').fill('mirror')
    await page.locator('.VPLocalSearchBox .result').first().waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(/guide\/.+/)
    expect(problems).toEqual([])
    await page.close()
  })
})
