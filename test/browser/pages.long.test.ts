import axe from 'axe-core'
import { describe, expect, it } from 'vitest'
import { setUpBrowser, visit } from './browser.ts'

interface Document {
  paths: Record<string, Record<string, { operationId?: string; summary: string }>>
}

/** The first route: what is not looked at is not drawn. */
const FIRST = '#tag/atlas/GET/atlases'

const setup = setUpBrowser()

describe('pages in a browser that reaches nothing but the service', { timeout: 180_000 }, () => {
  it('shows examples of requests, whose links lead somewhere', async () => {
    const { page, problems, screenshot } = await visit(setup.browser, setup.baseUrl, '/examples')
    await screenshot('examples')
    expect(problems).toEqual([])
    expect(await page.title()).toContain('siibra-api')
    const links = await page.locator('a').evaluateAll((all) => all.map((link) => link.getAttribute('href')!))
    expect(links.length).toBeGreaterThan(3)
    for (const link of links) expect((await setup.app.get(link)).status, link).toBe(200)
  })

  it('shows how the service is doing, live', async () => {
    await setup.app.get('/v3_0/atlases')
    const { page, problems, screenshot } = await visit(setup.browser, setup.baseUrl, '/status')
    await page.locator('#queues tr').first().waitFor()
    await screenshot('status')
    expect(problems).toEqual([])
    expect(await page.locator('#classes').textContent()).toContain('critical')
    expect(await page.locator('#queues tr').count()).toBe(4)
    expect(await page.locator('#phase').textContent()).toBe('ready')
  })

  it.each(['/v3_0/docs', '/v1_0/docs'])('shows the documentation at %s with every route', async (path) => {
    const { page, problems, screenshot } = await visit(setup.browser, setup.baseUrl, path)
    await page
      .getByRole('button', { name: /^(Open|Close) Group/ })
      .first()
      .waitFor()
    await screenshot(`docs${path.replaceAll('/', '-')}`)
    expect(problems).toEqual([])
    // chapters list their routes once they are opened
    const closed = page.getByRole('button', { name: /^Open Group/ })
    while ((await closed.count()) > 0) await closed.first().click()
    const listed = (await page.locator('aside, nav').allInnerTexts()).join(' ').replace(/\s+/g, ' ')
    const document = (await setup.app.get(path.replace('docs', 'openapi.json'))).json<Document>()
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path))
    const missing = operations.filter(({ operationId, summary }) => operationId && !listed.includes(summary))
    expect(missing.map(({ summary }) => summary)).toEqual([])
    await page.close()
  })

  it('lets a visitor try a route in the documentation', async () => {
    const { page, problems, screenshot } = await visit(setup.browser, setup.baseUrl, `/v3_0/docs${FIRST}`)
    await page
      .getByRole('button', { name: /Test Request/ })
      .first()
      .click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: /^Send/ }).first().click()
    await dialog.getByText('Demo Harbour Atlas').first().waitFor()
    await screenshot('docs-try')
    expect(problems).toEqual([])
    await page.close()
  })

  it('lets the keyboard follow the routes that a chapter lists', async () => {
    const { page } = await visit(setup.browser, setup.baseUrl, `/v3_0/docs${FIRST}`)
    const link = page.getByRole('link', { name: '/atlases/{atlas_id}' }).first()
    await link.focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/GET\/atlases\/\{atlas_id\}/)
    await page.close()
  })

  it('is usable by people with other eyes, in both themes', async () => {
    const { page } = await visit(setup.browser, setup.baseUrl, `/v3_0/docs${FIRST}`)
    await page
      .getByRole('button', { name: /Test Request/ })
      .first()
      .waitFor()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.waitForTimeout(1000)
      await page.evaluate(axe.source)
      const { violations } = await page.evaluate(() =>
        (globalThis as unknown as { axe: typeof axe }).axe.run({ runOnly: ['wcag2a', 'wcag2aa'] }),
      )
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      expect(serious.map(({ id, nodes }) => [id, nodes[0]?.target])).toEqual([])
    }
    await page.close()
  })

  it('sends points and images by a click', async () => {
    const { page, problems, screenshot } = await visit(setup.browser, setup.baseUrl, '/examples')
    for (const button of await page.locator('button[data-url]').all()) {
      await button.click()
      await expect.poll(() => page.locator('#answer').textContent()).toMatch(/\n200\n/)
    }
    await screenshot('examples-sent')
    expect(problems).toEqual([])
    await page.close()
  })
})
