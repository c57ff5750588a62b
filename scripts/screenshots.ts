/**
 * Pictures of the page for the documentation, on the demo atlas: `npm run screenshots` writes docs/pictures/*.jpg anew. With `--atlas FOLDER` (a
 * configuration, such as `siibra-api import` makes) and `--out FOLDER` it shows another atlas; its first region that is drawn is chosen.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { findChromium, launchChromium } from '../test/browser/chromium.ts'
import { type Running, startBuilt } from '../test/built/run.ts'

const ROOT = join(import.meta.dirname, '..')
const { values } = parseArgs({
  options: {
    atlas: { type: 'string', default: 'demo' },
    region: { type: 'string', default: 'Area B1 (Bow) left' },
    out: { type: 'string', default: join(ROOT, 'docs/pictures') },
  },
})

const DESKTOP: BrowserContextOptions = { viewport: { width: 1440, height: 900 } }
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 }
const REGION = `region=${encodeURIComponent(values.region)}`

/** What is drawn last of the view of a region: meshes, figures. */
const settled = (page: Page) => page.waitForTimeout(1500)

interface Shot {
  name: string
  path: string
  options: BrowserContextOptions
  /** What somebody does before the picture is taken. */
  act?: (page: Page) => Promise<unknown>
}

const SHOTS: Shot[] = [
  { name: 'page', path: '/', options: { ...DESKTOP, colorScheme: 'light' } },
  { name: 'page-region', path: `/?${REGION}`, options: { ...DESKTOP, colorScheme: 'dark' } },
  {
    name: 'page-feature',
    path: `/?${REGION}`,
    options: { ...DESKTOP, colorScheme: 'light' },
    act: async (page) => {
      await page.getByText(/^Receptor Density Fingerprint/).click()
      await page
        .getByRole('button', { name: /receptor/i })
        .first()
        .click()
      await page.locator('.plot svg').first().waitFor()
    },
  },
  {
    name: 'page-values',
    path: '/?pane=data',
    options: { ...DESKTOP, colorScheme: 'dark' },
    act: async (page) => {
      await page.getByRole('button', { name: 'Sizes of the regions as colours' }).click()
      await page.locator('.legend').waitFor()
    },
  },
  {
    name: 'page-how',
    path: '/?point=-20,44,-5&pane=point&sigma=20',
    options: { ...DESKTOP, colorScheme: 'light' },
    act: async (page) => {
      await page.getByRole('button', { name: 'How to get the regions of this point' }).click()
      await page.getByRole('tab', { name: 'siibra-python' }).click()
    },
  },
  { name: 'page-phone', path: `/?${REGION}`, options: { ...PHONE, colorScheme: 'dark' } },
]

async function take(browser: Browser, service: Running, { name, path, options, act }: Shot): Promise<void> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  await page.goto(service.base + path)
  await page.locator('canvas[data-ready=true]').waitFor()
  await page.waitForLoadState('networkidle')
  await act?.(page)
  await settled(page)
  await page.screenshot({ path: join(values.out, `${name}.jpg`), type: 'jpeg', quality: 80 })
  await context.close()
}

const chromium = findChromium()
if (!chromium) throw new Error('there is no chromium on the PATH')
mkdirSync(values.out, { recursive: true })
const service = await startBuilt(join(ROOT, 'dist/main.js'), {
  env: { SIIBRA_USE_CONFIGURATION: values.atlas, SIIBRA_API_OFFLINE: '1' },
})
const browser = await launchChromium(chromium)
try {
  for (const shot of SHOTS) {
    if (shot.name === 'page-feature' && values.atlas !== 'demo') continue
    await take(browser, service, shot)
    console.log(shot.name)
  }
} finally {
  await browser.close()
  await service.stop()
}
