import { describe, expect, it } from 'vitest'
import { setUpBrowser, visit } from './browser.ts'

const setup = setUpBrowser()
const REGION = 'Area B1 (Bow) left'

describe('the page with the brain', { timeout: 600_000 }, () => {
  it('shows what is served, finds a region, and says how it was asked for', async () => {
    const { page, problems, screenshot } = await visit(setup.browser, setup.baseUrl, '/')
    await page.getByRole('treeitem').first().waitFor()
    expect(await page.title()).toContain('Demo Harbour Parcellation')

    await page.getByRole('combobox', { name: 'Find a region' }).fill('b1 bow l')
    await page.getByRole('option', { name: REGION }).first().waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: REGION }).waitFor()
    await page.getByText(/Centre/).waitFor()
    expect(new URL(page.url()).searchParams.get('region')).toBe(REGION)

    await page.getByRole('button', { name: 'How?' }).first().click()
    const code = await page.getByRole('dialog').locator('pre').textContent()
    expect(code).toMatch(/^curl '.*\/v3_0\/regions\/Area%20B1/)
    await screenshot('atlas-page')
    expect(problems).toEqual([])
  })

  it('opens the address of a data set with its plot', async () => {
    const { page, problems, screenshot } = await visit(
      setup.browser,
      setup.baseUrl,
      `/?region=${encodeURIComponent(REGION)}`,
    )
    await page.getByText(/^molecular/).click()
    await page.getByRole('button', { name: /ReceptorDensityFingerprint/ }).click()
    await page
      .getByRole('img', { name: /Plot of/ })
      .locator('svg')
      .first()
      .waitFor()
    await screenshot('atlas-page-feature')
    expect(problems).toEqual([])
  })

  it('tells programs what a shared address shows', async () => {
    const { bytes } = await setup.app.get(`/?region=${encodeURIComponent('<b> "x"')}`)
    expect(Buffer.from(bytes).toString()).toContain(
      '<meta property="og:title" content="&#60;b&#62; &#34;x&#34; · siibra">',
    )
  })
})
