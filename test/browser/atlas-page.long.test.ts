import { readFileSync } from 'node:fs'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { setUpBrowser, type Visit, visit } from './browser.ts'

const setup = setUpBrowser()
const REGION = 'Area B1 (Bow) left'
const PARCELLATION = 'siibra-api/demo/parcellation/harbour-2'
const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } }
const SPACE = 'siibra-api/demo/space/harbour-mean'

/** One page for what somebody does one after the other: starting the viewer without a graphics card takes a second or two. */
let visited: Visit
let page: Page

const tab = (name: string) => page.getByRole('tab', { name })
const param = (name: string) => new URL(page.url()).searchParams.get(name)
const canvas = () => page.locator('canvas[data-ready=true]')

async function drop(name: string, content: Buffer | string) {
  await tab('Your data').click()
  await page
    .getByLabel('Image or table')
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) })
}

/** A place in the axial plane, the left lower one, in the front of the brain and left of its middle. */
async function inBow() {
  const box = await canvas().boundingBox()
  if (!box) throw new Error('the canvas is not shown')
  return { x: box.width * 0.185, y: box.height * 0.56 }
}

describe('the page with the brain', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    if (!setup.browser) return
    visited = await visit(setup.browser, setup.baseUrl, '/', { viewport: SIZES.desktop })
    page = visited.page
  }, 60_000)

  it('draws the brain', async () => {
    await canvas().waitFor()
    expect(await page.title()).toContain('Demo Harbour Parcellation')
    expect(await visited.coloursOf(canvas())).toBeGreaterThan(100)
  })

  it('reads the region under the pointer, with its parent and its probability', async () => {
    await canvas().hover({ position: await inBow() })
    const tip = page.locator('.tip')
    await tip.getByText(/probability 0\.\d\d/).waitFor()
    expect(await tip.textContent()).toMatch(/^Area B1 \(Bow\) leftArea B1 \(Bow\)/)
  })

  it('chooses the region that is clicked, and the point', async () => {
    await canvas().click({ position: await inBow() })
    await page.getByRole('heading', { name: REGION, level: 2 }).waitFor()
    await page.getByText(/cm³/).waitFor()
    expect(param('region')).toBe(REGION)
    expect(param('point')).toMatch(/^-?[\d.]+,-?[\d.]+,-?[\d.]+$/)
    await page.getByText(`Probability of ${REGION}`).waitFor()
    await page.keyboard.press('Escape')
    expect(param('region')).toBeNull()
  })

  it('finds a region while one types, and goes through the tree by keys', async () => {
    await page.getByRole('combobox', { name: 'Find a region' }).fill('b1 bow l')
    await page.getByRole('option', { name: REGION }).first().waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: REGION, level: 2 }).waitFor()
    const chosen = page.getByRole('treeitem', { name: REGION })
    await chosen.focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Area B1 (Bow) right', level: 2 }).waitFor()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    expect(param('region')).toBe(REGION)
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    await chosen.waitFor({ state: 'detached' })
  })

  it('offers files that can be had', async () => {
    await page.getByRole('heading', { name: REGION, level: 2 }).waitFor()
    const links: string[] = await page.evaluate(
      "[...document.querySelectorAll('.downloads a')].map(({ href }) => href)",
    )
    expect(links).toHaveLength(6)
    for (const link of links) {
      const answer = await page.request.get(link)
      expect([link, answer.status()]).toEqual([link, 200])
      expect((await answer.body()).length).toBeGreaterThan(20)
    }
  })

  it('opens a data set with its plot and its table', async () => {
    await page.getByText(/^Receptor Density Fingerprint/).click()
    await page
      .getByRole('button', { name: /receptor/i })
      .first()
      .click()
    await page.locator('.plot svg').first().waitFor()
    await page.getByRole('region', { name: /Table of Receptor/ }).waitFor()
    await visited.screenshot('atlas-page-feature')
    await page.keyboard.press('Escape')
    await page.getByText(/^Streamline Counts/).click()
    await page.getByRole('button', { name: /^StreamlineCounts/ }).click()
    await page.getByRole('button', { name: 'Draw as colours of the regions' }).click()
    await page.getByRole('button', { name: `Remove StreamlineCounts with ${REGION}` }).click()
    await page.keyboard.press('Escape')
  })

  it('says how each view was asked for', async () => {
    await page.getByRole('button', { name: `How to get the region ${REGION}` }).click()
    const dialog = page.getByRole('dialog')
    const code = async () => (await dialog.locator('pre').textContent()) ?? ''
    expect(await code()).toMatch(/^curl '.*\/v3_0\/regions\/Area%20B1/)
    for (const [language, start] of [
      ['Python', 'import requests'],
      ['JavaScript', 'const response = await fetch('],
      ['R', 'library(httr2)'],
      ['siibra-python', '# pip install siibra'],
    ] as const) {
      await dialog.getByRole('tab', { name: language, exact: true }).click()
      expect(await code()).toContain(start)
    }
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  it('assigns a point that is typed, with its uncertainty', async () => {
    await tab('Point').click()
    const field = page.getByLabel(/^Coordinates/)
    await field.fill('1 2')
    await page.getByText('Three numbers are needed').waitFor()
    await field.fill('-14, 48, -5')
    await field.press('Enter')
    await page.getByRole('cell', { name: REGION }).waitFor()
    await page.getByLabel(/^Uncertainty/).fill('20')
    await page.getByRole('columnheader', { name: 'Correlation' }).waitFor()
    expect([param('point'), param('sigma'), param('pane')]).toEqual(['-14,48,-5', '20', 'point'])
  })

  it('assigns points of a file, and says why a file is of no use', async () => {
    await drop('notes.pdf', 'nothing')
    await page.getByText('notes.pdf is neither an image').waitFor()
    await drop('points.csv', 'x,y,z\n-14,48,-5\n14,48,-5\n1,2,\n')
    await page.getByText(/2 points in the coordinates of .*1 rows without/).waitFor()
    await page.getByRole('button', { name: 'Assign points', exact: true }).click()
    await page.getByRole('cell', { name: 'Area B1 (Bow) right', exact: true }).waitFor()
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save as CSV' }).click()
    expect(readFileSync(await (await saved).path(), 'utf8')).toMatch(/^,.*region.*\n0,.*Area B1 \(Bow\) left/)
  })

  it('draws values by region, with a legend, and gives them back as an image', async () => {
    await drop('values.csv', `region;thickness\n${REGION};2,5\narea b1 bow right;1\nSomewhere;3\n`)
    await page.getByText('2 regions are drawn').waitFor()
    await page.getByText('Not known here: Somewhere').waitFor()
    await page.locator('.legend').getByText('thickness').waitFor()
    await page.getByRole('button', { name: 'How to get save as nifti' }).click()
    expect(await page.getByRole('dialog').locator('pre').textContent()).toContain('values.csv')
    await page.keyboard.press('Escape')
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save as NIfTI', exact: true }).click()
    expect(readFileSync(await (await saved).path()).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]))
    await page.getByRole('button', { name: 'Remove thickness' }).click()
  })

  it('takes an image: its regions, its clusters, its values as colours', async () => {
    const query = new URLSearchParams({ parcellation_id: PARCELLATION, space_id: SPACE, region_id: REGION })
    const { bytes } = await setup.app.get(`/v3_0/map/statistical_map.nii.gz?${query}`)
    await drop('mine.nii.gz', Buffer.from(bytes))
    await page.locator('.legend').getByText('mine.nii.gz').waitFor()
    await page.getByRole('button', { name: 'Find regions', exact: true }).click()
    await page.getByRole('cell', { name: REGION, exact: true }).first().waitFor()
    await page.getByText('Clusters', { exact: true }).click()
    await page.getByLabel('Voxels count above').fill('0.5')
    await page.getByRole('button', { name: 'Find clusters', exact: true }).click()
    await page.getByRole('columnheader', { name: 'peak_value' }).waitFor()
    await page.getByText('Values', { exact: true }).click()
    await page.getByRole('button', { name: 'Find values', exact: true }).click()
    await page.getByRole('button', { name: 'Draw as colours' }).click()
    await page.locator('.legend').nth(1).waitFor()
    await visited.screenshot('atlas-page-image')
  })

  it('ends what takes long by a button, the task of the service as well', async () => {
    const ended: string[] = []
    page.on('request', (request) => request.method() === 'DELETE' && ended.push(request.url()))
    await page.route('**/v3_0/tasks/*', (route) =>
      route.request().method() === 'GET'
        ? route.fulfill({ json: { task_id: 'x', status: 'STARTED', progress: 40, doing: 'reading', detail: null } })
        : route.continue(),
    )
    await page.getByRole('button', { name: 'Find values', exact: true }).click()
    await page.getByText('Find values: reading').waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByRole('button', { name: 'Find values', exact: true }).waitFor()
    await page.unroute('**/v3_0/tasks/*')
    await expect.poll(() => ended).toHaveLength(1)
  })

  it('shows spaces that have surfaces alone', async () => {
    await page.getByLabel('Space').selectOption({ label: 'Demo surface' })
    await canvas().waitFor()
    expect(await visited.coloursOf(canvas())).toBeGreaterThan(100)
    await canvas().click()
    await tab('Details').click()
    await page.getByRole('heading', { name: /^Area/, level: 2 }).waitFor()
    await visited.screenshot('atlas-page-surface')
  })

  it('had no error, and asked nobody else', () => {
    expect(visited.problems).toEqual([])
  })
})

describe('the page with the brain, for everybody', { timeout: 60_000 }, () => {
  for (const [name, colorScheme] of [
    ['desktop', 'light'],
    ['phone', 'dark'],
  ] as const)
    it(`has no serious finding of axe: ${name}, ${colorScheme}`, async () => {
      const { page, problems, screenshot } = await visit(
        setup.browser,
        setup.baseUrl,
        `/?region=${encodeURIComponent(REGION)}`,
        { viewport: SIZES[name], colorScheme },
      )
      await page.getByRole('heading', { name: 'Downloads' }).waitFor()
      const findings = await serious(page, 'body')
      for (const pane of ['Point', 'Your data']) {
        await page.getByRole('tab', { name: pane }).click()
        findings.push(...(await serious(page, 'aside')))
      }
      expect(findings).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
      await screenshot(`atlas-page-${name}-${colorScheme}`)
      expect(problems).toEqual([])
      await page.close()
    })

  it('tells programs what a shared address shows', async () => {
    const { bytes } = await setup.app.get(`/?region=${encodeURIComponent('<b> "x"')}`)
    expect(Buffer.from(bytes).toString()).toContain(
      '<meta property="og:title" content="&#60;b&#62; &#34;x&#34; · siibra">',
    )
  })
})

/** What axe finds that keeps somebody from using the page. */
async function serious(page: Page, part: string): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<{ violations: AxeFinding[] }>(
    `axe.run('${part}', { resultTypes: ['violations'] })`,
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

interface AxeFinding {
  id: string
  impact: string
  nodes: { html: string }[]
}
