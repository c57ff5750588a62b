import { describe, expect, it } from 'vitest'
import { setUpBrowser, visit } from './browser.ts'

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
    await page.locator('.opblock').first().waitFor()
    await screenshot(`docs${path.replaceAll('/', '-')}`)
    expect(problems).toEqual([])
    const document = (await setup.app.get(path.replace('docs', 'openapi.json'))).json<{ paths: object }>()
    // a path has a block for each of its methods; they are drawn one after the other
    const isOperation = (member: object) => 'operationId' in member
    const operations = Object.values(document.paths).flatMap((path) =>
      Object.values(path as object).filter(isOperation),
    )
    const methods = operations.length
    await expect.poll(() => page.locator('.opblock').count(), { timeout: 120_000 }).toBe(methods)
  })

  it('lets a visitor try a route in the documentation', async () => {
    const { page, problems, screenshot } = await visit(setup.browser, setup.baseUrl, '/v3_0/docs')
    const atlases = page.locator('.opblock', { has: page.locator('[data-path="/atlases"]') }).first()
    await atlases.locator('.opblock-summary').click()
    await atlases.getByRole('button', { name: 'Execute' }).click()
    await atlases.locator('.live-responses-table').waitFor()
    await screenshot('docs-try')
    expect(await atlases.locator('.live-responses-table').textContent()).toContain('Demo Harbour Atlas')
    expect(problems).toEqual([])
  })
})
