/** A real browser for tests of pages and figures: Debian's chromium, driven by playwright-core. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'fast-png'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { startTestApp, type TestApp } from '../app.ts'
import { requireDebianPackage } from '../debian-package.ts'
import { findChromium, launchChromium } from './chromium.ts'

/** How long the browser may take to be found, installed and started. */
const BROWSER_TIMEOUT_MS = 300_000

/** Screenshots are kept here, to be looked at. */
const SCREENSHOTS = '.cache/screenshots'

/** The browser, installed where that is possible; else the reason why there is none. */
async function openBrowser(): Promise<{ browser: Browser } | { reason: string }> {
  const reason = await requireDebianPackage('chromium', () => findChromium() !== undefined)
  const executablePath = findChromium()
  if (executablePath === undefined) return { reason: reason ?? 'there is no chromium on the PATH' }
  try {
    return { browser: await launchChromium(executablePath) }
  } catch (thrown) {
    return { reason: `chromium does not start: ${(thrown as Error).message.split('\n')[0]}` }
  }
}

export interface BrowserSetup {
  app: TestApp
  baseUrl: string
  browser: Browser
}

/** Starts the service and a browser for the tests of a file, which are skipped with a reason where there is none. */
export function setUpBrowser(): BrowserSetup {
  const setup = {} as BrowserSetup
  let opened: Awaited<ReturnType<typeof openBrowser>>
  beforeAll(async () => {
    opened = await openBrowser()
    if ('browser' in opened) setup.browser = opened.browser
    setup.app = await startTestApp()
    setup.baseUrl = await setup.app.listen()
  }, BROWSER_TIMEOUT_MS)
  afterAll(async () => {
    await setup.browser?.close()
    await setup.app.close()
  })
  beforeEach(({ skip }) => {
    if ('reason' in opened) skip(opened.reason)
  })
  return setup
}

export interface Visit {
  page: Page
  /** Errors of the console, exceptions, failed requests, and requests that leave the service's own host. */
  problems: string[]
  screenshot(name: string): Promise<void>
  /** How many colours a part of the page has: a canvas that shows nothing has one or two. */
  coloursOf(part: Locator): Promise<number>
}

/** Opens a page of the service at `baseUrl`. Nothing else can be reached: requests to other hosts are problems. */
export async function visit(
  browser: Browser,
  baseUrl: string,
  path: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, ...options })
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => problems.push(`exception: ${error.message}`))
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText
    // what a page itself ends, since something else was chosen meanwhile, is none of its problems
    if (reason !== 'net::ERR_ABORTED') problems.push(`failed: ${request.url()} ${reason}`)
  })
  await page.route('**/*', (route) => {
    const url = route.request().url()
    if (url.startsWith(baseUrl) || url.startsWith('data:') || url.startsWith('blob:')) return route.continue()
    problems.push(`leaves the service: ${url}`)
    return route.abort()
  })
  await page.goto(baseUrl + path, { waitUntil: 'networkidle' })
  return {
    page,
    problems,
    async screenshot(name) {
      mkdirSync(SCREENSHOTS, { recursive: true })
      await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true })
    },
    async coloursOf(part) {
      const { data, channels } = decode(await part.screenshot())
      const colours = new Set<string>()
      for (let at = 0; at < data.length; at += channels * 7) colours.add(data.slice(at, at + 3).join())
      return colours.size
    },
  }
}
