/**
 * The page with the brain in a real browser (chromium with its software renderer), on the demo and on an atlas of 1 mm: `npm run bench:page`. Tells,
 * as the least of some visits, when something is painted, when the brain is drawn, how many bytes came before and in all, and how long a frame takes
 * while the planes move. The atlas of 1 mm is AAL with its template, as Debian's mricron-data has them; it is left out where they are not there.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { findChromium, launchChromium } from '../test/browser/chromium.ts'
import { runBuilt, startBuilt } from '../test/built/run.ts'

const { values } = parseArgs({ options: { visits: { type: 'string', default: '5' } } })
const VISITS = Number(values.visits)
const MAIN = join(import.meta.dirname, '../dist/main.js')
const MRICRON = '/usr/share/mricron/templates'
const VIEWPORT = { width: 1280, height: 800 }
const FRAMES = 15
const PATIENCE_MS = 120_000

interface Measured {
  paintMs: number
  brainMs: number
  /** Compressed, as they came: the page until the code of the viewer is asked for, and all until the brain. */
  pageKb: number
  allKb: number
  /** User and system time of all processes of the browser until the brain was there. */
  cpuSeconds: number
  planesFrameMs: number
  allFrameMs: number
}

async function visit(browser: Browser, base: string): Promise<Measured> {
  const cpuBefore = browserCpuSeconds()
  const context = await browser.newContext({ viewport: VIEWPORT })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', ({ message }) => problems.push(message))
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  page.on('request', (request) => {
    if (!request.url().startsWith(base) && !/^(data|blob):/.test(request.url())) problems.push(request.url())
  })
  await page.addInitScript(`
    new MutationObserver(() => {
      const canvas = document.querySelector('canvas[data-ready=true]')
      if (window.brainMs || !canvas) return
      window.brainMs = -1
      const gl = canvas.getContext('webgl2')
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4))
      window.brainMs = performance.now()
    }).observe(document, { subtree: true, childList: true, attributes: true })`)
  await page.goto(base)
  await page.waitForFunction(() => ((globalThis as { brainMs?: number }).brainMs ?? 0) > 0, undefined, {
    timeout: PATIENCE_MS,
  })
  const cpuSeconds = browserCpuSeconds() - cpuBefore
  const brainMs = await page.evaluate<number>('window.brainMs')
  const paintMs = await page.evaluate<number>("performance.getEntriesByName('first-contentful-paint')[0].startTime")
  const sizes = await page.evaluate<{ name: string; kb: number }[]>(
    "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map((one) => ({ name: one.name, kb: one.transferSize / 1e3 }))",
  )
  const isOfPage = (name: string) => name === `${base}/` || /\/page\/index-/.test(name)
  const allFrameMs = await frameMs(page)
  await page.getByRole('button', { name: 'Axial' }).click()
  const planesFrameMs = await frameMs(page)
  await context.close()
  if (problems.length > 0) throw new Error(`the page has problems: ${problems.join('; ')}`)
  const sum = (all: typeof sizes) => all.reduce((total, { kb }) => total + kb, 0)
  return {
    paintMs,
    brainMs,
    pageKb: sum(sizes.filter(({ name }) => isOfPage(name))),
    allKb: sum(sizes),
    cpuSeconds,
    planesFrameMs,
    allFrameMs,
  }
}

/** Of the processes that this one has started, those of chromium. */
function browserCpuSeconds(): number {
  const all = readdirSync('/proc').flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const isBrowser = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('chrom')
      return [{ pid, parent: fields[1], seconds: isBrowser ? (Number(fields[11]) + Number(fields[12])) / 100 : 0 }]
    } catch {
      // no process, or one that has just ended
      return []
    }
  })
  const own = new Set([String(process.pid)])
  for (let size = 0; size !== own.size; ) {
    size = own.size
    for (const { pid, parent } of all) if (parent && own.has(parent)) own.add(pid)
  }
  return all.reduce((sum, { pid, seconds }) => sum + (own.has(pid) ? seconds : 0), 0)
}

/** The wheel is turned once a frame; reading a pixel waits until the frame is drawn. */
function frameMs(page: Page): Promise<number> {
  return page.evaluate<number>(`(async () => {
    const canvas = document.querySelector('canvas')
    const gl = canvas.getContext('webgl2')
    const box = canvas.getBoundingClientRect()
    const place = { clientX: box.left + box.width / 4, clientY: box.top + box.height / 3, bubbles: true, cancelable: true }
    const start = performance.now()
    for (let frame = 0; frame < ${FRAMES}; frame++) {
      canvas.dispatchEvent(new WheelEvent('wheel', { ...place, deltaY: frame % 10 < 5 ? 1 : -1 }))
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4))
      await new Promise(requestAnimationFrame)
    }
    return (performance.now() - start) / ${FRAMES}
  })()`)
}

async function measure(name: string, browser: Browser, env: Record<string, string>) {
  const service = await startBuilt(MAIN, { env: { SIIBRA_API_OFFLINE: '1', ...env } })
  try {
    const visits: Measured[] = []
    for (let n = 0; n < VISITS; n++) visits.push(await visit(browser, service.base))
    const [first] = visits
    const least = (field: keyof Measured) => Math.min(...visits.map((one) => one[field]))
    const round = (value: number | undefined) => Math.round(value ?? 0)
    console.log(
      [
        name,
        `painted ${round(least('paintMs'))} ms`,
        `brain ${round(least('brainMs'))} ms (${round(first?.brainMs)} ms by the first visit of a fresh service), ${least('cpuSeconds').toFixed(1)} s of CPU in the browser`,
        `page ${round(least('pageKb'))} kB, all ${round(least('allKb'))} kB`,
        `a frame ${round(least('planesFrameMs'))} ms of one plane, ${round(least('allFrameMs'))} ms of three with 3D`,
      ].join('; '),
    )
  } finally {
    await service.stop()
  }
}

const chromium = findChromium()
if (!chromium) throw new Error('there is no chromium on the PATH')
const browser = await launchChromium(chromium)
const folder = mkdtempSync(join(tmpdir(), 'siibra-bench-page-'))
try {
  console.log(`load ${loadavg()[0]?.toFixed(1)}; the least of ${VISITS} visits, caches of the browser empty`)
  await measure('demo', browser, { SIIBRA_USE_CONFIGURATION: '' })
  if (existsSync(join(MRICRON, 'aal.nii.gz'))) {
    const source = join(folder, 'source')
    mkdirSync(source)
    for (const file of ['aal.nii.gz', 'aal.nii.lut', 'aal.nii.txt']) cpSync(join(MRICRON, file), join(source, file))
    const atlas = join(folder, 'atlas')
    const args = ['import', source, '--out', atlas, '--template', join(MRICRON, 'ch2.nii.gz'), '--yes']
    await runBuilt(MAIN, { args })
    await measure('AAL, 1 mm', browser, { SIIBRA_USE_CONFIGURATION: atlas })
  } else console.log(`AAL is left out: there is no ${MRICRON}/aal.nii.gz (Debian: mricron-data)`)
} finally {
  await browser.close()
  rmSync(folder, { recursive: true })
}
